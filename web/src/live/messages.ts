/** Messages of the conversations that were opened: each stands in one, in order. */
import type { Message } from "../api/types";
import type { Desk } from "./desk";

export function withMessages(desk: Desk, id: string, messages: Message[]): Desk {
  return { ...desk, messages: { ...desk.messages, [id]: sorted(messages) } };
}

function sorted(messages: Message[]): Message[] {
  return [...messages].sort(
    (a, b) => a.published_at.localeCompare(b.published_at) || a.id.localeCompare(b.id),
  );
}

export function mergeMessages(desk: Desk, changed: Message[]): Desk["messages"] {
  const next = { ...desk.messages };
  for (const message of changed) {
    // A merge may have moved it: it stands in one conversation only.
    for (const [id, list] of Object.entries(next)) {
      if (id !== message.conversation_id && list.some((known) => known.id === message.id)) {
        next[id] = list.filter((known) => known.id !== message.id);
      }
    }
    const list = next[message.conversation_id];
    if (!list) continue;
    const others = list.filter((known) => known.id !== message.id);
    next[message.conversation_id] = sorted([...others, message]);
  }
  return next;
}
