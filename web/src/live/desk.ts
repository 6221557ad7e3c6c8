/** What the screen knows of the desk, and how it starts. */
import type { Agent, Card, Channel, Counts, Inbox, Macro, Me, Message, Presence, SavedView, Snapshot, Tag, Team } from "../api/types";

export interface Desk {
  cursor: number;
  me: Me;
  agents: Agent[];
  teams: Team[];
  inboxes: Inbox[];
  channels: Channel[];
  tags: Tag[];
  macros: Macro[];
  views: SavedView[];
  counts: Counts;
  /** Whoever scrolled far has tens of thousands: a Map is copied in a tenth of an object's time. */
  cards: ReadonlyMap<string, Card>;
  /** Messages of the conversations that were opened, oldest first. */
  messages: Record<string, Message[]>;
  presence: Record<string, Presence>;
  drafts: Record<string, boolean>;
  /** Avatars that came while we looked, by contact. */
  avatars: Record<string, string>;
  /** What networks are called, by their names. */
  networks: Record<string, string>;
  /** Networks whose handles stand without an @: addresses and names. */
  bare: string[];
}

export function fromSnapshot(snapshot: Snapshot, before: Desk | null): Desk {
  const { page, presence, drafts, ...rest } = snapshot;
  return {
    ...rest,
    cards: new Map(page.items.map((card) => [card.id, card])),
    // Open conversations are fetched again by who shows them; until then the old ones stand.
    messages: before?.messages ?? {},
    avatars: before?.avatars ?? {},
    presence: Object.fromEntries(presence.map((said) => [keyOf(said), said])),
    drafts: Object.fromEntries(drafts.map((draft) => [draft.conversation_id, true])),
  };
}

export function keyOf(said: Presence): string {
  return `${said.conversation_id}/${said.agent_id}`;
}
