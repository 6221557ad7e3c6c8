/** What listening has found, and the searches that find it, as the API has them. */
export const STATES = ["new", "taken", "dismissed"] as const;
export type MentionState = (typeof STATES)[number];

export interface Mention {
  id: string;
  search_ids: string[];
  network: string;
  channel_id: string;
  external_id: string;
  url: string;
  author: { name: string; handle: string; avatar: string; followers?: number | null };
  text: string;
  language: string;
  published_at: string;
  found_at: string;
  /** "outreach" is another screen's; such a one is shown as taken care of. */
  state: MentionState | "outreach";
  kind: string;
  severity: number;
  conversation_id: string | null;
}

export interface MentionPage {
  items: Mention[];
  next: string | null;
}

/** What a price is in; the amount is in whole units of the currency. */
export interface Money {
  amount: number;
  currency: string;
}

/** A saved search as one writes it. */
export interface Sought {
  name: string;
  query: string;
  channels: string[];
  languages: string[];
  alert: boolean;
  /** Kinds of posts that become conversations by themselves. */
  take_in: string[];
  /** Seeks people to write to. */
  outreach: boolean;
  on: boolean;
}

export interface Search extends Sought {
  id: string;
  /** Why it does not find what it should, in words; empty when all is well. */
  problem: string;
  found_week: number;
  price_month: Money | null;
  created_at: string;
}

export interface Sample extends Pick<Mention, "network" | "external_id" | "url" | "text" | "published_at"> {
  author: { name: string; handle: string };
  /** By which words it was found. */
  words: string[];
}

/** How much there is of it on one network; `problem` says why it was not asked. */
export interface Volume {
  network: string;
  found: number;
  hours: number;
  per_day: number;
  price_month: Money | null;
  problem: string;
}

/** What a search would find: posts of lately, and what a month of it comes to. */
export interface Trial {
  items: Sample[];
  per_network: Volume[];
  warnings: string[];
}

/** How many mentions are new, as far as they are counted. */
export interface Waiting {
  new: number;
  more: boolean;
}
