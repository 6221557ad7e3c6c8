/** A week by agent: a table, so that it reads well by ear too; on a phone a list of days. */
import { del, words } from "../api/client";
import type { Agent } from "../api/types";
import { t } from "../i18n/t";
import { Do } from "../ui/Do";
import { toast } from "../ui/toast";
import { Chip, type Moves } from "./Chip";
import type { Absence, Standing } from "./types";
import { useDrag } from "./useDrag";
import type { Week } from "./useWeek";
import { dayOf, plus, shortDay, startOf, weekFrom } from "./week";

interface Props extends Omit<Moves, "onGrab"> {
  monday: string;
  week: Week;
  agents: Agent[];
  standing: Standing[];
  edits: boolean;
  change: (act: () => Promise<unknown>) => Promise<void>;
  onAdd: (agent: Agent, day: string) => void;
}

function Away({ absence, edits, change }: { absence: Absence; edits: boolean; change: Props["change"] }) {
  const remove = (): Promise<void> => change(() => del(`/absences/${absence.id}`)).catch((error: unknown) => void toast(words(error), { bad: true }));
  const what = t(absence.kind ? `roster.kind.${absence.kind}` : "roster.absent");
  return <span className="duty off">{what}{edits ? <Do className="plain" aria-label={t("roster.remove_absence", { what })} act={remove}>×</Do> : null}</span>;
}

const on = (day: string, from: string, to: string): boolean => from < startOf(plus(day, 1)) && to > startOf(day);

function Name({ agent, standing }: { agent: Agent; standing: Standing[] }) {
  const status = standing.find((one) => one.agent_id === agent.id)?.status ?? "away";
  return <th scope="row" className={status}>{agent.name} <i className="dot" role="img" aria-label={t(`status.${status}`)} title={t(`status.${status}`)} /></th>;
}

export function Grid({ monday, week, agents, standing, edits, change, onAdd, onDuty, onMove }: Props) {
  const { over, dragged, begin } = useDrag(onMove);
  const days = weekFrom(monday);
  const today = dayOf(new Date());
  const iso = (instant: string): string => new Date(instant).toISOString();
  return (
    <table className={`roster${dragged ? " dragging" : ""}`}>
      <thead>
        <tr><th scope="col">{t("roster.who")}</th>{days.map((day) => <th key={day} scope="col" className={day === today ? "today" : ""}>{shortDay(day)}</th>)}</tr>
      </thead>
      <tbody>
        {agents.map((agent) => (
          <tr key={agent.id}>
            <Name agent={agent} standing={standing} />
            {days.map((day) => (
              <td key={day} data-day={shortDay(day)} data-agent={agent.id} data-on={day} className={`${day === today ? "today" : ""}${over?.agent_id === agent.id && over.day === day ? " over" : ""}`}>
                {week.absences.filter((one) => one.agent_id === agent.id && on(day, iso(one.starts_at), iso(one.ends_at))).map((one) => <Away key={one.id} absence={one} edits={edits} change={change} />)}
                {week.duties.filter((one) => one.agent_id === agent.id && dayOf(new Date(one.starts_at)) === day).map((one) => <Chip key={one.shift_id + one.starts_at} duty={one} agents={agents} edits={edits} dragged={one === dragged} onDuty={onDuty} onMove={onMove} onGrab={begin} />)}
                {edits ? <button className="plus" aria-label={t("roster.add_to", { name: agent.name, day: shortDay(day) })} onClick={() => onAdd(agent, day)}>+</button> : null}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
