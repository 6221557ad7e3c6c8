/** The short lists of the desk: what joins them, changes in them, leaves them. */
import type { Channel, Inbox } from "../api/types";
import type { Desk } from "./desk";

export function upsert<T>(list: T[], item: T | undefined, id: (item: T) => string): T[] {
  if (item === undefined) return list;
  const at = list.findIndex((known) => id(known) === id(item));
  return at < 0 ? [...list, item] : list.map((known, index) => (index === at ? item : known));
}

/** A channel stands in the inbox it says, unless it is off. */
export function withChannel(inboxes: Inbox[], { id, inbox_id: home, state }: Channel): Inbox[] {
  return inboxes.map((inbox) => {
    const stands = inbox.channel_ids.includes(id);
    const belongs = inbox.id === home && state !== "off";
    if (stands === belongs) return inbox;
    const others = inbox.channel_ids.filter((one) => one !== id);
    return { ...inbox, channel_ids: belongs ? [...others, id] : others };
  });
}

export function withoutOne(desk: Desk, kind: string, removed: string): Desk {
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
