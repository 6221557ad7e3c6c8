import { useEffect, type RefObject } from "react";
import { get } from "../api/client";
import type { Draft, Whole } from "../api/types";
import { onEvent, useDesk } from "../live/store";

/** What was taken back comes back, unless something new was begun meanwhile. */
export function useUndone(id: string, area: RefObject<HTMLTextAreaElement | null>, change: (draft: Draft) => void): void {
  const { me } = useDesk();
  useEffect(
    () =>
      onEvent((event) => {
        const message = event.data.messages?.[0];
        const mine = event.kind === "delivery.undone" && event.conversation_id === id && message?.author.id === me.agent.id;
        if (!mine || area.current?.value) return;
        void get<Whole>(`/conversations/${id}`).then(
          (whole) => whole.draft && !area.current?.value && change(whole.draft),
          () => undefined,
        );
      }),
    [id, area, change, me.agent.id],
  );
}
