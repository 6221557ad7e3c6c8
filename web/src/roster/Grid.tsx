/** A week by agent: a table, so that it reads well by ear too; on a phone a list of days. */
import { del, words } from "../api/client";
import type { Agent } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Do } from "../ui/Do";
import { toast } from "../ui/toast";
import type { Absence, Duty } from "./types";
import type { Week } from "./useWeek";
import { clock, dayOf, plus, shortDay, startOf, weekFrom } from "./week";

interface Props {
  monday: string;
  week: Week;
  agents: Agent[];
  edits: boolean;
  change: (act: () => Promise<unknown>) => Promise<void>;
  onAdd: (agent: Agent, day: string) => void;
  onDuty: (duty: Duty) => void;
}

function Chip({ duty, edits, onDuty }: { duty: Duty; edits: boolean; onDuty: (duty: Duty) => void }) {
  const { teams } = useDesk();
  const team = teams.find((one) => one.id === duty.team_id)?.name;
  const inside = (
    <>
      <b className="num">{clock(duty.starts_at)}–{clock(duty.ends_at)}</b>
      {duty.on_call ? <small>{t("roster.kind.on_call")}</small> : null}
      {team ? <small>{team}</small> : null}
    </>
  );
  const kind = `duty${duty.on_call ? " call" : ""}`;
  return edits ? <button className={kind} onClick={() => onDuty(duty)}>{inside}</button> : <span className={kind}>{inside}</span>;
}

function Away({ absence, edits, change }: { absence: Absence; edits: boolean; change: Props["change"] }) {
  const remove = (): Promise<void> => change(() => del(`/absences/${absence.id}`)).catch((error: unknown) => void toast(words(error), { bad: true }));
  const what = t(absence.kind ? `roster.kind.${absence.kind}` : "roster.absent");
  return <span className="duty off">{what}{edits ? <Do className="plain" aria-label={t("roster.remove_absence", { what })} act={remove}>×</Do> : null}</span>;
}

const on = (day: string, from: string, to: string): boolean => from < startOf(plus(day, 1)) && to > startOf(day);

export function Grid({ monday, week, agents, edits, change, onAdd, onDuty }: Props) {
  const days = weekFrom(monday);
  const today = dayOf(new Date());
  const iso = (instant: string): string => new Date(instant).toISOString();
  return (
    <table className="roster">
      <thead>
        <tr><th scope="col">{t("roster.who")}</th>{days.map((day) => <th key={day} scope="col" className={day === today ? "today" : ""}>{shortDay(day)}</th>)}</tr>
      </thead>
      <tbody>
        {agents.map((agent) => (
          <tr key={agent.id}>
            <th scope="row">{agent.name}</th>
            {days.map((day) => (
              <td key={day} data-day={shortDay(day)} className={day === today ? "today" : ""}>
                {week.absences.filter((one) => one.agent_id === agent.id && on(day, iso(one.starts_at), iso(one.ends_at))).map((one) => <Away key={one.id} absence={one} edits={edits} change={change} />)}
                {week.duties.filter((one) => one.agent_id === agent.id && dayOf(new Date(one.starts_at)) === day).map((one) => <Chip key={one.shift_id + one.starts_at} duty={one} edits={edits} onDuty={onDuty} />)}
                {edits ? <button className="plus" aria-label={t("roster.add_to", { name: agent.name, day: shortDay(day) })} onClick={() => onAdd(agent, day)}>+</button> : null}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
