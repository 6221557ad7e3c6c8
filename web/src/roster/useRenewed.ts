/** What others change shows by itself: queries are renewed when such things happen. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { onEvent } from "../live/store";

const SOON = 300;

/** Renew the queries of this key soon after an event whose kind begins with one of `kinds`. */
export function useRenewed(key: string, kinds: readonly string[]): void {
  const client = useQueryClient();
  const all = kinds.join(" ");
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const off = onEvent((event) => {
      if (!all.split(" ").some((kind) => event.kind.startsWith(kind))) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        void client.invalidateQueries({ queryKey: [key] });
      }, SOON);
    });
    return () => {
      off();
      clearTimeout(timer);
    };
  }, [client, key, all]);
}
