/** The fuse: how much of the time to answer is left, and how warm that is. */
import type { Card } from "../api/types";
import { t } from "../i18n/t";
import { length } from "../ui/time";

export interface Fuse {
  /** Share of the time that is left, 0 to 1; null when no clock runs. */
  share: number | null;
  heat: "calm" | "warn" | "hot" | "late" | "none";
  words: string;
}

export function fuse(card: Card, now: number): Fuse {
  if (!card.clock) return { share: null, heat: "none", words: "" };
  const due = Date.parse(card.clock.due_at);
  const start = Date.parse(card.clock.started_at);
  const left = due - now;
  if (left < 0) return { share: null, heat: "late", words: t("row.late", { time: length(-left) }) };
  const share = Math.max(0, Math.min(1, left / Math.max(1, due - start)));
  const heat = share > 0.5 ? "calm" : share > 0.3 ? "warn" : "hot";
  return { share, heat, words: length(left) };
}
