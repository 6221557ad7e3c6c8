/** Where people may be written to unasked, how many, and when not: an owner's to decide. */
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { put, words } from "../api/client";
import { t } from "../i18n/t";
import { RULES, useRules } from "../outreach/useRules";
import type { NetworkRules, Rules } from "../outreach/types";
import { Failed } from "../ui/Failed";
import { toast } from "../ui/toast";
import { Loaded } from "./parts";
import { useUnsaved } from "./unsaved";

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);

function Count({ label, value, least, most, onChange }: { label: string; value: number; least: number; most: number; onChange: (value: number) => void }) {
  return <label>{label}<input type="number" required min={least} max={most} value={Number.isNaN(value) ? "" : value} onChange={(event) => onChange(event.target.valueAsNumber)} /></label>;
}

function Hour({ label, value, onChange }: { label: string; value: number; onChange: (hour: number) => void }) {
  return (
    <label>
      {label}
      <select value={value} onChange={(event) => onChange(Number(event.target.value))}>
        {HOURS.map((n) => <option key={n} value={n}>{t("outreach.hour", { n })}</option>)}
      </select>
    </label>
  );
}

function Terms({ rules, onChange }: { rules: Rules; onChange: (part: Partial<Rules>) => void }) {
  return (
    <>
      <div className="lengths">
        <Count label={t("outreach.cap_day")} value={rules.cap_day} least={1} most={200} onChange={(cap_day) => onChange({ cap_day })} />
        <Count label={t("outreach.cap_agent")} value={rules.cap_agent} least={1} most={rules.cap_day || 1} onChange={(cap_agent) => onChange({ cap_agent })} />
        <Count label={t("outreach.quiet_days")} value={rules.quiet_days} least={30} most={3650} onChange={(quiet_days) => onChange({ quiet_days })} />
      </div>
      <fieldset>
        <legend>{t("outreach.quiet")}</legend>
        <div className="lengths">
          <Hour label={t("outreach.quiet_from")} value={rules.quiet_from} onChange={(quiet_from) => onChange({ quiet_from })} />
          <Hour label={t("outreach.quiet_to")} value={rules.quiet_to} onChange={(quiet_to) => onChange({ quiet_to })} />
          <label>{t("outreach.zone")}<input required value={rules.zone} list="outreach-zones" onChange={(event) => onChange({ zone: event.target.value })} /></label>
        </div>
      </fieldset>
    </>
  );
}

function Network({ kept }: { kept: NetworkRules }) {
  const client = useQueryClient();
  const [rules, setRules] = useState(kept.rules);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");
  const changed = JSON.stringify(rules) !== JSON.stringify(kept.rules);
  useUnsaved(changed);
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFailed("");
    try {
      await put(`${RULES}/${kept.network}`, rules);
      await client.invalidateQueries({ queryKey: [RULES] });
      toast(t("outreach.saved", { title: kept.title }));
    } catch (error) {
      setFailed(words(error));
    }
    setBusy(false);
  };
  return (
    <form className="form wide" aria-label={kept.title} onSubmit={(event) => void save(event)}>
      <h2>{kept.title}</h2>
      <p className="quiet">{kept.words}</p>
      <label className="row-check"><input type="checkbox" checked={rules.on} onChange={(event) => setRules({ ...rules, on: event.target.checked })} /> {t("outreach.on")}</label>
      {rules.on ? <Terms rules={rules} onChange={(part) => setRules({ ...rules, ...part })} /> : null}
      <Failed why={failed} />
      <div><button className="btn go" disabled={busy || !changed} aria-busy={busy || undefined}>{t("act.save")}</button></div>
    </form>
  );
}

export function Outreach() {
  const found = useRules();
  return (
    <>
      <p className="quiet">{t("outreach.about")}</p>
      <Loaded query={found}>
        {(networks) => (
          <>
            {networks.length ? null : <p className="nothing">{t("outreach.no_channels")}</p>}
            {networks.map((one) => <Network key={`${one.network} ${JSON.stringify(one.rules)}`} kept={one} />)}
            <datalist id="outreach-zones">{Intl.supportedValuesOf("timeZone").map((zone) => <option key={zone} value={zone} />)}</datalist>
          </>
        )}
      </Loaded>
    </>
  );
}
