/** What an agent does to a conversation: at once on screen, undone when the desk refuses. */
import { call, del, post, put, words } from "../api/client";
import type { Card, Message, Team } from "../api/types";
import { t } from "../i18n/t";
import { current, patchCard, putBack, takeCards } from "../live/store";
import { toast } from "../ui/toast";

interface Undo {
  /** What was done, in words. */
  said: string;
  run: (before: Card) => Promise<void>;
}

/** Raises what the desk refused; the dialog it was asked in says it. */
async function act(id: string, change: Partial<Card>, run: () => Promise<Card>, undo?: Undo): Promise<void> {
  const before = patchCard(id, change);
  try {
    takeCards([await run()]);
  } catch (error) {
    if (before) putBack(before);
    throw error;
  }
  if (!undo || !before) return;
  const back = (): void => void undo.run(before).catch((error: unknown) => toast(words(error), { bad: true }));
  toast(undo.said, { act: { label: t("act.undo"), run: back } });
}

const of = (id: string): string => `/conversations/${id}`;

const giveTo = (id: string, agent: string | null, undo?: Undo): Promise<void> =>
  act(id, { assignee_id: agent }, () => put<Card>(`${of(id)}/assignee`, { agent_id: agent }), undo);

export function assign(id: string, agent: string | null): Promise<void> {
  const name = current()?.agents.find((one) => one.id === agent)?.name;
  const said = name ? t("done.assigned", { name }) : t("done.freed");
  return giveTo(id, agent, { said, run: (before) => giveTo(id, before.assignee_id) });
}

export const handOver = (card: Card, team: Team | null): Promise<void> => {
  const keeps = team === null || (card.assignee_id !== null && team.agent_ids.includes(card.assignee_id));
  const change = { team_id: team?.id ?? null, assignee_id: keeps ? card.assignee_id : null };
  return act(card.id, change, () => put<Card>(`${of(card.id)}/team`, { team_id: change.team_id }));
};

const rank = (id: string, severity: number, reason: string, undo?: Undo): Promise<void> =>
  act(id, { severity }, () => put<Card>(`${of(id)}/severity`, { severity, reason }), undo);

export const setSeverity = (id: string, severity: number): Promise<void> =>
  rank(id, severity, "", { said: t("done.severity", { n: severity }), run: (before) => rank(id, before.severity, before.severity_reason) });

export const setSummary = (id: string, summary: string): Promise<void> =>
  act(id, { summary }, () => put<Card>(`${of(id)}/summary`, { text: summary }));

export const snooze = (id: string, until: string | null): Promise<void> =>
  act(
    id,
    { status: "snoozed", snoozed_until: until },
    () => put<Card>(`${of(id)}/snooze`, { until, on_reply: true }),
    { said: t("nav.snoozed"), run: () => wake(id) },
  );

export const wake = (id: string): Promise<void> =>
  act(id, { status: "open", snoozed_until: null }, () => del<Card>(`${of(id)}/snooze`));

/** `unanswered`: how many were seen to wait; a reason for those is none for what came since. */
export const resolve = (id: string, disposition: string, reason: string, unanswered: number): Promise<void> =>
  act(
    id,
    { status: "resolved", disposition },
    () => put<Card>(`${of(id)}/resolution`, { disposition, reason, unanswered }),
    { said: t("nav.resolved"), run: () => reopen(id) },
  );

export const reopen = (id: string): Promise<void> =>
  act(id, { status: "open", disposition: null }, () => del<Card>(`${of(id)}/resolution`));

export const wait = (id: string): Promise<void> =>
  act(id, { status: "pending" }, () => put<Card>(`${of(id)}/pending`));

export const merge = (id: string, into: string): Promise<void> =>
  act(id, {}, () => post<Card>(`${of(id)}/merge`, { into }));

function tag(id: string, name: string, on: boolean, undo?: Undo): Promise<void> {
  const path = `${of(id)}/tags/${encodeURIComponent(name)}`;
  const tags = (current()?.cards.get(id)?.tags ?? []).filter((one) => one !== name);
  return act(id, { tags: on ? [...tags, name] : tags }, () => call<Card>(on ? "PUT" : "DELETE", path), undo);
}

export function toggleTag({ id, tags }: Card, name: string): Promise<void> {
  const on = !tags.includes(name);
  const said = t(on ? "done.tagged" : "done.untagged", { name });
  return tag(id, name, on, { said, run: () => tag(id, name, !on) });
}

/** Deliveries. The event brings the new state; only refusals are said here. */
export async function delivery(method: "DELETE" | "POST", path: string, body?: unknown): Promise<Message | null> {
  try {
    return await call<Message>(method, `/deliveries/${path}`, body);
  } catch (error) {
    toast(words(error), { bad: true });
    return null;
  }
}

interface Done {
  done: string[];
  refused: { id: string; why: string }[];
}

/** Many at once. Gives the ids of those that were refused. */
export async function bulk(ids: string[], change: Record<string, unknown>): Promise<string[]> {
  const result = await post<Done>("/bulk", { ids, ...change });
  toast(t("bulk.done", { n: result.done.length }));
  const whys = [...new Set(result.refused.map((one) => one.why))];
  if (whys.length) toast(t("bulk.refused", { n: result.refused.length, why: whys.join(" ") }), { bad: true }, 12000);
  return result.refused.map((one) => one.id);
}
