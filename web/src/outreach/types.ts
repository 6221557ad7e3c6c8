/** The queue of people one might write to, and its rules, as the API has them. */
export interface Candidate {
  mention_id: string;
  network: string;
  channel_id: string;
  external_id: string;
  url: string;
  name: string;
  handle: string;
  avatar: string;
  text: string;
  language: string;
  kind: string;
  search_ids: string[];
  published_at: string;
  /** From 0 to 100. */
  score: number;
  reasons: string[];
  /** Why they may not be written to; empty where they may. */
  refusal: string;
  /** Why no program may answer there; empty where one may. */
  barred: string;
}

export interface Rules {
  on: boolean;
  cap_day: number;
  cap_agent: number;
  quiet_days: number;
  quiet_from: number;
  quiet_to: number;
  zone: string;
}

export interface NetworkRules {
  network: string;
  title: string;
  /** What the network asks of whoever writes unasked. */
  words: string;
  rules: Rules;
  /** People who were written to in 24 hours. */
  used: number;
}
