/** Rules as the API has them. */
export const TRIGGERS = ["opened", "received", "late"] as const;
export const FIELDS = ["text", "network", "channel", "inbox", "visibility", "language", "severity", "tag", "person_tag", "author", "followers", "assigned", "kind", "mood", "urgency", "needs_reply", "shaming", "sensitive", "asked_before"] as const;
/** What is so or not, without a value. */
export const PLAIN: readonly string[] = ["assigned", "needs_reply", "shaming", "sensitive", "asked_before"];
export const DEEDS = ["tag", "severity", "team", "assign"] as const;

export interface Condition {
  field: (typeof FIELDS)[number];
  values: string[];
  negated: boolean;
}

export interface Act {
  do: (typeof DEEDS)[number];
  value: string;
}

export interface Rule {
  name: string;
  when: (typeof TRIGGERS)[number];
  match: "all" | "any";
  conditions: Condition[];
  acts: Act[];
  on: boolean;
}

export interface Kept extends Rule {
  id: string;
  on_since: string;
  acted: number;
  acted_at: string | null;
  trouble: string;
}

export interface Tried {
  since: string;
  looked: number;
  matched: number;
  changed: number;
  conversations: number;
  samples: { conversation_id: string; message_id: string; author: string; text: string; at: string; acts: number[] }[];
}

export function fresh(): Rule {
  return { name: "", when: "opened", match: "all", conditions: [{ field: "text", values: [], negated: false }], acts: [{ do: "tag", value: "" }], on: true };
}

/** What is sent: without what only belongs to a kept one. */
export function bare({ name, when, match, conditions, acts, on }: Rule): Rule {
  return { name, when, match, conditions, acts, on };
}
