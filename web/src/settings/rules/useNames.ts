/** What networks, channels, inboxes, teams and colleagues are called, and which there are. */
import { t } from "../../i18n/t";
import { useCalled, useDesk, useNetworkTitle } from "../../live/store";
import { grouped } from "../../ui/number";
import type { Act, Condition } from "./types";
import type { Names } from "./say";

const KINDS = ["complaint", "question", "request", "praise", "chatter", "spam", "not_a_customer"] as const;

export interface Choice {
  id: string;
  name: string;
}

export function useChoices(): (field: Condition["field"] | Act["do"]) => Choice[] | null {
  const { agents, channels, inboxes, teams } = useDesk();
  const called = useCalled();
  const titleOf = useNetworkTitle();
  return (field) => {
    if (field === "inbox") return inboxes;
    if (field === "channel") return channels.map((one) => ({ id: one.id, name: called(one.network, one.handle) }));
    if (field === "network") return [...new Set(channels.map((one) => one.network))].map((id) => ({ id, name: titleOf(id) }));
    if (field === "visibility") return (["public", "private"] as const).map((id) => ({ id, name: t(`rules.visibility.${id}`) }));
    if (field === "kind") return KINDS.map((id) => ({ id, name: t(`rules.kind.${id}`) }));
    if (field === "mood") return (["bad", "neutral", "good"] as const).map((id) => ({ id, name: t(`rules.mood.${id}`) }));
    if (field === "urgency") return (["now", "today", "none"] as const).map((id) => ({ id, name: t(`rules.urgency.${id}`) }));
    if (field === "severity") return ["1", "2", "3", "4", "5"].map((id) => ({ id, name: id }));
    if (field === "team") return teams;
    if (field === "assign") return agents.filter((one) => one.role !== "viewer");
    return null;
  };
}

export function useNames(): Names {
  const choices = useChoices();
  return (field, value) => {
    if (field === "followers") return grouped(Number(value));
    const from = choices(field);
    if (from) return from.find((one) => one.id === value)?.name ?? t("rules.gone");
    return `“${value}”`;
  };
}
