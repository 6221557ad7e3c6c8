/** The one reducer: a snapshot and the events after its cursor give what the server would answer. */
import type { Card, DeskEvent, Presence } from "../api/types";
import { keyOf, type Desk } from "./desk";
import { upsert, withChannel, withoutOne } from "./lists";
import { mergeMessages } from "./messages";

/** `own` is a copy of the desk's cards that nobody else has yet: a copy of many takes its time. */
export function withCards(desk: Desk, cards: Card[], own?: Map<string, Card>): Desk {
  const next = own ?? new Map(desk.cards);
  for (const card of cards) {
    const known = next.get(card.id);
    if (!known || known.version <= card.version) next.set(card.id, card);
  }
  return { ...desk, cards: next };
}

/** Events that came together: the cards are copied once for all of them. */
export function applyAll(desk: Desk, events: DeskEvent[]): Desk {
  const own = events.some(({ data, seq }) => data.card && seq > desk.cursor) ? new Map(desk.cards) : undefined;
  return events.reduce((now, event) => apply(now, event, own), desk);
}

export function apply(desk: Desk, event: DeskEvent, own?: Map<string, Card>): Desk {
  if (event.seq <= desk.cursor) return desk;
  const { data, kind } = event;
  let next: Desk = { ...desk, cursor: event.seq };
  if (data.card) next = withCards(next, [data.card], own);
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

export function applyPresence(desk: Desk, said: Presence[]): Desk {
  const presence = { ...desk.presence };
  for (const one of said) {
    if (one.state === "gone") delete presence[keyOf(one)];
    else presence[keyOf(one)] = one;
  }
  return { ...desk, presence };
}
