/** What each agent takes at once, knows and writes. */
import { put } from "../api/client";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Form, Things } from "../settings/parts";
import { useThings } from "../settings/useThings";
import { toast } from "../ui/toast";
import type { Standing } from "./types";

const listed = (text: string | undefined): string[] => (text ?? "").split(",").map((one) => one.trim()).filter(Boolean);

function said(one: Standing): string {
  const parts = [t(`status.${one.status}`)];
  if (one.capacity !== null) parts.push(t("giving.takes", { n: one.capacity }));
  return [...parts, ...one.skills, ...one.languages].join(" · ");
}

export function Abilities() {
  const { agents } = useDesk();
  const statuses = useThings<Standing>("/statuses");
  const save = async (one: Standing, values: Record<string, string>): Promise<boolean> => {
    const capacity = values["capacity"] ? Number(values["capacity"]) : null;
    await statuses.tried(() => put(`/agents/${one.agent_id}/ability`, { capacity, skills: listed(values["skills"]), languages: listed(values["languages"]) }));
    toast(t("giving.saved"));
    return true;
  };
  return (
    <>
      <h2>{t("giving.agents")}</h2>
      <p className="quiet">{t("giving.agents_help")}</p>
      <Things {...statuses} empty={statuses.items.length === 0}>
        {statuses.items.map((one) => {
          const name = agents.find((agent) => agent.id === one.agent_id)?.name ?? "";
          const { skills, languages, capacity } = one;
          return (
            <li key={one.agent_id}>
              <span className="grow"><b>{name}</b><br /><span className="quiet">{said(one)}</span></span>
              <details className="chosen">
                <summary>{t("giving.change", { name })}</summary>
                <Form
                  key={JSON.stringify(one)}
                  submit={t("act.save")}
                  onSubmit={(values) => save(one, values)}
                  inputs={[
                    { name: "capacity", label: t("giving.capacity_hers"), type: "number", optional: true, value: capacity === null ? "" : String(capacity) },
                    { name: "skills", label: t("giving.skills"), help: t("giving.skills_help"), optional: true, value: skills.join(", ") },
                    { name: "languages", label: t("giving.languages"), help: t("giving.languages_help"), optional: true, value: languages.join(", ") },
                  ]}
                />
              </details>
            </li>
          );
        })}
      </Things>
    </>
  );
}
