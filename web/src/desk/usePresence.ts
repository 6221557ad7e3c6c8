import { useEffect, useRef } from "react";
import { put } from "../api/client";
import { useDesk } from "../live/store";

const AGAIN = 25_000;

/** Tell colleagues that we look at this conversation, or write in it. */
export function usePresence(id: string, text: string): void {
  const { rules } = useDesk().me;
  const typing = text.trim() !== "" && rules.typing;
  const told = rules.presence || rules.typing;
  const last = useRef("");
  useEffect(() => {
    if (!told) return undefined;
    const say = (state: string): void => {
      last.current = state;
      void put(`/conversations/${id}/presence`, { state }).catch(() => undefined);
    };
    const state = typing ? "typing" : "viewing";
    if (state !== last.current) say(state);
    const timer = setInterval(() => say(state), AGAIN);
    return () => clearInterval(timer);
  }, [id, typing, told]);
  useEffect(
    () => () => {
      if (told) void put(`/conversations/${id}/presence`, { state: "gone" }).catch(() => undefined);
    },
    [id, told],
  );
}
