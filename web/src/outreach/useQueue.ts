/** The queue page by page; it changes by what this agent and the others do. */
import { useEffect, useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { onEvent } from "../live/store";
import { usePages } from "../settings/useThings";
import type { Candidate } from "./types";

const QUEUE = "/outreach";
const CHANGES = ["outreach.queued", "outreach.contacted", "outreach.changed", "mention.dismissed", "mention.restored", "mention.taken_in"];
/** However much is found, it is asked for once in so many milliseconds. */
const AT_MOST_EVERY = 1_500;

export function useQueue() {
  const client = useQueryClient();
  const pages = usePages<Candidate>(QUEUE);
  /** What this agent has settled goes at once, whatever an answer on its way still says. */
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const off = onEvent(({ kind }) => {
      if (!CHANGES.includes(kind)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: [QUEUE] });
      }, AT_MOST_EVERY);
    });
    return () => {
      off();
      clearTimeout(timer);
    };
  }, [client]);
  return {
    ...pages,
    items: pages.items.filter((one) => !gone.has(one.mention_id)),
    leave: (id: string): void => setGone((now) => new Set(now).add(id)),
    stay: (id: string): void => setGone((now) => new Set([...now].filter((one) => one !== id))),
  };
}

export type Queue = ReturnType<typeof useQueue>;
