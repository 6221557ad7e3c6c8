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

export interface Signal {
  id: string;
  kind: "burst" | "thread" | "look_alike" | "name_said";
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
