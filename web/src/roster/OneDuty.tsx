/** A duty that was clicked: this day alone is taken out or given away, or the whole shift ends. */
import { useState } from "react";
import { del, put } from "../api/client";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Dialog } from "../ui/Dialog";
import { Failed } from "../ui/Failed";
import { useAnswer } from "../ui/useAnswer";
import type { Duty, Shift } from "./types";
import { clock, shortDay } from "./week";

interface Props {
  duty: Duty;
  shift: Shift | undefined;
  change: (act: () => Promise<unknown>) => Promise<void>;
  onClose: () => void;
}

export function OneDuty({ duty, shift, change, onClose }: Props) {
  const { agents } = useDesk();
  const { busy, failed, run } = useAnswer(onClose);
  const [to, setTo] = useState("");
  const [on, setOn] = useState(duty.day);
  const name = agents.find((agent) => agent.id === duty.agent_id)?.name ?? "";
  const others = agents.filter((agent) => agent.id !== duty.agent_id && !agent.disabled && agent.role !== "viewer");
  const series = shift !== undefined && shift.from_day !== shift.until_day;
  const day = (agent_id: string | null, to = duty.day): Promise<unknown> => put(`/shifts/${duty.shift_id}/day`, { day: duty.day, agent_id, to });
  return (
    <Dialog title={t("roster.duty_title", { name, day: shortDay(duty.day) })} onClose={onClose}>
      <p className="num">{clock(duty.starts_at)}–{clock(duty.ends_at)}{duty.on_call ? ` · ${t("roster.kind.on_call")}` : ""}</p>
      {series ? <p className="quiet">{t("roster.in_series", { opens: shift.opens, closes: shift.closes, zone: shift.zone })}</p> : null}
      <div className="form">
        <label>{t("roster.give_to")}<select data-first value={to} onChange={(event) => setTo(event.target.value)}><option value="">{t("roster.choose")}</option>{others.map((agent) => <option key={agent.id} value={agent.id}>{agent.name}</option>)}</select></label>
        <label>{t("roster.move_to")}<input type="date" required value={on} onChange={(event) => setOn(event.target.value)} /></label>
      </div>
      <Failed why={failed} />
      <div className="acts">
        <button className="btn go" disabled={!to} aria-busy={busy || undefined} onClick={() => void run(() => change(() => day(to, on)))}>{t("roster.give")}</button>
        <button className="btn" disabled={!on || on === duty.day} onClick={() => void run(() => change(() => day(to || duty.agent_id, on)))}>{t("roster.move")}</button>
        <button className="btn" onClick={() => void run(() => change(() => day(null)))}>{t("roster.remove_day")}</button>
        {series ? <button className="btn danger" onClick={() => void run(() => change(() => del(`/shifts/${duty.shift_id}`)))}>{t("roster.remove_series")}</button> : null}
        <button className="btn" onClick={onClose}>{t("act.cancel")}</button>
      </div>
    </Dialog>
  );
}
