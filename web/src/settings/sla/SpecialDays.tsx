/** Public holidays of a country, and days that are unlike the others. */
import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import { t } from "../../i18n/t";
import { Slots } from "./Slots";
import type { Calendar, OwnDay } from "./types";

interface Props {
  calendar: Calendar;
  onChange: (part: Partial<Calendar>) => void;
}

function countryName(code: string): string {
  try {
    // The language of the browser by default: what it calls that itself is not always a language tag.
    return new Intl.DisplayNames(undefined, { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function Holidays({ calendar, onChange }: Props) {
  const known = useQuery({ queryKey: ["/hours/countries"], queryFn: () => get<Record<string, string[]>>("/hours/countries"), staleTime: Infinity });
  const [first, ...others] = calendar.regions;
  const country = first?.country ?? "";
  const codes = Object.keys(known.data ?? {}).sort((a, b) => countryName(a).localeCompare(countryName(b)));
  const subdivisions = known.data?.[country] ?? [];
  const set = (to: string, subdivision: string): void => onChange({ regions: to ? [{ country: to, subdivision }, ...others] : others });
  return (
    <div className="lengths">
      <label>{t("hours.country")}
        <select value={country} onChange={(event) => set(event.target.value, "")}>
          <option value="">{t("hours.no_country")}</option>
          {(codes.length ? codes : [country].filter(Boolean)).map((code) => <option key={code} value={code}>{countryName(code)}</option>)}
        </select>
      </label>
      {subdivisions.length ? (
        <label>{t("hours.subdivision")}
          <select value={first?.subdivision ?? ""} onChange={(event) => set(country, event.target.value)}>
            <option value="">{t("hours.whole_country")}</option>
            {subdivisions.map((code) => <option key={code} value={code}>{code}</option>)}
          </select>
        </label>
      ) : null}
    </div>
  );
}

export function OwnDays({ calendar, onChange }: Props) {
  const days = calendar.own_days;
  const set = (index: number, part: Partial<OwnDay>): void => onChange({ own_days: days.map((one, at) => (at === index ? { ...one, ...part } : one)) });
  return (
    <fieldset>
      <legend>{t("hours.own_days")}</legend>
      <small className="quiet">{t("hours.own_days_help")}</small>
      {days.map((own, index) => (
        <div key={index} className="day" role="group" aria-label={own.name || own.day}>
          <span className="when">
            <input type="date" required aria-label={t("hours.date")} value={own.day} onChange={(event) => set(index, { day: event.target.value })} />
            <input aria-label={t("hours.day_name")} placeholder={t("hours.day_name")} maxLength={80} value={own.name} onChange={(event) => set(index, { name: event.target.value })} />
            <label className="row-check"><input type="checkbox" checked={own.yearly} onChange={(event) => set(index, { yearly: event.target.checked })} /> {t("hours.yearly")}</label>
          </span>
          <Slots of={own.name || own.day} slots={own.slots} onChange={(slots) => set(index, { slots })} />
          <button type="button" className="btn" onClick={() => onChange({ own_days: days.filter((_, at) => at !== index) })}>{t("act.remove")}</button>
        </div>
      ))}
      <div><button type="button" className="btn" onClick={() => onChange({ own_days: [...days, { day: "", slots: [], name: "", yearly: false }] })}>{t("hours.add_day")}</button></div>
    </fieldset>
  );
}
