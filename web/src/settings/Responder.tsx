/** What an inbox says while nobody is there: in words of one's own, and what that would be now. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, post, put, words } from "../api/client";
import type { Inbox } from "../api/types";
import { t } from "../i18n/t";
import { toast } from "../ui/toast";
import { clockTime, length } from "../ui/time";
import { directionOf } from "../ui/direction";
import { Loaded, Things } from "./parts";
import { PublishedHours } from "./PublishedHours";
import { Texts, type Text } from "./Texts";
import { useThings } from "./useThings";
import { useUnsaved } from "./unsaved";

interface Rules {
  on: boolean;
  texts: Record<string, Text>;
  language: string;
  zone: string;
  hours_id: string | null;
}

interface Outlook {
  at: string | null;
  text: string;
  silent: string;
}

interface Named {
  id: string;
  name: string;
}

function Trial({ outlook }: { outlook: Outlook }) {
  return (
    <div className="once" role="status">
      <span className="grow">
        {outlook.at ? t("away.next", { at: clockTime(outlook.at) }) : t("away.unknown")}
        {outlook.text ? <><br /><q dir={directionOf(outlook.text)}>{outlook.text}</q></> : <><br />{t("away.silent", { why: outlook.silent })}</>}
      </span>
    </div>
  );
}

function When({ rules, onChange }: { rules: Rules; onChange: (part: Partial<Rules>) => void }) {
  const hours = useQuery({ queryKey: ["/hours"], queryFn: () => get<Named[]>("/hours") });
  return (
    <>
      <label>
        {t("away.hours")}
        <select value={rules.hours_id ?? ""} onChange={(event) => onChange({ hours_id: event.target.value || null })}>
          <option value="">{t("away.no_hours")}</option>
          {(hours.data ?? []).map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
        </select>
      </label>
      <small className="quiet">{t("away.hours_help")}</small>
      <label>
        {t("away.zone")}
        <input list="zones" required value={rules.zone} onChange={(event) => onChange({ zone: event.target.value })} />
      </label>
      <datalist id="zones">{Intl.supportedValuesOf("timeZone").map((zone) => <option key={zone} value={zone} />)}</datalist>
    </>
  );
}

function Editor({ inbox, kept }: { inbox: Inbox; kept: Rules }) {
  const client = useQueryClient();
  const [rules, setRules] = useState(kept);
  const [outlook, setOutlook] = useState<Outlook | null>(null);
  const [busy, setBusy] = useState(false);
  const changed = JSON.stringify(rules) !== JSON.stringify(kept);
  useUnsaved(changed);
  const change = (part: Partial<Rules>): void => {
    setRules({ ...rules, ...part });
    setOutlook(null);
  };
  const run = async (act: () => Promise<void>): Promise<void> => {
    setBusy(true);
    await act().catch((error: unknown) => toast(words(error), { bad: true }));
    setBusy(false);
  };
  const path = `/inboxes/${inbox.id}/responder`;
  const save = async (): Promise<void> => {
    await put(path, rules);
    await client.invalidateQueries({ queryKey: [path] });
    toast(t("after.saved"));
  };
  const ask = async (): Promise<void> => setOutlook(await post<Outlook>(`${path}/trial`, { rules: { ...rules, on: false }, language: rules.language }));
  return (
    <form className="form" aria-label={inbox.name} onSubmit={(event) => { event.preventDefault(); void run(save); }}>
      <fieldset>
        <legend>{inbox.name}</legend>
        <label className="row-check"><input type="checkbox" checked={rules.on} onChange={(event) => change({ on: event.target.checked })} /> {t("away.on")}</label>
        <Texts texts={rules.texts} language={rules.language} onChange={(texts, language) => change({ texts, language })} />
        <When rules={rules} onChange={change} />
        <PublishedHours inboxId={inbox.id} hoursId={kept.hours_id} />
        {outlook ? <Trial outlook={outlook} /> : null}
        <div className="acts">
          <button className="btn go" disabled={busy || !changed}>{t("act.save")}</button>
          <button type="button" className="btn" disabled={busy} onClick={() => void run(ask)}>{t("away.try")}</button>
        </div>
      </fieldset>
    </form>
  );
}

function Of({ inbox }: { inbox: Inbox }) {
  const path = `/inboxes/${inbox.id}/responder`;
  const kept = useQuery({ queryKey: [path], queryFn: () => get<Rules>(path) });
  return <Loaded query={kept}>{(rules) => <Editor key={JSON.stringify(rules)} inbox={inbox} kept={rules} />}</Loaded>;
}

interface Kept {
  kind: string;
  made: number;
  kept: number;
  broken: number;
  late_for_median: number | null;
  late_for_p90: number | null;
}

/** How the times that were said turned out: nothing to read before some were. */
function Truth() {
  const record = useQuery({ queryKey: ["/promises/record"], queryFn: () => get<Kept[]>("/promises/record") });
  const answers = record.data?.find((one) => one.kind === "answer");
  if (!answers) return null;
  const { made, kept, broken, late_for_median: median, late_for_p90: most } = answers;
  const off = (seconds: number): string => t(seconds > 0 ? "away.after" : "away.before", { length: length(Math.abs(seconds) * 1000) });
  return (
    <p className="quiet" role="note">
      {t("away.record", { made, kept, broken })}
      {median === null || most === null ? null : ` ${t("away.error", { median: off(median), most: off(most) })}`}
    </p>
  );
}

export function Responder() {
  const inboxes = useThings<Inbox>("/inboxes");
  return (
    <>
      <p className="quiet">{t("away.about")}</p>
      <Truth />
      {inboxes.items.length ? inboxes.items.map((inbox) => <Of key={inbox.id} inbox={inbox} />) : <Things {...inboxes} empty emptyWords={t("settings.no_inboxes")}>{null}</Things>}
    </>
  );
}
