/** Settings: when somebody is there. */
import { useState } from "react";
import { del, post, put } from "../api/client";
import { t } from "../i18n/t";
import { Do } from "../ui/Do";
import { toast } from "../ui/toast";
import { Things } from "./parts";
import { HoursForm } from "./sla/HoursForm";
import { DAYS, newCalendar, type Calendar, type Hours as Kept } from "./sla/types";
import { useThings } from "./useThings";

function inWords(calendar: Calendar): string {
  const open = DAYS.filter((day) => calendar.week[day].length);
  const same = open.every((day) => calendar.week[day].join() === calendar.week[open[0] ?? "mon"].join());
  const days = open.map((day) => t(`day.${day}`).slice(0, 3)).join(", ");
  return same && open[0] ? `${days}: ${calendar.week[open[0]].join(", ").replaceAll("-", "–")}` : days;
}

export function Hours() {
  const hours = useThings<Kept>("/hours");
  const [open, setOpen] = useState<string | null>(null);
  const kept = hours.items.find((one) => one.id === open);
  const save = async (name: string, calendar: Calendar): Promise<void> => {
    await hours.tried(() => (kept ? put(`/hours/${kept.id}`, { name, calendar }) : post("/hours", { name, calendar })));
    setOpen(null);
    toast(t("sla.saved"));
  };
  if (open !== null) return <HoursForm key={open} fresh={!kept} name={kept?.name ?? ""} kept={kept?.calendar ?? newCalendar()} onSave={save} onClose={() => setOpen(null)} />;
  return (
    <>
      <p className="quiet">{t("hours.about")}</p>
      <Things {...hours} empty={hours.items.length === 0} emptyWords={t("hours.empty")}>
        {hours.items.map((one) => (
          <li key={one.id}>
            <span className="grow"><b>{one.name}</b><br /><span className="quiet">{inWords(one.calendar)} ({one.calendar.zone})</span></span>
            <button className="btn" aria-label={t("sla.change_one", { name: one.name })} onClick={() => setOpen(one.id)}>{t("act.change")}</button>
            <Do aria-label={t("settings.remove_one", { name: one.name })} act={() => hours.run(() => del(`/hours/${one.id}`))}>{t("act.remove")}</Do>
          </li>
        ))}
      </Things>
      <div><button className="btn go" onClick={() => setOpen("")}>{t("hours.add")}</button></div>
    </>
  );
}
