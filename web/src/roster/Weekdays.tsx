/** On which weekdays a shift comes, and in every how many weeks. */
import { t } from "../i18n/t";
import { DAYS, type Weekday } from "./week";

const WEEKS = [1, 2, 3, 4] as const;

interface Props {
  chosen: Weekday[];
  every: number;
  onDays: (days: Weekday[]) => void;
  onEvery: (weeks: number) => void;
}

export function Weekdays({ chosen, every, onDays, onEvery }: Props) {
  const turn = (day: Weekday): void => onDays(DAYS.filter((one) => (one === day ? !chosen.includes(one) : chosen.includes(one))));
  return (
    <>
      <fieldset>
        <legend>{t("roster.weekdays")}</legend>
        <div className="weekdays">
          {DAYS.map((day) => (
            <label key={day} className="row-check"><input type="checkbox" checked={chosen.includes(day)} onChange={() => turn(day)} /> {t(`day.${day}`)}</label>
          ))}
        </div>
        {chosen.length ? null : <small className="hot">{t("roster.no_weekday")}</small>}
      </fieldset>
      <label>{t("roster.every")}<select value={every} onChange={(event) => onEvery(Number(event.target.value))}>{WEEKS.map((weeks) => <option key={weeks} value={weeks}>{t(`roster.every.${weeks}`)}</option>)}</select></label>
    </>
  );
}
