/** What the radar shows, as the API tells it. */
export type Span = "day" | "week";

export interface Sample {
  message_id: string;
  conversation_id: string;
  network: string;
  author_name: string;
  author_handle: string;
  text: string;
  at: string;
  unanswered: boolean;
  sentiment: number | null;
}

/** Whom something said in public may have reached: null where it is known of nobody. */
export interface Reach {
  followers: number | null;
  known: number;
  people: number;
}

export interface Theme {
  id: string;
  label: string;
  phrases: string[];
  authors: number;
  posts: number;
  usual: number;
  trend: "new" | "rising" | "steady" | "falling";
  course: number[];
  sentiment: number | null;
  sentiment_before: number | null;
  suspected: ("one_author" | "same_text")[];
  reach: Reach;
  waiting: number;
  oldest: Sample | null;
  samples: Sample[];
}

export interface Picture {
  day: string;
  span: Span;
  made_at: string | null;
  posts: number;
  read: number;
  authors: number;
  items: Theme[];
}

export const SIDES = ["aspect", "product", "site", "place"] as const;
export type Side = (typeof SIDES)[number];

export interface Share {
  name: string;
  posts: number;
  people: number;
  sentiment: number;
  bad: number;
  good: number;
}

export interface RollUp {
  by: Side;
  items: Share[];
  looked_at: number;
  said: number;
  whole: boolean;
}

export interface Observation {
  message_id: string;
  conversation_id: string;
  network: string;
  at: string;
  product: string;
  site: string;
  place: string;
  aspects: string[];
  kind: string;
  sentiment: number;
  severity: number;
}

export interface Observed {
  items: Observation[];
  posts: number;
}

export interface Signal {
  id: string;
  kind: "burst" | "thread" | "look_alike" | "name_said" | "person_of_note";
  conversation_id: string | null;
  reason: string;
  authors: number;
  began_at: string;
  ended_at: string | null;
}

export interface MoodDay {
  day: string;
  judged: number;
  mood: number | null;
  bad: number;
  good: number;
}

export interface Step {
  at: string;
  authors: number;
}

export interface Voice {
  search_id: string;
  name: string;
  authors: number;
  posts: number;
}

export interface Overview {
  days: MoodDay[];
  steps: Step[];
  signals: Signal[];
  voices: Voice[];
}
