/** The one reducer: a snapshot and the events after its cursor give what the server would answer. */
import type {
  Agent,
  Card,
  Channel,
  Counts,
  DeskEvent,
  Inbox,
  Macro,
  Me,
  Message,
  Presence,
  SavedView,
  Snapshot,
  Tag,
  Team,
} from "../api/types";

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
  cards: Record<string, Card>;
  /** Messages of the conversations that were opened, oldest first. */
  messages: Record<string, Message[]>;
  presence: Record<string, Presence>;
  drafts: Record<string, boolean>;
  /** Avatars that came while we looked, by contact. */
  avatars: Record<string, string>;
}

export function fromSnapshot(snapshot: Snapshot, before: Desk | null): Desk {
  const { page, presence, drafts, ...rest } = snapshot;
  return {
    ...rest,
    cards: Object.fromEntries(page.items.map((card) => [card.id, card])),
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

export function withCards(desk: Desk, cards: Card[]): Desk {
  const next = { ...desk.cards };
  for (const card of cards) {
    const known = next[card.id];
    if (!known || known.version <= card.version) next[card.id] = card;
  }
  return { ...desk, cards: next };
}

export function withMessages(desk: Desk, id: string, messages: Message[]): Desk {
  return { ...desk, messages: { ...desk.messages, [id]: sorted(messages) } };
}

function sorted(messages: Message[]): Message[] {
  return [...messages].sort(
    (a, b) => a.published_at.localeCompare(b.published_at) || a.id.localeCompare(b.id),
  );
}

function mergeMessages(desk: Desk, changed: Message[]): Desk["messages"] {
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

function upsert<T>(list: T[], item: T | undefined, id: (item: T) => string): T[] {
  if (item === undefined) return list;
  const at = list.findIndex((known) => id(known) === id(item));
  return at < 0 ? [...list, item] : list.map((known, index) => (index === at ? item : known));
}

/** A channel stands in the inbox it says, unless it is off. */
function withChannel(inboxes: Inbox[], { id, inbox_id: home, state }: Channel): Inbox[] {
  return inboxes.map((inbox) => {
    const stands = inbox.channel_ids.includes(id);
    const belongs = inbox.id === home && state !== "off";
    if (stands === belongs) return inbox;
    const others = inbox.channel_ids.filter((one) => one !== id);
    return { ...inbox, channel_ids: belongs ? [...others, id] : others };
  });
}

export function apply(desk: Desk, event: DeskEvent): Desk {
  if (event.seq <= desk.cursor) return desk;
  const { data, kind } = event;
  let next: Desk = { ...desk, cursor: event.seq };
  if (data.card) next = withCards(next, [data.card]);
  if (data.messages) next.messages = mergeMessages(next, data.messages);
  if (kind.startsWith("channel.") && data.channel) {
    const channels = upsert(next.channels, data.channel, (channel) => channel.id);
    next.channels = channels.filter((channel) => channel.state !== "off");
    next.inboxes = withChannel(next.inboxes, data.channel);
  }
  if (data.contact?.avatar) next.avatars = { ...next.avatars, [data.contact.id]: data.contact.avatar };
  if (data.workspace) next.me = { ...next.me, workspace: { ...next.me.workspace, name: data.workspace.name } };
  next.agents = upsert(next.agents, data.agent, (agent) => agent.id);
  next.teams = upsert(next.teams, data.team, (team) => team.id);
  next.inboxes = upsert(next.inboxes, data.inbox, (inbox) => inbox.id);
  next.tags = upsert(next.tags, data.tag, (tag) => tag.name);
  next.macros = upsert(next.macros, data.macro, (macro) => macro.id);
  next.views = upsert(next.views, data.view, (view) => view.id);
  return data.removed === undefined ? next : withoutOne(next, kind, data.removed);
}

function withoutOne(desk: Desk, kind: string, removed: string): Desk {
  switch (kind) {
    case "inbox.removed":
      return { ...desk, inboxes: desk.inboxes.filter((inbox) => inbox.id !== removed) };
    case "team.removed":
      return { ...desk, teams: desk.teams.filter((team) => team.id !== removed) };
    case "tag.removed":
      return { ...desk, tags: desk.tags.filter((tag) => tag.name !== removed) };
    case "macro.removed":
      return { ...desk, macros: desk.macros.filter((macro) => macro.id !== removed) };
    case "view.removed":
      return { ...desk, views: desk.views.filter((view) => view.id !== removed) };
    default:
      return desk;
  }
}

export function applyPresence(desk: Desk, said: Presence[]): Desk {
  const presence = { ...desk.presence };
  for (const one of said) {
    if (one.state === "gone") delete presence[keyOf(one)];
    else presence[keyOf(one)] = one;
  }
  return { ...desk, presence };
}
