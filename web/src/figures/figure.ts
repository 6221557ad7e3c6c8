/** What figures are, and how they are said: lengths, shares, and the course of days as lines. */

export interface Figure {
  key: string | null;
  name: string;
  waits: number;
  answered: number;
  waiting: number;
  overdue: number;
  closed: number;
  left_out: number;
  oldest_waiting_since: string | null;
  answered_rate: number | null;
  first_answer_median: number | null;
  first_answer_p90: number | null;
  business_median: number | null;
  business_p90: number | null;
  kept: number;
  missed: number;
  attainment: number | null;
  next_answered: number;
  next_median: number | null;
  next_p90: number | null;
  next_kept: number;
  next_missed: number;
  next_attainment: number | null;
  resolved: number;
  resolution_median: number | null;
  resolution_p90: number | null;
  resolution_kept: number;
  resolution_missed: number;
  resolution_attainment: number | null;
  promises_made: number;
  promises_kept: number;
  promises_broken: number;
  promises_rate: number | null;
  rating_asked: number;
  rating_count: number;
  rating_good: number;
  rating_good_rate: number | null;
  rating_mean: number | null;
}

export const SPLITS = ["day", "channel", "inbox", "team", "agent", "severity"] as const;
export type Split = (typeof SPLITS)[number];
export const STAGES = ["first", "next", "end"] as const;
/** What is measured: the first answer, each next one, the end. */
export type Stage = (typeof STAGES)[number];
export type Clock = "wall" | "business";

export interface Figures {
  at: string;
  zone: string;
  first_day: string;
  last_day: string;
  by: Split;
  total: Figure;
  rows: Figure[];
}

export const WHICH = [
  "waits", "answered", "waiting", "overdue", "closed", "left_out", "kept", "missed",
  "next_answered", "next_kept", "next_missed", "resolved", "resolution_kept", "resolution_missed",
  "promises_made", "promises_kept", "promises_broken", "rating_asked", "rating_count", "rating_good",
] as const;
export type Which = (typeof WHICH)[number];

/** What is looked at: which conversations, of which days, of what. */
export interface Behind {
  which: Which;
  /** The longest waits first: what a median or p90 is made of. */
  longest?: boolean;
  title: string;
  from: string;
  to: string;
  only: Record<string, string>;
}

/** A length in seconds: "48 s", "4 min 05", "51 min", "5 h 12", "3 d 4 h"; a dash for none. */
export function lasted(seconds: number | null): string {
  if (seconds === null) return "–";
  const whole = Math.max(0, Math.round(seconds));
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  const two = (n: number): string => String(n).padStart(2, "0");
  if (minutes < 1) return `${whole} s`;
  if (minutes < 10) return `${minutes} min ${two(whole % 60)}`;
  if (minutes < 100) return `${minutes} min`;
  if (hours < 48) return `${hours} h ${two(minutes % 60)}`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** "94 %": rounded down near the top, since "100 %" says that nobody was missed. */
export function percent(rate: number | null): string {
  if (rate === null) return "–";
  const shown = rate < 1 ? Math.min(99, Math.round(rate * 100)) : 100;
  return (shown / 100).toLocaleString(undefined, { style: "percent" });
}

export function median(figure: Figure, clock: Clock): number | null {
  return clock === "wall" ? figure.first_answer_median : figure.business_median;
}

export function p90(figure: Figure, clock: Clock): number | null {
  return clock === "wall" ? figure.first_answer_p90 : figure.business_p90;
}

/** Lengths that people have words for. */
const LEVELS = [1, 10, 60, 300, 900, 3600, 14_400, 43_200, 86_400, 259_200, 604_800, 2_592_000, 31_536_000];

/** What a level is called: "15 min", "4 h", "3 d". */
export function levelName(seconds: number): string {
  const units = [[86_400, "d"], [3_600, "h"], [60, "min"], [1, "s"]] as const;
  const [size, name] = units.find(([size]) => seconds >= size) ?? [1, "s"];
  return `${Math.round(seconds / size)} ${name}`;
}

/** The levels that enclose these lengths, a few of them; the scale between is logarithmic. */
export function levels(lengths: (number | null)[], most = 5): number[] {
  const found = lengths.filter((one) => one !== null).map((one) => Math.max(1, one));
  if (!found.length) return [];
  const [low, high] = [Math.min(...found), Math.max(...found)];
  const from = LEVELS.findLastIndex((level) => level <= low);
  const to = LEVELS.findIndex((level) => level >= high && level > (LEVELS[from] ?? 0));
  const between = LEVELS.slice(Math.max(0, from), (to < 0 ? LEVELS.length - 1 : to) + 1);
  const step = Math.ceil((between.length - 1) / (most - 1));
  return between.filter((_, index) => index % step === 0 || index === between.length - 1);
}

/** Where a length lies between the lowest level (0) and the highest (1). */
export function height(seconds: number, between: number[]): number {
  const [low, high] = [Math.log(between[0] ?? 1), Math.log(between.at(-1) ?? 10)];
  return Math.max(0, Math.min(1, (Math.log(Math.max(1, seconds)) - low) / (high - low)));
}

/** A line through the days that have a value; it breaks where one has none. */
export function line(values: (number | null)[], x: (index: number) => number, y: (value: number) => number): string {
  let drawn = "";
  values.forEach((value, index) => {
    if (value === null) return;
    const before = index > 0 && values[index - 1] !== null;
    drawn += `${before ? "L" : "M"}${x(index).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  return drawn;
}
