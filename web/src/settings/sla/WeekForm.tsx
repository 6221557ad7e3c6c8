/** A week of slots, with the ways that save typing. */
import { t } from "../../i18n/t";
import { Slots } from "./Slots";
import { DAYS, emptyWeek, type Week } from "./types";

interface Props {
  week: Week;
  onChange: (week: Week) => void;
}

export function WeekForm({ week, onChange }: Props) {
  const all = (slots: string[], days: readonly (keyof Week)[]): void => onChange({ ...week, ...Object.fromEntries(days.map((day) => [day, slots])) });
  const always = DAYS.every((day) => week[day].join() === "00:00-24:00");
  return (
    <div className="week">
      {DAYS.map((day) => (
        <div key={day} className="day" role="group" aria-label={t(`day.${day}`)}>
          <b>{t(`day.${day}`)}</b>
          <Slots of={t(`day.${day}`)} slots={week[day]} onChange={(slots) => onChange({ ...week, [day]: slots })} />
        </div>
      ))}
      <div className="acts">
        <button type="button" className="btn" onClick={() => all(week.mon, ["tue", "wed", "thu", "fri"])}>{t("hours.like_monday")}</button>
        <button type="button" className="btn" onClick={() => (always ? onChange(emptyWeek()) : all(["00:00-24:00"], DAYS))}>{t(always ? "hours.clear" : "hours.always")}</button>
      </div>
    </div>
  );
}
