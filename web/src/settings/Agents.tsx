import { useState } from "react";
import { patch, post } from "../api/client";
import type { Agent } from "../api/types";
import { t } from "../i18n/t";
import { Do } from "../ui/Do";
import { Form, Once, Things } from "./parts";
import { useThings } from "./useThings";

const ROLES = (["agent", "lead", "viewer", "owner"] as const).map((role) => ({ value: role, label: t(`role.${role}`) }));

interface Invitation {
  name: string;
  url: string;
  mailed_to: string | null;
}

function toldOf({ name, mailed_to: address }: Invitation): string {
  return address ? t("settings.invite_mailed", { name, address }) : t("settings.invite_help", { name });
}

export function Agents() {
  const agents = useThings<Agent>("/agents");
  const [link, setLink] = useState<Invitation | null>(null);
  const invite = async (agent: Agent): Promise<void> => {
    const made = await agents.run(() => post<Omit<Invitation, "name">>(`/agents/${agent.id}/invitation`));
    if (made) setLink({ name: agent.name, ...made });
  };
  const add = async (values: Record<string, string>): Promise<boolean> => {
    const agent = await agents.run(() => post<Agent>("/agents", values));
    if (agent) await invite(agent);
    return agent !== null;
  };
  return (
    <>
      {link ? <Once words={toldOf(link)} value={link.url} /> : null}
      <Things {...agents} empty={agents.items.length === 0}>
        {agents.items.map((agent) => (
          <li key={agent.id}>
            <span className="grow"><b>{agent.name}</b> {agent.sign_off}<br /><span className="quiet">{agent.email}, {t(`role.${agent.role}`)}</span></span>
            <Do act={() => invite(agent)}>{t("settings.invite")}</Do>
            <Do act={() => agents.run(() => patch(`/agents/${agent.id}`, { disabled: !agent.disabled }))}>
              {t(agent.disabled ? "settings.enable" : "settings.disable")}
            </Do>
          </li>
        ))}
      </Things>
      <Form
        submit={t("settings.add")}
        inputs={[
          { name: "name", label: t("settings.name") },
          { name: "email", label: t("settings.email"), type: "email" },
          { name: "role", label: t("settings.role"), options: ROLES },
        ]}
        onSubmit={add}
      />
    </>
  );
}
