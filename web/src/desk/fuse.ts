/** The fuse: how much of the time to answer is left, and how warm that is. */
import type { Card } from "../api/types";
import { t } from "../i18n/t";
import { clockTime, length } from "../ui/time";
import { resolvingOf } from "./resolving";
import { openBetween, tickingOf, type Ticking } from "./ticking";

export interface Fuse {
  /** Share of the time that is left, 0 to 1; null when no clock runs. */
  share: number | null;
  heat: "calm" | "warn" | "hot" | "late" | "none";
  /** Whether the clock stands still, as nobody is there. */
  paused: boolean;
  words: string;
}

const NONE: Fuse = { share: null, heat: "none", paused: false, words: "" };
const WARNS = [0.5, 0.2];

function heatOf(share: number, shares: number[]): Fuse["heat"] {
  const points = shares.length ? shares : WARNS;
  if (share > (points[0] ?? 0)) return "calm";
  return share > (points.at(-1) ?? 0) ? "warn" : "hot";
}

/** In business time what is left is counted while somebody is there; it stands still in between. */
function inHours({ open, shares }: Ticking, start: number, due: number, now: number): Fuse {
  const left = openBetween(open, now, due);
  const share = Math.max(0, Math.min(1, left / Math.max(1, openBetween(open, start, due))));
  const opens = open.find(([, closes]) => closes > now)?.[0] ?? now;
  const paused = opens > now;
  const words = paused ? t("row.opens", { time: clockTime(new Date(opens).toISOString()) }) : length(left);
  return { share, heat: heatOf(share, shares), paused, words };
}

/** How much of the time to solve it is left; by the wall's clock, also where it is counted in hours. */
export function solvingFuse(card: Card, now: number): Fuse {
  const solving = resolvingOf(card);
  if (!solving) return NONE;
  const left = solving.due - now;
  if (left < 0) return { share: null, heat: "late", paused: false, words: t("row.solve_late", { time: length(-left) }) };
  const share = Math.min(1, left / Math.max(1, solving.due - solving.start));
  return { share, heat: heatOf(share, []), paused: false, words: t("row.solve", { time: length(left) }) };
}

/** What comes first: the answer, or the resolution. Who is late already is told of that. */
export function fuse(card: Card, now: number): Fuse {
  const solving = resolvingOf(card);
  const answered = !card.clock || (solving !== undefined && solving.due < Date.parse(card.clock.due_at));
  return solving && answered ? solvingFuse(card, now) : answerFuse(card, now);
}

export function answerFuse(card: Card, now: number): Fuse {
  if (!card.clock) return NONE;
  const due = Date.parse(card.clock.due_at);
  const start = Date.parse(card.clock.started_at);
  const left = due - now;
  if (left < 0) return { share: null, heat: "late", paused: false, words: t("row.late", { time: length(-left) }) };
  const ticking = tickingOf(card);
  if (ticking?.business.includes(card.severity)) return inHours(ticking, start, due, now);
  const share = Math.max(0, Math.min(1, left / Math.max(1, due - start)));
  return { share, heat: heatOf(share, ticking?.shares ?? []), paused: false, words: length(left) };
}
