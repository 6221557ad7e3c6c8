import { del, patch, post } from "../api/client";
import type { Inbox } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Do } from "../ui/Do";
import { Chosen, ChosenOf } from "./Chosen";
import { Form, Things } from "./parts";
import { useThings } from "./useThings";

export function Inboxes() {
  const inboxes = useThings<Inbox>("/inboxes");
  const { agents, teams } = useDesk();
  const change = (inbox: Inbox, to: Partial<Inbox>): Promise<unknown> => inboxes.run(() => patch(`/inboxes/${inbox.id}`, to));
  const names = ({ agent_ids, team_ids }: Inbox): string =>
    [...teams.filter((team) => team_ids.includes(team.id)), ...agents.filter((agent) => agent_ids.includes(agent.id))].map((one) => one.name).join(", ");
  return (
    <>
      <Things {...inboxes} empty={inboxes.items.length === 0} emptyWords={t("settings.no_inboxes")}>
        {inboxes.items.map((inbox) => (
          <li key={inbox.id}>
            <span className="grow"><b>{inbox.name}</b><br /><span className="quiet">{names(inbox) || t("settings.everybody")}</span></span>
            <Do aria-label={t("settings.remove_one", { name: inbox.name })} act={() => inboxes.run(() => del(`/inboxes/${inbox.id}`))}>{t("act.remove")}</Do>
            <Chosen words={t("settings.who_works", { name: inbox.name })}>
              <ChosenOf title={t("settings.teams")} from={teams} ids={inbox.team_ids} onChange={(team_ids) => change(inbox, { team_ids })} />
              <ChosenOf title={t("settings.agents")} from={agents.filter((agent) => !agent.disabled)} ids={inbox.agent_ids} onChange={(agent_ids) => change(inbox, { agent_ids })} />
            </Chosen>
          </li>
        ))}
      </Things>
      <Form submit={t("settings.add")} inputs={[{ name: "name", label: t("settings.name") }]} onSubmit={async (values) => (await inboxes.run(() => post("/inboxes", values))) !== null} />
    </>
  );
}
