/** A rule as a sentence that can be read aloud. */
import { t } from "../../i18n/t";
import { PLAIN, type Act, type Condition, type Rule } from "./types";

/** What ids are called. */
export type Names = (field: Condition["field"] | Act["do"], value: string) => string;

function listed(words: string[], last: string): string {
  return words.length < 2 ? (words[0] ?? "…") : `${words.slice(0, -1).join(", ")} ${last} ${words.at(-1) ?? ""}`;
}

export function sayCondition(one: Condition, names: Names): string {
  if (PLAIN.includes(one.field)) return t(one.negated ? `rules.says.${one.field}_not` : `rules.says.${one.field}`);
  const values = listed(one.values.map((value) => names(one.field, value)), t("rules.or"));
  return t(one.negated ? `rules.says.${one.field}_not` : `rules.says.${one.field}`, { values });
}

export function sayAct(one: Act, names: Names): string {
  return t(`rules.does.${one.do}`, { value: one.value ? names(one.do, one.value) : "…" });
}

export function say(rule: Rule, names: Names): string {
  const conditions = rule.conditions.map((one) => sayCondition(one, names));
  const joined = conditions.join(` ${t(rule.match === "all" ? "rules.and" : "rules.or")} `);
  const acts = listed(rule.acts.map((one) => sayAct(one, names)), t("rules.and"));
  return t("rules.sentence", { when: t(`rules.when.${rule.when}`), conditions: joined || "…", acts });
}
