/** A ladder, step by step: whom to page, and how long to wait for an answer. */
import { useState, type FormEvent } from "react";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { useUnsaved } from "../settings/unsaved";
import { Failed } from "../ui/Failed";
import { words as wordsOf } from "../api/client";

export interface Who {
  kind: "agent" | "team" | "on_call" | "on_shift" | "leads" | "owners";
  id: string | null;
}

export interface Step {
  who: Who[];
  wait_for: number;
}

export interface Ladder {
  id: string;
  name: string;
  steps: Step[];
  rounds: number;
}

const ROLES = ["on_call", "on_shift", "leads", "owners"] as const;
const keyOf = (who: Who): string => `${who.kind}:${who.id ?? ""}`;

interface Named {
  who: Who;
  words: string;
}

/** Whom a step pages, in words. */
export function useWhom(): { all: Named[]; said: (who: Who) => string } {
  const { agents, teams } = useDesk();
  const one = (kind: Who["kind"], id: string | null, words: string): Named => ({ who: { kind, id }, words });
  const all = [
    ...ROLES.map((kind) => one(kind, null, t(`ladder.${kind}`))),
    ...agents.filter((agent) => !agent.disabled && agent.role !== "viewer").map((agent) => one("agent", agent.id, agent.name)),
    ...teams.map((team) => one("team", team.id, t("pager.team", { name: team.name }))),
  ];
  return { all, said: (who) => all.find((one) => keyOf(one.who) === keyOf(who))?.words ?? t("ladder.gone") };
}

function StepEditor({ number, step, onChange, onRemove }: { number: number; step: Step; onChange: (step: Step) => void; onRemove?: (() => void) | undefined }) {
  const { all, said } = useWhom();
  const rest = all.filter((one) => !step.who.some((who) => keyOf(who) === keyOf(one.who)));
  const add = (key: string): void => {
    const found = all.find((one) => keyOf(one.who) === key);
    if (found) onChange({ ...step, who: [...step.who, found.who] });
  };
  return (
    <fieldset className="text">
      <legend>{t("ladder.step", { n: number })}</legend>
      <div className="acts">
        {step.who.map((who) => (
          <button key={keyOf(who)} type="button" className="btn" aria-label={t("settings.remove_one", { name: said(who) })} onClick={() => onChange({ ...step, who: step.who.filter((one) => one !== who) })}>{said(who)} <span aria-hidden="true">×</span></button>
        ))}
      </div>
      <label>
        {t(step.who.length ? "ladder.and" : "ladder.whom")}
        <select value="" onChange={(event) => add(event.target.value)}>
          <option value="">{t("ladder.choose")}</option>
          {rest.map((one) => <option key={keyOf(one.who)} value={keyOf(one.who)}>{one.words}</option>)}
        </select>
      </label>
      <label>
        {t("ladder.wait")}
        <input type="number" required min={1} max={10080} value={Math.round(step.wait_for / 60)} onChange={(event) => onChange({ ...step, wait_for: Number(event.target.value) * 60 })} />
      </label>
      {onRemove ? <div><button type="button" className="btn" onClick={onRemove}>{t("ladder.remove_step", { n: number })}</button></div> : null}
    </fieldset>
  );
}

const EMPTY: Step = { who: [], wait_for: 300 };

export function LadderForm({ kept, onSave, onCancel }: { kept?: Ladder; onSave: (body: unknown) => Promise<unknown>; onCancel?: () => void }) {
  const [name, setName] = useState(kept?.name ?? "");
  const [steps, setSteps] = useState<Step[]>(kept?.steps ?? [EMPTY]);
  const [rounds, setRounds] = useState(kept?.rounds ?? 2);
  const [failed, setFailed] = useState("");
  const [dirty, setDirty] = useState(false);
  useUnsaved(dirty);
  const set = (next: Step[]): void => {
    setSteps(next);
    setDirty(true);
  };
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setFailed("");
    try {
      await onSave({ name, steps, rounds });
      setDirty(false);
      if (!kept) {
        setName("");
        setSteps([EMPTY]);
      }
    } catch (error) {
      setFailed(wordsOf(error));
    }
  };
  return (
    <form className="form" aria-label={t(kept ? "ladder.change" : "ladder.add")} onSubmit={(event) => void save(event)} onInput={() => setDirty(true)}>
      <h3>{t(kept ? "ladder.change" : "ladder.add")}</h3>
      <label>{t("settings.name")}<input required maxLength={100} value={name} onChange={(event) => setName(event.target.value)} /></label>
      {steps.map((step, index) => (
        <StepEditor key={index} number={index + 1} step={step} onChange={(next) => set(steps.map((one, at) => (at === index ? next : one)))} onRemove={steps.length > 1 ? () => set(steps.filter((_, at) => at !== index)) : undefined} />
      ))}
      {steps.length < 10 ? <div><button type="button" className="btn" onClick={() => set([...steps, EMPTY])}>{t("ladder.add_step")}</button></div> : null}
      <label>{t("ladder.rounds")}<input type="number" required min={1} max={10} value={rounds} onChange={(event) => setRounds(Number(event.target.value))} /></label>
      <Failed why={failed} />
      <div className="acts">
        <button className="btn go">{t(kept ? "act.save" : "settings.add")}</button>
        {onCancel ? <button type="button" className="btn" onClick={onCancel}>{t("act.cancel")}</button> : null}
      </div>
    </form>
  );
}
