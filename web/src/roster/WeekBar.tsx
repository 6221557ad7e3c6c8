/** From week to week. */
import type { ReactNode } from "react";
import { t } from "../i18n/t";
import { dayOf, mondayOf, plus, shortDay } from "./week";

export function WeekBar({ monday, onChange, children }: { monday: string; onChange: (monday: string) => void; children?: ReactNode }) {
  const current = mondayOf(dayOf(new Date()));
  return (
    <div className="acts mid weeks">
      <button className="btn" aria-label={t("roster.week_before")} onClick={() => onChange(plus(monday, -7))}>‹</button>
      <b className="num" role="status">{shortDay(monday)} – {shortDay(plus(monday, 6))}</b>
      <button className="btn" aria-label={t("roster.week_after")} onClick={() => onChange(plus(monday, 7))}>›</button>
      {monday === current ? null : <button className="btn" onClick={() => onChange(current)}>{t("roster.this_week")}</button>}
      {children}
    </div>
  );
}
