/** The roster as the API tells it. */
import type { Weekday } from "./week";

export interface Shift {
  id: string;
  agent_id: string;
  team_id: string | null;
  zone: string;
  weekdays: Weekday[];
  opens: string;
  closes: string;
  from_day: string;
  until_day: string | null;
  every: number;
  skipped: string[];
  on_call: boolean;
  note: string;
}

export interface Duty {
  starts_at: string;
  ends_at: string;
  agent_id: string;
  team_id: string | null;
  on_call: boolean;
  shift_id: string;
  day: string;
}

export interface Absence {
  id: string;
  agent_id: string;
  kind: "holiday" | "sick" | "other" | "";
  starts_at: string;
  ends_at: string;
}

export type Status = "here" | "busy" | "away";

export interface Standing {
  agent_id: string;
  status: Status;
  since: string | null;
  capacity: number | null;
  skills: string[];
  languages: string[];
}

export interface Coverage {
  monday: string;
  weeks: number;
  rostered: boolean;
  cells: { weekday: number; hour: number; people: number; covered: number; posts: number }[];
  gaps: { starts_at: string; ends_at: string; posts: number; words: string }[];
}
