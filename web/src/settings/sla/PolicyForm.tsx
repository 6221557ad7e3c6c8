/** A policy: for whom, how long, and beside it when a post that came now would be due. */
import { useState, type FormEvent } from "react";
import { words } from "../../api/client";
import { t } from "../../i18n/t";
import { Failed } from "../../ui/Failed";
import { useUnsaved } from "../unsaved";
import { Fits } from "./Fits";
import { moment } from "./moment";
import { Targets } from "./Targets";
import { KINDS, type Due, type Hours, type Terms } from "./types";
import { useTried } from "./useTried";
import { Warnings } from "./Warnings";

interface Props {
  kept: Terms;
  fresh: boolean;
  hours: Hours[];
  onSave: (terms: Terms) => Promise<unknown>;
  onClose: () => void;
}

function DueNow({ terms, zone }: { terms: Terms; zone: string | undefined }) {
  const { found, refused, asking } = useTried<Due[]>("/policies/preview", { ...terms, name: terms.name || "-" });
  return (
    <section className="now" aria-label={t("sla.now")} aria-live="polite" aria-busy={asking || undefined}>
      <h2>{t("sla.now_due")}</h2>
      {refused ? <p className="hot">{refused}</p> : null}
      {KINDS.map((kind) => {
        const due = (found ?? []).filter((one) => one.kind === kind);
        if (due.length === 0) return null;
        return (
          <div key={kind}>
            <h3>{t(`sla.${kind}`)}</h3>
            <dl className="num">{due.map((one) => <div key={one.severity}><dt>{t("sla.severity")} {one.severity}</dt><dd>{moment(one.due_at, zone)}</dd></div>)}</dl>
          </div>
        );
      })}
      <small className="quiet">{t("sla.versions_help")}</small>
    </section>
  );
}

export function PolicyForm({ kept, fresh, hours, onSave, onClose }: Props) {
  const [terms, setTerms] = useState(kept);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");
  const changed = JSON.stringify(terms) !== JSON.stringify(kept);
  useUnsaved(changed);
  const change = (part: Partial<Terms>): void => setTerms({ ...terms, ...part });
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFailed("");
    await onSave(terms).catch((error: unknown) => setFailed(words(error)));
    setBusy(false);
  };
  return (
    <div className="beside">
      <form className="form wide" aria-label={terms.name || t("sla.new")} onSubmit={(event) => void save(event)}>
        <div className="lengths">
          <label>{t("settings.name")}<input required maxLength={80} value={terms.name} onChange={(event) => change({ name: event.target.value })} /></label>
          <label>{t("sla.hours")}
            <select value={terms.hours_id ?? ""} onChange={(event) => change({ hours_id: event.target.value || null })}>
              <option value="">{t("sla.no_hours")}</option>
              {hours.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
            </select>
          </label>
        </div>
        <Targets terms={terms} onChange={(severities) => change({ severities })} />
        <Fits match={terms.match} onChange={(match) => change({ match })} />
        <Warnings terms={terms} onChange={change} />
        <Failed why={failed} />
        <div className="acts">
          <button className="btn go" disabled={busy || (!changed && !fresh)} aria-busy={busy || undefined}>{t("act.save")}</button>
          <button type="button" className="btn" onClick={onClose}>{t("act.cancel")}</button>
        </div>
      </form>
      <DueNow terms={terms} zone={hours.find((one) => one.id === terms.hours_id)?.calendar.zone} />
    </div>
  );
}
