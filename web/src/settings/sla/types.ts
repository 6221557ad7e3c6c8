/** Hours and policies as the API tells and takes them; slots are "09:00-17:00". */

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Day = (typeof DAYS)[number];
export type Week = Record<Day, string[]>;

export interface OwnDay {
  day: string;
  slots: string[];
  name: string;
  yearly: boolean;
}

export interface Change {
  starts_on: string;
  week: Week;
}

export interface Calendar {
  zone: string;
  week: Week;
  changes: Change[];
  regions: { country: string; subdivision: string }[];
  own_days: OwnDay[];
}

export interface Hours {
  id: string;
  name: string;
  version: number;
  calendar: Calendar;
}

export interface HoursPreview {
  open: boolean;
  opens_at: string | null;
  due: { within: number; due_at: string }[];
  spans: [string, string][];
  special_days: { day: string; name: string; slots: number }[];
}

export interface Target {
  within: number;
  counts: "business" | "calendar";
}

export const KINDS = ["first_response", "next_response", "resolution"] as const;
export type Kind = (typeof KINDS)[number];
export type Promised = { [kind in Kind]?: Target | null };

export interface Warn {
  share?: number | null;
  before?: number | null;
}

export const MATCHES = ["inbox_ids", "channel_ids", "visibilities", "contact_tags", "languages"] as const;
export type Match = Record<(typeof MATCHES)[number], string[]>;

export interface Terms {
  name: string;
  severities: Record<string, Promised>;
  match: Match;
  hours_id: string | null;
  limit_for: number | null;
  warn: Warn[];
  snoozed_pauses_response: boolean;
  snoozed_pauses_resolution: boolean;
  pending_pauses_resolution: boolean;
}

export interface Policy {
  id: string;
  version_id: string;
  version: number;
  position: number;
  terms: Terms;
}

export interface Due {
  severity: number;
  kind: Kind;
  due_at: string;
  warnings: string[];
  limit_at: string | null;
  counts: string;
}

export const EMPTY_MATCH: Match = { inbox_ids: [], channel_ids: [], visibilities: [], contact_tags: [], languages: [] };

export function emptyWeek(): Week {
  return { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] };
}

const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** What a new calendar begins with: where the browser is, on weekdays from nine to five. */
export function newCalendar(): Calendar {
  const open = ["09:00-17:00"];
  return { zone: zone(), week: { ...emptyWeek(), mon: open, tue: open, wed: open, thu: open, fri: open }, changes: [], regions: [], own_days: [] };
}

/** A slot as two times of a clock; the midnight at the end of a day is 00:00. */
export function timesOf(slot: string): [string, string] {
  const [opens = "", closes = ""] = slot.split("-");
  return [opens, closes === "24:00" ? "00:00" : closes];
}

export function slotOf(opens: string, closes: string): string {
  return `${opens}-${closes === "00:00" ? "24:00" : closes}`;
}

/** Whether a slot runs past midnight. */
export function isLate(slot: string): boolean {
  const [opens, closes] = slot.split("-");
  return Boolean(opens && closes && closes !== "24:00" && closes < opens);
}
