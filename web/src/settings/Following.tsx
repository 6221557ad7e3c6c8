/** What an inbox does after an answer: looks again after silence, and asks how it was. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, put, words } from "../api/client";
import type { Inbox } from "../api/types";
import { t } from "../i18n/t";
import { toast } from "../ui/toast";
import { Loaded, Things } from "./parts";
import { useThings } from "./useThings";
import { useUnsaved } from "./unsaved";

interface Rules {
  ask: boolean;
  ask_after: number;
  ask_again_after: number;
  text: string;
  reopen_at: number;
  silence_for: number;
}

const DAY = 86_400;
const HOUR = 3600;

interface NumberProps {
  label: string;
  unit: number;
  value: number;
  least?: number;
  onChange: (seconds: number) => void;
}

function Length({ label, unit, value, least = 0, onChange }: NumberProps) {
  return <label>{label}<input type="number" required min={least} max={Math.floor((366 * DAY) / unit)} step={unit === HOUR ? 0.25 : 1} value={value / unit} onChange={(event) => onChange(Math.round(Number(event.target.value) * unit))} /></label>;
}

function Asking({ rules, onChange }: { rules: Rules; onChange: (part: Partial<Rules>) => void }) {
  return (
    <>
      <p className="quiet">{t("after.ask_help")}</p>
      <label>{t("after.text")}<textarea rows={3} required maxLength={1000} dir="auto" value={rules.text} onChange={(event) => onChange({ text: event.target.value })} /></label>
      <small className="quiet">{t("after.text_help")}</small>
      <Length label={t("after.ask_after")} unit={HOUR} value={rules.ask_after} onChange={(ask_after) => onChange({ ask_after })} />
      <Length label={t("after.ask_again")} unit={DAY} value={rules.ask_again_after} onChange={(ask_again_after) => onChange({ ask_again_after })} />
      <label>
        {t("after.reopen")}
        <select value={rules.reopen_at} onChange={(event) => onChange({ reopen_at: Number(event.target.value) })}>
          <option value={0}>{t("after.never")}</option>
          {([1, 2, 3] as const).map((score) => <option key={score} value={score}>{t(`rating.${score}`)}</option>)}
        </select>
      </label>
    </>
  );
}

function Editor({ inbox, kept }: { inbox: Inbox; kept: Rules }) {
  const client = useQueryClient();
  const [rules, setRules] = useState(kept);
  const [busy, setBusy] = useState(false);
  const changed = JSON.stringify(rules) !== JSON.stringify(kept);
  useUnsaved(changed);
  const change = (part: Partial<Rules>): void => setRules({ ...rules, ...part });
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      await put(`/inboxes/${inbox.id}/following`, rules);
      await client.invalidateQueries({ queryKey: ["following", inbox.id] });
      toast(t("after.saved"));
    } catch (error) {
      toast(words(error), { bad: true });
    }
    setBusy(false);
  };
  return (
    <form className="form" aria-label={inbox.name} onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <fieldset>
        <legend>{inbox.name}</legend>
        <label className="row-check"><input type="checkbox" checked={rules.silence_for > 0} onChange={(event) => change({ silence_for: event.target.checked ? 7 * DAY : 0 })} /> {t("after.silence")}</label>
        {rules.silence_for ? <Length label={t("after.silence_for")} unit={DAY} least={1} value={rules.silence_for} onChange={(silence_for) => change({ silence_for })} /> : null}
        <label className="row-check"><input type="checkbox" checked={rules.ask} onChange={(event) => change({ ask: event.target.checked })} /> {t("after.ask")}</label>
        {rules.ask ? <Asking rules={rules} onChange={change} /> : null}
        <div><button className="btn go" disabled={busy || !changed}>{t("act.save")}</button></div>
      </fieldset>
    </form>
  );
}

function Of({ inbox }: { inbox: Inbox }) {
  const kept = useQuery({ queryKey: ["following", inbox.id], queryFn: () => get<Rules>(`/inboxes/${inbox.id}/following`) });
  return <Loaded query={kept}>{(rules) => <Editor key={JSON.stringify(rules)} inbox={inbox} kept={rules} />}</Loaded>;
}

export function Following() {
  const inboxes = useThings<Inbox>("/inboxes");
  return (
    <>
      <p className="quiet">{t("after.about")}</p>
      {inboxes.items.length ? inboxes.items.map((inbox) => <Of key={inbox.id} inbox={inbox} />) : <Things {...inboxes} empty emptyWords={t("settings.no_inboxes")}>{null}</Things>}
    </>
  );
}
