/** The builder: when, if, then, and the sentence that comes of it. */
import { useState, type FormEvent } from "react";
import { post, words } from "../../api/client";
import { t } from "../../i18n/t";
import { Do } from "../../ui/Do";
import { Failed } from "../../ui/Failed";
import { useUnsaved } from "../unsaved";
import { ActLine, ConditionLine } from "./Parts";
import { say } from "./say";
import { TriedOut } from "./Tried";
import { bare, TRIGGERS, type Rule, type Tried } from "./types";
import { useNames } from "./useNames";

interface Props {
  kept: Rule;
  onSave: (rule: Rule) => Promise<unknown>;
  onClose: () => void;
}

function put<T>(list: T[], at: number, one: T): T[] {
  return list.map((old, index) => (index === at ? one : old));
}

function without<T>(list: T[], at: number): T[] {
  return list.filter((_, index) => index !== at);
}

export function RuleForm({ kept, onSave, onClose }: Props) {
  const names = useNames();
  const [rule, setRule] = useState(() => bare(kept));
  const [tried, setTried] = useState<{ rule: Rule; found: Tried } | null>(null);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");
  useUnsaved(JSON.stringify(rule) !== JSON.stringify(bare(kept)));
  const change = (part: Partial<Rule>): void => setRule({ ...rule, ...part });
  const run = async (act: () => Promise<unknown>): Promise<void> => {
    setFailed("");
    await act().catch((error: unknown) => setFailed(words(error)));
  };
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    await run(() => onSave(rule));
    setBusy(false);
  };
  const tryOut = (): Promise<void> => run(async () => setTried({ rule, found: await post<Tried>("/rule-trials", { ...rule, name: rule.name || "?" }) }));
  return (
    <form className="form wide ruling" aria-label={rule.name || t("rules.new")} onSubmit={(event) => void save(event)}>
      <label>{t("settings.name")}<input required autoFocus maxLength={100} value={rule.name} onChange={(event) => change({ name: event.target.value })} /></label>
      <label>
        {t("rules.when")}
        <select value={rule.when} onChange={(event) => change({ when: TRIGGERS.find((one) => one === event.target.value) ?? "opened" })}>
          {TRIGGERS.map((one) => <option key={one} value={one}>{t(`rules.when.${one}`)}</option>)}
        </select>
      </label>
      <fieldset>
        <legend>{t("rules.if")}</legend>
        {rule.conditions.length > 1 ? (
          <select aria-label={t("rules.match")} value={rule.match} onChange={(event) => change({ match: event.target.value === "any" ? "any" : "all" })}>
            <option value="all">{t("rules.match.all")}</option>
            <option value="any">{t("rules.match.any")}</option>
          </select>
        ) : null}
        {rule.conditions.map((one, at) => <ConditionLine key={`${at} ${rule.conditions.length}`} one={one} number={at + 1} onChange={(next) => change({ conditions: put(rule.conditions, at, next) })} onRemove={rule.conditions.length > 1 ? () => change({ conditions: without(rule.conditions, at) }) : undefined} />)}
        <div><button type="button" className="btn" onClick={() => change({ conditions: [...rule.conditions, { field: "text", values: [], negated: false }] })}>{t("rules.add_condition")}</button></div>
      </fieldset>
      <fieldset>
        <legend>{t("rules.then")}</legend>
        {rule.acts.map((one, at) => <ActLine key={`${at} ${rule.acts.length}`} one={one} number={at + 1} onChange={(next) => change({ acts: put(rule.acts, at, next) })} onRemove={rule.acts.length > 1 ? () => change({ acts: without(rule.acts, at) }) : undefined} />)}
        <div><button type="button" className="btn" onClick={() => change({ acts: [...rule.acts, { do: "tag", value: "" }] })}>{t("rules.add_act")}</button></div>
      </fieldset>
      <p className="says">{say(rule, names)}</p>
      <Failed why={failed} />
      <div className="acts">
        <button className="btn go" aria-busy={busy || undefined}>{t("act.save")}</button>
        <Do type="button" act={tryOut}>{t("rules.try")}</Do>
        <button type="button" className="btn" onClick={onClose}>{t("act.cancel")}</button>
      </div>
      {tried ? <TriedOut tried={tried.found} rule={tried.rule} /> : null}
    </form>
  );
}
