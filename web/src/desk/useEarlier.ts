/** What was said before the messages that came with a conversation, page by page. */
import { useEffect, useRef, useState, type RefObject } from "react";
import { flushSync } from "react-dom";
import { get } from "../api/client";
import type { Message, Whole } from "../api/types";
import { takeEarlier } from "../live/store";

/** As many as the API gives at once: a long conversation is rarely read back, and then for long. */
const PAGE = 500;

interface Got {
  whole: Whole;
  next: string | null;
}

/** Fetches the page before; undefined when all is there. What is read stays where it is. */
export function useEarlier(whole: Whole, flow: RefObject<HTMLElement | null>): (() => Promise<void>) | undefined {
  const [got, setGot] = useState<Got>();
  const latest = useRef(whole);
  useEffect(() => {
    latest.current = whole;
  });
  // Fetched anew, the conversation has only its newest messages again.
  const next = got?.whole === whole ? got.next : whole.earlier;
  if (next === null) return undefined;
  return async () => {
    const { id } = whole.card;
    const page = await get<{ items: Message[]; next: string | null }>(`/conversations/${id}/messages?limit=${PAGE}&after=${encodeURIComponent(next)}`);
    if (latest.current !== whole) return;
    const box = flow.current;
    const below = box ? box.scrollHeight - box.scrollTop : 0;
    flushSync(() => {
      takeEarlier(id, page.items);
      setGot({ whole, next: page.next });
    });
    if (box) box.scrollTop = box.scrollHeight - below;
  };
}
