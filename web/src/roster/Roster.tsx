/** The roster: who is there in a week, and everything that changes it. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get, post, words } from "../api/client";
import type { Agent } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Loaded } from "../settings/parts";
import { Do } from "../ui/Do";
import { toast } from "../ui/toast";
import { AddShift } from "./AddShift";
import { Calendars } from "./Calendars";
import { Grid } from "./Grid";
import { OneDuty } from "./OneDuty";
import { PostNow } from "./PostNow";
import type { Duty, Standing } from "./types";
import { useMove } from "./useMove";
import { useRenewed } from "./useRenewed";
import { useWeek } from "./useWeek";
import { WeekBar } from "./WeekBar";
import { dayOf, here, mondayOf, plus } from "./week";

export function Roster() {
  const { agents, me } = useDesk();
  const [monday, setMonday] = useState(mondayOf(dayOf(new Date())));
  const [adding, setAdding] = useState<{ agent: Agent; day: string } | null>(null);
  const [chosen, setChosen] = useState<Duty | null>(null);
  const { query, change } = useWeek(monday);
  const standing = useQuery({ queryKey: ["statuses"], queryFn: () => get<Standing[]>("/statuses") });
  useRenewed("roster", ["shift.", "absence."]);
  useRenewed("statuses", ["status."]);
  const move = useMove(change);
  const edits = me.agent.role === "owner" || me.agent.role === "lead";
  const shown = agents.filter((agent) => !agent.disabled && agent.role !== "viewer");
  const copy = async (): Promise<void> => {
    try {
      await change(async () => {
        const made = await post<unknown[]>("/shifts/copies", { monday: plus(monday, -7), to: monday });
        toast(t("roster.copied", { n: made.length }));
      });
    } catch (error) {
      toast(words(error), { bad: true });
    }
  };
  return (
    <>
      <p className="quiet">{t(edits ? "roster.about" : "roster.about_agents", { zone: here() })}</p>
      <WeekBar monday={monday} onChange={setMonday}>{edits ? <Do act={copy}>{t("roster.copy")}</Do> : null}</WeekBar>
      <PostNow />
      <Loaded query={query}>
        {(week) => (
          <>
            {week.shifts.length ? null : <p className="nothing">{t(edits ? "roster.empty" : "roster.empty_agents")}</p>}
            <Grid monday={monday} week={week} agents={shown} standing={standing.data ?? []} edits={edits} change={change} onAdd={(agent, day) => setAdding({ agent, day })} onDuty={setChosen} onMove={move} />
            {adding ? <AddShift {...adding} change={change} onClose={() => setAdding(null)} /> : null}
            {chosen ? <OneDuty duty={chosen} shift={week.shifts.find((one) => one.id === chosen.shift_id)} change={change} onClose={() => setChosen(null)} /> : null}
          </>
        )}
      </Loaded>
      <Calendars edits={edits} change={change} agents={shown} />
    </>
  );
}
