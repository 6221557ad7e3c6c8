import { useEffect, useState } from "react";
import { words } from "../api/client";
import type { Card, Message, Whole } from "../api/types";
import { loadWhole, onEvent, useDesk, useStore } from "../live/store";

interface Opened {
  card: Card | undefined;
  messages: Message[];
  whole: Whole | null;
  failed: string;
}

/** One conversation whole; fetched when opened and after each reconnection, live in between. */
export function useConversation(id: string | null): Opened {
  const desk = useDesk();
  const live = useStore((state) => state.connection === "live");
  const [whole, setWhole] = useState<Whole | null>(null);
  const [failed, setFailed] = useState("");
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
    const again = onEvent((event) => {
      const moved = event.kind.startsWith("move.") || event.kind === "conversation.linked";
      if (!moved || event.conversation_id !== id) return;
      loadWhole(id).then((loaded) => !gone && setWhole(loaded), () => undefined);
    });
    return () => {
      gone = true;
      again();
    };
  }, [id, live]);
  if (!id) return { card: undefined, messages: [], whole: null, failed: "" };
  const fresh = whole?.card.id === id ? whole : null;
  return { card: desk.cards[id], messages: desk.messages[id] ?? [], whole: fresh, failed };
}
