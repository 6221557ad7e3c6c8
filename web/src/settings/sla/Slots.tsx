/** The slots of a day: any number, also past midnight. */
import { t } from "../../i18n/t";
import { isLate, slotOf, timesOf } from "./types";

interface Props {
  /** Whose slots they are, for who can't see where they stand. */
  of: string;
  slots: string[];
  onChange: (slots: string[]) => void;
}

/** A slot to begin with: after the last one, where there is room. */
function next(slots: string[]): string {
  const closes = slots.map((slot) => timesOf(slot)[1]).at(-1);
  if (!closes) return "09:00-17:00";
  const hour = Number(closes.slice(0, 2)) + 1;
  const two = (hours: number): string => `${String(hours).padStart(2, "0")}:00`;
  return hour > 23 || closes === "00:00" ? "00:00-01:00" : `${two(hour)}-${two(Math.min(hour + 4, 24))}`;
}

export function Slots({ of, slots, onChange }: Props) {
  const set = (index: number, slot: string): void => onChange(slots.map((one, at) => (at === index ? slot : one)));
  return (
    <div className="slots">
      {slots.length === 0 ? <span className="quiet">{t("hours.closed")}</span> : null}
      {slots.map((slot, index) => {
        const [opens, closes] = timesOf(slot);
        return (
          <span key={index} className="span">
            <input type="time" required aria-label={t("hours.opens", { of })} value={opens} onChange={(event) => set(index, slotOf(event.target.value, closes))} />
            <span aria-hidden="true">–</span>
            <input type="time" required aria-label={t("hours.closes", { of })} value={closes} onChange={(event) => set(index, slotOf(opens, event.target.value))} />
            {isLate(slot) ? <small className="quiet">{t("hours.next_day")}</small> : null}
            <button type="button" className="plain" aria-label={t("hours.remove_slot", { of, slot })} onClick={() => onChange(slots.filter((_, at) => at !== index))}>×</button>
          </span>
        );
      })}
      <button type="button" className="plain add" aria-label={t("hours.add_slot", { of })} onClick={() => onChange([...slots, next(slots)])}>+</button>
    </div>
  );
}
