/** Which conversations must be solved by when. Rows read it each second as they tick. */
import { useEffect } from "react";
import { get } from "../api/client";
import type { Card } from "../api/types";
import { onEvent } from "../live/store";

export interface Resolving {
  start: number;
  due: number;
}

interface Told {
  conversation_id: string;
  started_at: string;
  due_at: string;
}

const SOON = 2_000;
const AGAIN = 60_000;
let known = new Map<string, Resolving>();

export function learnResolving(told: Told[]): void {
  known = new Map(told.map((one) => [one.conversation_id, { start: Date.parse(one.started_at), due: Date.parse(one.due_at) }]));
}

export function resolvingOf(card: Card): Resolving | undefined {
  return card.status === "resolved" ? undefined : known.get(card.id);
}

/** Where no policy promises a resolution, nothing is asked again but once in a while. */
export function useResolving(): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = (): void => {
      timer = undefined;
      void get<Told[]>("/resolutions").then(learnResolving, () => undefined);
    };
    load();
    const off = onEvent((event) => {
      if (event.kind.startsWith("policy.") || (known.size && event.kind.startsWith("conversation."))) timer ??= setTimeout(load, SOON);
    });
    const again = setInterval(load, AGAIN);
    return () => {
      off();
      clearTimeout(timer);
      clearInterval(again);
    };
  }, []);
}
