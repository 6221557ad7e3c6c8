/** Where people and teams are reached, and a trial of each. */
import { useState } from "react";
import { del, post } from "../api/client";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Form, Sure, Things } from "../settings/parts";
import { useThings } from "../settings/useThings";
import { Do } from "../ui/Do";
import { ago, useNow } from "../ui/time";
import { toast } from "../ui/toast";

export interface Pager {
  id: string;
  agent_id: string | null;
  team_id: string | null;
  name: string;
  service: string;
  host: string;
  reached_at: string | null;
  trouble: string;
}

function Health({ pager }: { pager: Pager }) {
  const now = useNow();
  if (pager.trouble) return <span className="state bad">{t("pager.down")}</span>;
  if (!pager.reached_at) return <span className="state warn">{t("pager.untried")}</span>;
  return <span className="state good">{t("pager.reached", { ago: ago(pager.reached_at, now) })}</span>;
}

export function Pagers({ leads }: { leads: boolean }) {
  const pagers = useThings<Pager>("/pagers");
  const { agents, teams, me } = useDesk();
  const [leaving, setLeaving] = useState<Pager | null>(null);
  const whose = (pager: Pager): string =>
    (pager.team_id ? teams.find((team) => team.id === pager.team_id)?.name : agents.find((agent) => agent.id === pager.agent_id)?.name) ?? "";
  const test = async (pager: Pager): Promise<void> => {
    const done = await pagers.run(() => post<{ taken: boolean; trouble: string }>(`/pagers/${pager.id}/test`));
    if (done) toast(done.taken ? t("pager.taken", { service: pager.service }) : t("pager.not_taken", { why: done.trouble }), { bad: !done.taken });
  };
  const people = agents.filter((agent) => !agent.disabled && agent.role !== "viewer");
  const options = [
    ...[...people].sort((a, b) => Number(b.id === me.agent.id) - Number(a.id === me.agent.id)).map((agent) => ({ value: `agent:${agent.id}`, label: agent.name })),
    ...teams.map((team) => ({ value: `team:${team.id}`, label: t("pager.team", { name: team.name }) })),
  ];
  const add = async ({ address, name, whom = `agent:${me.agent.id}` }: Record<string, string>): Promise<boolean> => {
    const [kind, id] = whom.split(":");
    await pagers.tried(() => post("/pagers", { address, name, [kind === "team" ? "team_id" : "agent_id"]: id }));
    return true;
  };
  return (
    <section aria-label={t("pagers.title")} className="part">
      <h2>{t("pagers.title")}</h2>
      <p className="quiet">{t("pagers.about")}</p>
      <Things {...pagers} empty={pagers.items.length === 0} emptyWords={t("pagers.empty")}>
        {pagers.items.map((pager) => (
          <li key={pager.id}>
            <span className="grow">
              <b>{pager.name}</b> <Health pager={pager} /><br />
              <span className="quiet">{leads ? `${whose(pager)} · ` : ""}{pager.service}{pager.host ? `, ${pager.host}` : ""}</span>
              {pager.trouble ? <><br />{pager.trouble}</> : null}
            </span>
            <Do act={() => test(pager)} aria-label={t("pager.try_one", { name: pager.name })}>{t("pager.try")}</Do>
            <button className="btn" aria-label={t("settings.remove_one", { name: pager.name })} onClick={() => setLeaving(pager)}>{t("act.remove")}</button>
          </li>
        ))}
      </Things>
      <Form
        title={t("pager.add")}
        submit={t("settings.add")}
        busyWords={t("pager.adding")}
        inputs={[
          ...(leads ? [{ name: "whom", label: t("pager.whom"), options }] : []),
          { name: "address", label: t("pager.address"), help: t("pager.address_help") },
          { name: "name", label: t("pager.name"), help: t("pager.name_help"), optional: true },
        ]}
        onSubmit={add}
      />
      {leaving ? <Sure title={t("pager.remove_title", { name: leaving.name })} words={t("pager.remove_words")} act={t("act.remove")} onClose={() => setLeaving(null)} onYes={() => pagers.tried(() => del(`/pagers/${leaving.id}`))} /> : null}
    </section>
  );
}
