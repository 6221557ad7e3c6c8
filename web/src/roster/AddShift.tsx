/** Somebody is there, or is not: a shift or an absence from the cell that was clicked. */
import { useState } from "react";
import { post } from "../api/client";
import type { Agent } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Dialog } from "../ui/Dialog";
import { Failed } from "../ui/Failed";
import { useAnswer } from "../ui/useAnswer";
import { DAYS, here, plus, shortDay, startOf, weekday, type Weekday } from "./week";
import { Weekdays } from "./Weekdays";

const KINDS = ["shift", "on_call", "holiday", "sick", "other"] as const;
const ONCE_A_WEEK = { once: 1, weekly: 1, workdays: 1, weekends: 1, daily: 1 };
const REPEATS = ["once", "weekly", "fortnightly", "workdays", "weekends", "daily", "chosen"] as const;

interface Props {
  agent: Agent;
  day: string;
  change: (act: () => Promise<unknown>) => Promise<void>;
  onClose: () => void;
}

export function AddShift({ agent, day, change, onClose }: Props) {
  const { teams } = useDesk();
  const { busy, failed, run } = useAnswer(onClose);
  const [kind, setKind] = useState<(typeof KINDS)[number]>("shift");
  const [repeats, setRepeats] = useState<(typeof REPEATS)[number]>("once");
  const [opens, setOpens] = useState("09:00");
  const [closes, setCloses] = useState("17:00");
  const [until, setUntil] = useState("");
  const [team, setTeam] = useState("");
  const [chosen, setChosen] = useState<Weekday[]>(DAYS.slice(weekday(day), weekday(day) + 1));
  const [every, setEvery] = useState(1);
  const working = kind === "shift" || kind === "on_call";
  const save = (): Promise<unknown> => {
    if (!working) return post("/absences", { agent_id: agent.id, kind, starts_at: startOf(day), ends_at: startOf(plus(until || day, 1)) });
    const [own, five, two] = [[DAYS[weekday(day)]], DAYS.slice(0, 5), DAYS.slice(5)];
    const days = { once: [], daily: [], weekly: own, fortnightly: own, workdays: five, weekends: two, chosen }[repeats];
    const weeks = { ...ONCE_A_WEEK, fortnightly: 2, chosen: every }[repeats];
    const last = repeats === "once" ? day : until || null;
    return post("/shifts", { agent_id: agent.id, team_id: team || null, zone: here(), weekdays: days, opens, closes, from_day: day, until_day: last, every: weeks, on_call: kind === "on_call" });
  };
  return (
    <Dialog title={t("roster.add_title", { name: agent.name, day: shortDay(day) })} onClose={onClose}>
      <form className="form" onSubmit={(event) => { event.preventDefault(); void run(() => change(save)); }}>
        <label>{t("roster.what")}<select data-first value={kind} onChange={(event) => setKind(event.target.value as typeof kind)}>{KINDS.map((one) => <option key={one} value={one}>{t(`roster.kind.${one}`)}</option>)}</select></label>
        {working ? (
          <>
            <div className="lengths">
              <label>{t("roster.opens")}<input type="time" required value={opens} onChange={(event) => setOpens(event.target.value)} /></label>
              <label>{t("roster.closes")}<input type="time" required value={closes} onChange={(event) => setCloses(event.target.value)} /></label>
            </div>
            {closes <= opens ? <small className="quiet">{t("roster.past_midnight")}</small> : null}
            <label>{t("roster.repeats")}<select value={repeats} onChange={(event) => setRepeats(event.target.value as typeof repeats)}>{REPEATS.map((one) => <option key={one} value={one}>{t(`roster.repeats.${one}`)}</option>)}</select></label>
            {repeats === "chosen" ? <Weekdays chosen={chosen} every={every} onDays={setChosen} onEvery={setEvery} /> : null}
            {teams.length ? <label>{t("roster.team")}<select value={team} onChange={(event) => setTeam(event.target.value)}><option value="">{t("roster.any_team")}</option>{teams.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}</select></label> : null}
          </>
        ) : null}
        {working && repeats === "once" ? null : <label>{t("roster.until")}<small>{t(working ? "roster.until_help" : "roster.absent_help")}</small><input type="date" min={day} value={until} onChange={(event) => setUntil(event.target.value)} /></label>}
        <Failed why={failed} />
        <div className="acts">
          <button className="btn go" disabled={working && repeats === "chosen" && !chosen.length} aria-busy={busy || undefined}>{t("settings.add")}</button>
          <button type="button" className="btn" onClick={onClose}>{t("act.cancel")}</button>
        </div>
      </form>
    </Dialog>
  );
}
