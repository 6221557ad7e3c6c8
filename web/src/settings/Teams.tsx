import { del, patch, post } from "../api/client";
import type { Team } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Do } from "../ui/Do";
import { Chosen, ChosenOf } from "./Chosen";
import { Form, Things } from "./parts";
import { useThings } from "./useThings";

export function Teams() {
  const teams = useThings<Team>("/teams");
  const { agents } = useDesk();
  const names = (team: Team): string => agents.filter((agent) => team.agent_ids.includes(agent.id)).map((agent) => agent.name).join(", ");
  return (
    <>
      <Things {...teams} empty={teams.items.length === 0} emptyWords={t("settings.no_teams")}>
        {teams.items.map((team) => (
          <li key={team.id}>
            <span className="grow"><b>{team.name}</b><br /><span className="quiet">{names(team) || t("settings.nobody_in")}</span></span>
            <Do aria-label={t("settings.remove_one", { name: team.name })} act={() => teams.run(() => del(`/teams/${team.id}`))}>{t("act.remove")}</Do>
            <Chosen words={t("settings.who_belongs", { name: team.name })}>
              <ChosenOf title={t("settings.agents")} from={agents.filter((agent) => !agent.disabled)} ids={team.agent_ids} onChange={(agent_ids) => teams.run(() => patch(`/teams/${team.id}`, { agent_ids }))} />
            </Chosen>
          </li>
        ))}
      </Things>
      <Form submit={t("settings.add")} inputs={[{ name: "name", label: t("settings.name") }]} onSubmit={async (values) => (await teams.run(() => post("/teams", values))) !== null} />
    </>
  );
}
