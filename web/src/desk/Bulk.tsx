/** Acts on many at once. What is refused stays selected, since something else is to be done with it. */
import { useState } from "react";
import { words } from "../api/client";
import { AnswerEach } from "../folds/AnswerEach";
import { answerable } from "../folds/each";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Do } from "../ui/Do";
import { Picker, type Choice } from "../ui/Picker";
import { toast } from "../ui/toast";
import { bulk } from "./acts";

type Asked = "assign" | "tag" | "severity" | null;

function useChoices(asked: Asked, typed: string, run: (change: Record<string, unknown>) => Promise<void>): Choice[] {
  const { agents, me, tags } = useDesk();
  if (asked === "severity")
    return ([1, 2, 3, 4, 5] as const).map((n) => ({ id: String(n), label: t(`severity.${n}`), work: () => run({ act: "severity", severity: n }) }));
  if (asked === "assign") {
    const others = agents.filter((agent) => !agent.disabled && agent.role !== "viewer" && agent.id !== me.agent.id);
    return [
      { id: "me", label: t("assign.me"), work: () => run({ act: "assign", agent_id: me.agent.id }) },
      ...others.map((agent) => ({ id: agent.id, label: agent.name, hint: t(`role.${agent.role}`), work: () => run({ act: "assign", agent_id: agent.id }) })),
      { id: "nobody", label: t("assign.nobody"), work: () => run({ act: "assign", agent_id: null }) },
    ];
  }
  const name = typed.trim();
  const known = tags.map((tag) => ({ id: tag.name, label: tag.name, work: () => run({ act: "tag", tag: tag.name }) }));
  const fresh = name && !tags.some((tag) => tag.name === name);
  return fresh ? [...known, { id: "new", label: t("tag.new", { name }), work: () => run({ act: "tag", tag: name }) }] : known;
}

export function BulkBar({ picked, onLeave }: { picked: Set<string>; onLeave: (ids: string[]) => void }) {
  const [asked, setAsked] = useState<Asked>(null);
  const [typed, setTyped] = useState("");
  const run = async (change: Record<string, unknown>): Promise<void> => onLeave(await bulk([...picked], change));
  const now = (change: Record<string, unknown>) => run(change).catch((error: unknown) => toast(words(error), { bad: true }));
  const choices = useChoices(asked, typed, run);
  const { cards, me } = useDesk();
  const [answering, setAnswering] = useState(false);
  if (!picked.size) return null;
  const each = me.agent.role !== "viewer" && answerable([...picked].flatMap((id) => cards.get(id) ?? []), me.agent).length > 0;
  const selected = t("bulk.selected", { n: picked.size });
  const title = asked === "severity" ? t("severity.title") : asked === "tag" ? t("bulk.tag") : t("assign.title");
  return (
    <div className="bulk" role="toolbar" aria-label={selected}>
      <b className="num">{selected}</b>
      {each ? <button className="btn" onClick={() => setAnswering(true)}>{t("each.act")}</button> : null}
      <button className="btn" onClick={() => setAsked("assign")}>{t("act.assign")}</button>
      <button className="btn" onClick={() => setAsked("tag")}>{t("act.tag")}</button>
      <button className="btn" onClick={() => setAsked("severity")}>{t("act.severity")}</button>
      <Do act={() => now({ act: "snooze", until: new Date(Date.now() + 3_600_000).toISOString() })}>{t("bulk.snooze")}</Do>
      <Do act={() => now({ act: "resolve", disposition: "solved" })}>{t("act.resolve")}</Do>
      <button className="btn" onClick={() => onLeave([])}>{t("bulk.clear")}</button>
      {asked ? <Picker title={title} choices={choices} onType={setTyped} onClose={() => setAsked(null)} /> : null}
      {answering ? <AnswerEach picked={picked} onLeave={onLeave} onClose={() => setAnswering(false)} /> : null}
    </div>
  );
}
