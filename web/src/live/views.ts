/** Which cards a view shows, and in which order: the same rules as the server's. */
import type { Card, Filter, Me, Team } from "../api/types";

export const STANDING: Record<string, Filter> = {
  next: { status: "open", order: "time_left" },
  mine: { assignee: "me", status: "unresolved" },
  team: { team: "mine", status: "unresolved" },
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

/** Whose eyes a list is for: an agent, and the teams she belongs to. */
export interface Eyes {
  id: string;
  teams: string[];
}

export function eyesOf({ me, teams }: { me: Me; teams: Team[] }): Eyes {
  const { id } = me.agent;
  return { id, teams: teams.filter((team) => team.agent_ids.includes(id)).map((team) => team.id) };
}

function fitsTeam(card: Card, team: string, mine: string[]): boolean {
  return card.team_id !== null && (team === "mine" ? mine.includes(card.team_id) : card.team_id === team);
}

export function fits(card: Card, filter: Filter, me: Eyes): boolean {
  if (filter.status === "unresolved" ? card.status === "resolved" : filter.status && card.status !== filter.status)
    return false;
  if (filter.trouble && !card.trouble) return false;
  if (filter.assignee && !fitsAssignee(card, filter.assignee, me.id)) return false;
  if (filter.team && !fitsTeam(card, filter.team, me.teams)) return false;
  if (filter.inbox && card.inbox_id !== filter.inbox) return false;
  if (filter.tag && !card.tags.includes(filter.tag)) return false;
  if (filter.network && card.network !== filter.network) return false;
  return !filter.severity || card.severity === filter.severity;
}

const NEVER = "9999";

/** Instants and ids are plain ASCII: their code units are their order, and a tenth of the work. */
function before(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function byTimeLeft(a: Card, b: Card): number {
  return (
    Number(a.severity !== 1) - Number(b.severity !== 1) ||
    before(a.clock?.due_at ?? NEVER, b.clock?.due_at ?? NEVER) ||
    a.severity - b.severity ||
    before(a.id, b.id)
  );
}

export function newest(a: Card, b: Card): number {
  return before(b.last_message_at, a.last_message_at) || before(b.id, a.id);
}

/** Pages come in the list's own order, and sorting what is in order already costs next to nothing. */
export function listed(cards: ReadonlyMap<string, Card>, filter: Filter, me: Eyes): Card[] {
  const order = filter.order === "time_left" ? byTimeLeft : newest;
  return [...cards.values()].filter((card) => fits(card, filter, me)).sort(order);
}
