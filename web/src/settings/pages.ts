/** The pages of the settings, in the order of the list beside them. */
import type { ComponentType } from "react";
import type { Agent } from "../api/types";
import { Ready } from "../paging/Ready";
import { Agents } from "./Agents";
import { Appearance } from "./Appearance";
import { Audit } from "./Audit";
import { Following } from "./Following";
import { Hours } from "./Hours";
import { Inboxes } from "./Inboxes";
import { Keyboard } from "./Keyboard";
import { Mail } from "./Mail";
import { OtherDesks } from "./OtherDesks";
import { Outreach } from "./Outreach";
import { People } from "./People";
import { Retention } from "./Retention";
import { SetAside } from "./SetAside";
import { Macros, Tags, Views } from "./Shelves";
import { Teams } from "./Teams";
import { Sessions, Tokens } from "./Tokens";
import { Workspace } from "./Workspace";
import { later } from "../ui/later";

/** The large ones: each is fetched when it is first shown. */
const Alerts = later("alerts", async () => (await import("../paging/Alerts")).Alerts, true);
const Channels = later("channels", async () => (await import("./Channels")).Channels, true);
const Covered = later("coverage", async () => (await import("../roster/Covered")).Covered, true);
const Giving = later("giving", async () => (await import("../roster/Giving")).Giving, true);
const Paging = later("paging", async () => (await import("../paging/Paging")).Paging, true);
const Policies = later("policies", async () => (await import("./Policies")).Policies, true);
const Portals = later("portal", async () => (await import("./Portal")).Portals, true);
const Responder = later("away", async () => (await import("./Responder")).Responder, true);
const Roster = later("roster", async () => (await import("../roster/Roster")).Roster, true);
const Rules = later("rules", async () => (await import("./rules/Rules")).Rules, true);
const Searches = later("searches", async () => (await import("./searches/Searches")).Searches, true);
const Webhooks = later("webhooks", async () => (await import("./Webhooks")).Webhooks, true);

interface Page {
  least: Agent["role"];
  page: ComponentType;
}

export const GROUPS = {
  desk: {
    channels: { least: "lead", page: Channels },
    portal: { least: "lead", page: Portals },
    inboxes: { least: "lead", page: Inboxes },
    away: { least: "lead", page: Responder },
    hours: { least: "lead", page: Hours },
    policies: { least: "lead", page: Policies },
    paging: { least: "agent", page: Paging },
    alerts: { least: "viewer", page: Alerts },
    live: { least: "lead", page: Ready },
    searches: { least: "lead", page: Searches },
    outreach: { least: "owner", page: Outreach },
    rules: { least: "lead", page: Rules },
    after: { least: "lead", page: Following },
    agents: { least: "lead", page: Agents },
    teams: { least: "lead", page: Teams },
    roster: { least: "viewer", page: Roster },
    coverage: { least: "viewer", page: Covered },
    giving: { least: "lead", page: Giving },
    "set-aside": { least: "lead", page: SetAside },
    tags: { least: "lead", page: Tags },
    macros: { least: "lead", page: Macros },
    views: { least: "viewer", page: Views },
    mail: { least: "owner", page: Mail },
  },
  data: {
    workspace: { least: "owner", page: Workspace },
    retention: { least: "owner", page: Retention },
    people: { least: "lead", page: People },
    audit: { least: "lead", page: Audit },
  },
  beyond: {
    tokens: { least: "agent", page: Tokens },
    webhooks: { least: "lead", page: Webhooks },
    desks: { least: "lead", page: OtherDesks },
  },
  yours: {
    appearance: { least: "viewer", page: Appearance },
    keyboard: { least: "viewer", page: Keyboard },
    sessions: { least: "viewer", page: Sessions },
  },
} as const satisfies Record<string, Record<string, Page>>;

type Names<T> = T extends unknown ? keyof T : never;
export type GroupName = keyof typeof GROUPS;
export type PageName = Names<(typeof GROUPS)[GroupName]>;

const RANK = { viewer: 0, agent: 1, lead: 2, owner: 3 };

export interface Shown {
  group: GroupName;
  pages: { name: PageName; page: ComponentType }[];
}

/** The groups that somebody of this role has anything in. */
export function pagesFor(role: Agent["role"]): Shown[] {
  return (Object.keys(GROUPS) as GroupName[])
    .map((group) => ({
      group,
      pages: (Object.entries(GROUPS[group]) as [PageName, Page][])
        .filter(([, { least }]) => RANK[role] >= RANK[least])
        .map(([name, { page }]) => ({ name, page })),
    }))
    .filter((one) => one.pages.length);
}
