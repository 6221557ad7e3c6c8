/** How many mentions nobody has looked at: counted by the desk, again after what changes it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { get } from "../api/client";
import { onEvent, useStore } from "../live/store";
import type { Waiting } from "./types";

const COUNT = "/mentions/count";
/** However much is found, it is counted once in so many milliseconds. */
const AT_MOST_EVERY = 3_000;
const CHANGES = /^mention\.|^outreach\.queued$/;

/** Nothing where it isn't shown, or not known yet. */
export function useWaiting(shown: boolean): Waiting | undefined {
  const client = useQueryClient();
  const live = useStore((now) => now.connection === "live");
  const { data } = useQuery({ queryKey: [COUNT], queryFn: () => get<Waiting>(COUNT), staleTime: Infinity, enabled: shown });
  const was = useRef(live);
  useEffect(() => {
    // What was found while the desk was out of reach is told by no event.
    if (live && !was.current) void client.invalidateQueries({ queryKey: [COUNT] });
    was.current = live;
  }, [live, client]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const off = onEvent(({ kind }) => {
      if (!CHANGES.test(kind)) return;
      // More of what is uncounted already changes nothing.
      if (kind === "mention.found" && client.getQueryData<Waiting>([COUNT])?.more) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: [COUNT] });
      }, AT_MOST_EVERY);
    });
    return () => {
      off();
      clearTimeout(timer);
    };
  }, [client]);
  return data;
}
