/** "A post now would be due at ...": computed by the desk from hours that are not kept yet. */
import { t } from "../../i18n/t";
import { length } from "../../ui/time";
import { moment } from "./moment";
import type { Calendar, HoursPreview } from "./types";
import { useTried } from "./useTried";

/** The calendar without rows that are only half filled in. */
function whole(calendar: Calendar): Calendar {
  return { ...calendar, own_days: calendar.own_days.filter((own) => own.day), changes: calendar.changes.filter((change) => change.starts_on) };
}

function Shown({ found, zone }: { found: HoursPreview; zone: string }) {
  return (
    <>
      <p><span className={`state ${found.open ? "good" : ""}`}>{t(found.open ? "hours.open_now" : "hours.closed_now")}</span> {found.open || !found.opens_at ? null : t("hours.opens_at", { when: moment(found.opens_at, zone) })}</p>
      <h3>{t("sla.now_due")}</h3>
      <dl className="num">
        {found.due.map((one) => <div key={one.within}><dt>{t("sla.in_time", { time: length(one.within * 1000) })}</dt><dd>{moment(one.due_at, zone)}</dd></div>)}
      </dl>
      {found.special_days.length ? (
        <>
          <h3>{t("hours.coming")}</h3>
          <ul className="plainlist">{found.special_days.map((one) => <li key={one.day}>{moment(`${one.day}T12:00:00Z`, "UTC", true)} {one.name} <span className="quiet">{one.slots ? t("hours.other_hours") : t("hours.closed")}</span></li>)}</ul>
        </>
      ) : null}
    </>
  );
}

export function HoursNow({ calendar }: { calendar: Calendar }) {
  const { found, refused, asking } = useTried<HoursPreview>("/hours/preview", { calendar: whole(calendar) });
  return (
    <section className="now" aria-label={t("sla.now")} aria-live="polite" aria-busy={asking || undefined}>
      <h2>{t("sla.now")}</h2>
      {refused ? <p className="hot">{refused}</p> : null}
      {found ? <Shown found={found} zone={calendar.zone} /> : null}
      <small className="quiet">{t("hours.in_zone", { zone: calendar.zone })}</small>
    </section>
  );
}
