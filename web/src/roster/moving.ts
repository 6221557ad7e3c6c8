/** A duty goes to another day or colleague: where to, by key; and how it is told to the desk. */
import type { Agent } from "../api/types";
import type { Duty } from "./types";
import { dayOf, daysBetween, plus } from "./week";

export interface Place {
  agent_id: string;
  /** The day on which it begins here, which may be another one in the shift's own zone. */
  day: string;
}

export const placeOf = (duty: Duty): Place => ({ agent_id: duty.agent_id, day: dayOf(new Date(duty.starts_at)) });

/** Where Alt and an arrow lead; null where there is no such place. */
export function nextPlace(duty: Duty, key: string, agents: Agent[]): Place | null {
  const { agent_id, day } = placeOf(duty);
  const row = agents.findIndex((agent) => agent.id === agent_id);
  const rows = { ArrowUp: -1, ArrowDown: 1 }[key];
  const days = { ArrowLeft: -1, ArrowRight: 1 }[key];
  if (days) return { agent_id, day: plus(day, days) };
  const agent = rows && row >= 0 ? agents[row + rows] : undefined;
  return agent ? { agent_id: agent.id, day } : null;
}

/** The body of `PUT /shifts/{id}/day`: days are those of the shift's zone, so the move is relative. */
export function moveBody(duty: Duty, to: Place): { day: string; agent_id: string; to: string } {
  return { day: duty.day, agent_id: to.agent_id, to: plus(duty.day, daysBetween(placeOf(duty).day, to.day)) };
}
