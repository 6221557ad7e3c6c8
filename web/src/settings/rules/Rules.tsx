/** The rules of a lead, in the order in which they act. */
import { useState } from "react";
import { del, post, put } from "../../api/client";
import { t } from "../../i18n/t";
import { Do } from "../../ui/Do";
import { ago, useNow } from "../../ui/time";
import { Sure, Things } from "../parts";
import { useThings } from "../useThings";
import { RuleForm } from "./RuleForm";
import { say } from "./say";
import { bare, fresh, type Kept, type Rule } from "./types";
import { useNames } from "./useNames";

function Facts({ rule }: { rule: Kept }) {
  const now = useNow();
  const said = rule.acted ? t("rules.acted", { n: rule.acted }) : t("rules.idle");
  return (
    <small className="quiet">
      {rule.on ? said : t("rules.off")}{rule.acted_at ? `, ${t("rules.last", { ago: ago(rule.acted_at, now) })}` : ""}
      {rule.trouble ? <><br /><span className="hot">{rule.trouble}</span></> : null}
    </small>
  );
}

export function Rules() {
  const rules = useThings<Kept>("/rules");
  const names = useNames();
  const [open, setOpen] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<Kept | null>(null);
  const keep = async (rule: Rule, id: string): Promise<void> => {
    await rules.tried(() => (id ? put(`/rules/${id}`, rule) : post("/rules", rule)));
    setOpen(null);
  };
  const up = (at: number): Promise<unknown> => {
    const ids = rules.items.map((one) => one.id);
    const [moved] = ids.splice(at, 1);
    if (moved) ids.splice(at - 1, 0, moved);
    return rules.run(() => put("/rule-order", { ids }));
  };
  return (
    <>
      <p className="quiet">{t("rules.about")}</p>
      {open === "" && rules.items.length === 0 ? null : (
        <Things {...rules} empty={rules.items.length === 0} emptyWords={t("rules.empty")}>
          {rules.items.map((rule, at) => (
            <li key={rule.id}>
              {open === rule.id ? <RuleForm kept={rule} onSave={(next) => keep(next, rule.id)} onClose={() => setOpen(null)} /> : (
                <>
                  <span className="grow"><b>{rule.name}</b><br />{say(rule, names)}<br /><Facts rule={rule} /></span>
                  {at > 0 ? <Do act={() => up(at)} aria-label={t("rules.up_of", { name: rule.name })}>↑</Do> : null}
                  <Do act={() => rules.run(() => put(`/rules/${rule.id}`, { ...bare(rule), on: !rule.on }))}>{t(rule.on ? "rules.turn_off" : "rules.turn_on")}</Do>
                  <button className="btn" onClick={() => setOpen(rule.id)}>{t("rules.change")}</button>
                  <button className="btn" onClick={() => setLeaving(rule)}>{t("act.remove")}</button>
                </>
              )}
            </li>
          ))}
        </Things>
      )}
      {open === "" ? <RuleForm kept={fresh()} onSave={(next) => keep(next, "")} onClose={() => setOpen(null)} /> : null}
      {open === null && !rules.loading && !rules.failed ? <div><button className="btn go" onClick={() => setOpen("")}>{t("rules.new")}</button></div> : null}
      {leaving ? <Sure title={t("rules.remove_title", { name: leaving.name })} words={t("rules.remove_words")} act={t("act.remove")} onYes={() => rules.tried(() => del(`/rules/${leaving.id}`))} onClose={() => setLeaving(null)} /> : null}
    </>
  );
}
