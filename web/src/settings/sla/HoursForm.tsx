/** Hours under a name, and beside them what they mean now. */
import { useState, type FormEvent } from "react";
import { words } from "../../api/client";
import { t } from "../../i18n/t";
import { Failed } from "../../ui/Failed";
import { useUnsaved } from "../unsaved";
import { HoursNow } from "./HoursNow";
import { Holidays, OwnDays } from "./SpecialDays";
import { emptyWeek, type Calendar } from "./types";
import { WeekForm } from "./WeekForm";

interface Props {
  name: string;
  kept: Calendar;
  fresh: boolean;
  onSave: (name: string, calendar: Calendar) => Promise<unknown>;
  onClose: () => void;
}

const zones = (): string[] => ["UTC", ...Intl.supportedValuesOf("timeZone")];

function Changes({ calendar, onChange }: { calendar: Calendar; onChange: (part: Partial<Calendar>) => void }) {
  const changes = calendar.changes;
  const set = (index: number, part: Partial<(typeof changes)[number]>): void => onChange({ changes: changes.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  return (
    <fieldset>
      <legend>{t("hours.changes")}</legend>
      <small className="quiet">{t("hours.changes_help")}</small>
      {changes.map((change, index) => (
        <div key={index} className="change" role="group" aria-label={t("hours.from_on", { day: change.starts_on })}>
          <label>{t("hours.starts_on")} <input type="date" required value={change.starts_on} onChange={(event) => set(index, { starts_on: event.target.value })} /></label>
          <WeekForm week={change.week} onChange={(week) => set(index, { week })} />
          <div><button type="button" className="btn" onClick={() => onChange({ changes: changes.filter((_, at) => at !== index) })}>{t("act.remove")}</button></div>
        </div>
      ))}
      <div><button type="button" className="btn" onClick={() => onChange({ changes: [...changes, { starts_on: "", week: changes.at(-1)?.week ?? calendar.week }] })}>{t("hours.add_change")}</button></div>
    </fieldset>
  );
}

export function HoursForm({ name, kept, fresh, onSave, onClose }: Props) {
  const [title, setTitle] = useState(name);
  const [calendar, setCalendar] = useState<Calendar>({ ...kept, week: { ...emptyWeek(), ...kept.week } });
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");
  const changed = title !== name || JSON.stringify(calendar) !== JSON.stringify(kept);
  useUnsaved(changed);
  const change = (part: Partial<Calendar>): void => setCalendar({ ...calendar, ...part });
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFailed("");
    await onSave(title, calendar).catch((error: unknown) => setFailed(words(error)));
    setBusy(false);
  };
  return (
    <div className="beside">
      <form className="form wide" aria-label={title || t("hours.new")} onSubmit={(event) => void save(event)}>
        <div className="lengths">
          <label>{t("settings.name")}<input required maxLength={80} value={title} onChange={(event) => setTitle(event.target.value)} /></label>
          <label>{t("hours.zone")}<select value={calendar.zone} onChange={(event) => change({ zone: event.target.value })}>{[...new Set([calendar.zone, ...zones()])].map((zone) => <option key={zone}>{zone}</option>)}</select></label>
        </div>
        <WeekForm week={calendar.week} onChange={(week) => change({ week })} />
        <Holidays calendar={calendar} onChange={change} />
        <OwnDays calendar={calendar} onChange={change} />
        <Changes calendar={calendar} onChange={change} />
        <Failed why={failed} />
        <div className="acts">
          <button className="btn go" disabled={busy || (!changed && !fresh)} aria-busy={busy || undefined}>{t("act.save")}</button>
          <button type="button" className="btn" onClick={onClose}>{t("act.cancel")}</button>
        </div>
      </form>
      <HoursNow calendar={calendar} />
    </div>
  );
}
