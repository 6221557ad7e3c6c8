/** The pages of the settings, in the order of the list beside them. */
import type { ComponentType } from "react";
import type { Agent } from "../api/types";
import { Covered } from "../roster/Covered";
import { Giving } from "../roster/Giving";
import { Roster } from "../roster/Roster";
import { Alerts } from "../paging/Alerts";
import { Paging } from "../paging/Paging";
import { Ready } from "../paging/Ready";
import { Agents } from "./Agents";
import { Appearance } from "./Appearance";
import { Audit } from "./Audit";
import { Channels } from "./Channels";
import { Following } from "./Following";
import { Hours } from "./Hours";
import { Inboxes } from "./Inboxes";
import { Keyboard } from "./Keyboard";
import { Mail } from "./Mail";
import { OtherDesks } from "./OtherDesks";
import { People } from "./People";
import { Policies } from "./Policies";
import { Portals } from "./Portal";
import { Responder } from "./Responder";
import { Searches } from "./searches/Searches";
import { Rules } from "./rules/Rules";
import { Retention } from "./Retention";
import { SetAside } from "./SetAside";
import { Macros, Tags, Views } from "./Shelves";
import { Teams } from "./Teams";
import { Sessions, Tokens } from "./Tokens";
import { Webhooks } from "./Webhooks";
import { Workspace } from "./Workspace";

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
