/** Which cards a view shows, and in which order: the same rules as the server's. */
import type { Card, Filter } from "../api/types";

export const STANDING: Record<string, Filter> = {
  next: { status: "open", order: "time_left" },
  mine: { assignee: "me", status: "unresolved" },
  with_customer: { status: "pending" },
  snoozed: { status: "snoozed" },
  resolved: { status: "resolved" },
  held: { trouble: true },
  all: {},
};

function fitsAssignee(card: Card, assignee: string, me: string): boolean {
  if (assignee === "nobody") return card.assignee_id === null;
  return card.assignee_id === (assignee === "me" ? me : assignee);
}

export function fits(card: Card, filter: Filter, me: string): boolean {
  if (filter.status === "unresolved" ? card.status === "resolved" : filter.status && card.status !== filter.status)
    return false;
  if (filter.trouble && !card.trouble) return false;
  if (filter.assignee && !fitsAssignee(card, filter.assignee, me)) return false;
  if (filter.inbox && card.inbox_id !== filter.inbox) return false;
  if (filter.tag && !card.tags.includes(filter.tag)) return false;
  if (filter.network && card.network !== filter.network) return false;
  return !filter.severity || card.severity === filter.severity;
}

const NEVER = "9999";

export function byTimeLeft(a: Card, b: Card): number {
  return (
    Number(a.severity !== 1) - Number(b.severity !== 1) ||
    (a.clock?.due_at ?? NEVER).localeCompare(b.clock?.due_at ?? NEVER) ||
    a.severity - b.severity ||
    a.id.localeCompare(b.id)
  );
}

export function newest(a: Card, b: Card): number {
  return b.last_message_at.localeCompare(a.last_message_at) || b.id.localeCompare(a.id);
}

export function listed(cards: Record<string, Card>, filter: Filter, me: string): Card[] {
  const order = filter.order === "time_left" ? byTimeLeft : newest;
  return Object.values(cards)
    .filter((card) => fits(card, filter, me))
    .sort(order);
}
