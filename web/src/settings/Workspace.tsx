import { useState } from "react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, patch, words } from "../api/client";
import type { Rules } from "../api/types";
import { t } from "../i18n/t";
import { toast } from "../ui/toast";
import { Sure } from "./parts";

const NAMES = ["codes_required", "presence", "typing"] as const;
const PATH = "/workspace";

/** What an owner decides for everybody; each takes effect at once. */
export function Workspace() {
  const client = useQueryClient();
  const found = useQuery({ queryKey: [PATH], queryFn: () => get<Rules>(PATH) });
  const [asking, setAsking] = useState(false);
  const set = async (change: Partial<Rules>): Promise<void> => {
    try {
      client.setQueryData([PATH], await patch<Rules>(PATH, change));
    } catch (error) {
      toast(words(error), { bad: true });
    }
  };
  if (found.error) return <p className="hot" role="alert">{words(found.error)}</p>;
  const rules = found.data;
  if (!rules) return <p className="quiet" role="status">{t("settings.loading")}</p>;
  const toggle = (name: keyof Rules): void => {
    // It signs people out: asked about before, not undone after.
    if (name === "codes_required" && !rules.codes_required) setAsking(true);
    else void set({ [name]: !rules[name] });
  };
  return (
    <>
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
      {asking ? <Sure title={t("rules.codes_required")} words={t("rules.sure")} act={t("rules.require")} onYes={() => void set({ codes_required: true })} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
