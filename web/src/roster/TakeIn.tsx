/** A calendar file: what would come of it is shown first. */
import { useState } from "react";
import { post, words } from "../api/client";
import type { Agent } from "../api/types";
import { t } from "../i18n/t";
import { Failed } from "../ui/Failed";
import { Do } from "../ui/Do";
import { toast } from "../ui/toast";
import type { Shift } from "./types";
import { here, shortDay } from "./week";

interface Found {
  shifts: Omit<Shift, "id">[];
  absences: { starts_at: string; ends_at: string }[];
  known: number;
  troubles: { event: string; why: string }[];
}

function Preview({ found }: { found: Found }) {
  return (
    <div role="status">
      <p>{t("roster.would", { shifts: found.shifts.length, absences: found.absences.length, known: found.known })}</p>
      <ul className="found">
        {found.shifts.slice(0, 20).map((one, index) => <li key={index} className="num">{shortDay(one.from_day)}{one.until_day === one.from_day ? "" : ` → ${one.until_day ? shortDay(one.until_day) : "…"}`} {one.opens}–{one.closes} ({one.zone})</li>)}
        {found.shifts.length > 20 ? <li>…</li> : null}
      </ul>
      {found.troubles.length ? <><p><b>{t("roster.left_out", { n: found.troubles.length })}</b></p><ul className="found">{found.troubles.slice(0, 50).map((one, index) => <li key={index}>{one.event}: {one.why}</li>)}</ul></> : null}
    </div>
  );
}

export function TakeIn({ agents, change }: { agents: Agent[]; change: (act: () => Promise<unknown>) => Promise<void> }) {
  const [agent, setAgent] = useState(agents[0]?.id ?? "");
  const [text, setText] = useState("");
  const [found, setFound] = useState<Found | null>(null);
  const [failed, setFailed] = useState("");
  const ask = (body: string, whose: string, keep: boolean): Promise<Found> => post<Found>("/shifts/imports", { text: body, agent_id: whose, zone: here(), keep });
  const look = async (body: string, whose: string): Promise<void> => {
    setText(body);
    setFound(null);
    setFailed("");
    if (!body) return;
    await ask(body, whose, false).then(setFound, (error: unknown) => setFailed(words(error)));
  };
  const keep = (): Promise<void> => change(async () => {
    await ask(text, agent, true);
    setFound(null);
    setText("");
    toast(t("roster.taken_in"));
  });
  const none = !found || found.shifts.length + found.absences.length === 0;
  return (
    <details>
      <summary>{t("roster.take_in")}</summary>
      <div className="form">
        <label>{t("roster.whose")}<select value={agent} onChange={(event) => { setAgent(event.target.value); void look(text, event.target.value); }}>{agents.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}</select></label>
        <label>{t("roster.file")}<small>{t("roster.file_help")}</small><input type="file" accept=".ics,text/calendar" onChange={(event) => { const file = event.target.files?.[0]; void (file ? file.text().then((body) => look(body, agent)) : look("", agent)); }} /></label>
        <Failed why={failed} />
        {found ? <Preview found={found} /> : null}
        <div><Do className="btn go" disabled={none} act={keep}>{t("roster.keep")}</Do></div>
      </div>
    </details>
  );
}
