import { useCallback, useEffect, useRef, useState } from "react";
import { words } from "../api/client";
import type { Card, DeskEvent, Message, Whole } from "../api/types";
import { loadWhole, onEvent, useDesk, useStore } from "../live/store";

interface Opened {
  card: Card | undefined;
  messages: Message[];
  whole: Whole | null;
  failed: string;
  /** Fetch it again, after something that no event tells this screen of. */
  again: () => void;
}

/** Whether an event changes what stands beside the conversation, which no event carries. */
function changesBeside(event: DeskEvent, id: string, whole: Whole | null): boolean {
  const { kind, data } = event;
  if (kind.startsWith("move.") || kind.startsWith("link.") || kind === "conversation.linked" || kind === "contact.preferred") {
    if (event.conversation_id === id) return true;
  }
  const theirs = new Set([whole?.contact.id, ...(whole?.contact.handles.map((one) => one.contact_id) ?? [])]);
  return data.link !== undefined && (theirs.has(data.link.one_id) || theirs.has(data.link.other_id));
}

/** One conversation whole; fetched when opened and after each reconnection, live in between. */
export function useConversation(id: string | null): Opened {
  const desk = useDesk();
  const live = useStore((state) => state.connection === "live");
  const [whole, setWhole] = useState<Whole | null>(null);
  const [failed, setFailed] = useState("");
  const [turn, setTurn] = useState(0);
  const again = useCallback(() => setTurn((now) => now + 1), []);
  const latest = useRef(whole);
  useEffect(() => {
    latest.current = whole;
  });
  useEffect(() => {
    let gone = false;
    setFailed("");
    if (!id) return;
    loadWhole(id).then(
      (loaded) => {
        if (!gone) setWhole(loaded);
      },
      (error: unknown) => {
        if (!gone) setFailed(words(error));
      },
    );
    const leave = onEvent((event) => {
      if (!changesBeside(event, id, latest.current)) return;
      loadWhole(id).then((loaded) => !gone && setWhole(loaded), () => undefined);
    });
    return () => {
      gone = true;
      leave();
    };
  }, [id, live, turn]);
  if (!id) return { card: undefined, messages: [], whole: null, failed: "", again };
  const fresh = whole?.card.id === id ? whole : null;
  return { card: desk.cards.get(id), messages: desk.messages[id] ?? [], whole: fresh, failed, again };
}
