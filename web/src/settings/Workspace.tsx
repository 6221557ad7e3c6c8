import { useState } from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, patch, put, words } from "../api/client";
import type { Rules } from "../api/types";
import { t } from "../i18n/t";
import { toast } from "../ui/toast";
import { useDesk } from "../live/store";
import { Form, Sure, Things } from "./parts";

const NAMES = ["codes_required", "presence", "typing", "agent_figures"] as const;
const PATH = "/workspace";

/** What an owner decides for everybody; each takes effect at once. */
export function Workspace() {
  const client = useQueryClient();
  const { workspace } = useDesk().me;
  const found = useQuery({ queryKey: [PATH], queryFn: () => get<Rules>(PATH) });
  const [asking, setAsking] = useState(false);
  const tried = async (change: Partial<Rules>): Promise<void> => {
    client.setQueryData([PATH], await patch<Rules>(PATH, change));
  };
  const set = (change: Partial<Rules>): Promise<void> => tried(change).catch((error: unknown) => void toast(words(error), { bad: true }));
  const rename = async ({ name }: Record<string, string>): Promise<boolean> => {
    try {
      await put("/workspace/name", { name });
      toast(t("workspace.renamed"));
      return true;
    } catch (error) {
      toast(words(error), { bad: true });
      return false;
    }
  };
  const note = async (given: Record<string, string>): Promise<boolean> => {
    await tried({ note_followers: Number(given["note_followers"]) });
    toast(t("workspace.note_kept"));
    return true;
  };
  const rules = found.data;
  if (!rules)
    return <Things loading={!found.error} failed={found.error ? words(found.error) : ""} again={() => void found.refetch()} empty={false}>{null}</Things>;
  const toggle = (name: (typeof NAMES)[number]): void => {
    // It signs people out: asked about before, not undone after.
    if (name === "codes_required" && !rules.codes_required) setAsking(true);
    else void set({ [name]: !rules[name] });
  };
  return (
    <>
      <Form key={workspace.name} submit={t("workspace.rename")} inputs={[{ name: "name", label: t("settings.name"), help: t("workspace.name_help"), value: workspace.name }]} onSubmit={rename} />
      <Form key={`note ${rules.note_followers}`} submit={t("act.save")} inputs={[{ name: "note_followers", label: t("workspace.note"), help: t("workspace.note_help"), type: "number", value: String(rules.note_followers) }]} onSubmit={note} />
      <ul className="things">
        {NAMES.map((name) => (
          <li key={name}>
            <label className="rule">
              <input type="checkbox" checked={rules[name]} onChange={() => toggle(name)} />
              <span><b>{t(`rules.${name}`)}</b><br /><span className="quiet">{t(`rules.${name}_help`)}</span></span>
            </label>
          </li>
        ))}
      </ul>
      <p><a className="link" href="/sign-in/enrol">{t("rules.own_codes")}</a></p>
      {asking ? <Sure title={t("rules.codes_required")} words={t("rules.sure")} act={t("rules.require")} onYes={() => tried({ codes_required: true })} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
