/** Days and weeks on the wall calendar, as "2026-11-02": no instant, so no zone can shift them. */
export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof DAYS)[number];

const asUtc = (day: string): Date => new Date(`${day}T00:00:00Z`);

export function plus(day: string, days: number): string {
  const date = asUtc(day);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** Monday is 0. */
export function weekday(day: string): number {
  return (asUtc(day).getUTCDay() + 6) % 7;
}

export function mondayOf(day: string): string {
  return plus(day, -weekday(day));
}

export function weekFrom(monday: string): string[] {
  return DAYS.map((_, index) => plus(monday, index));
}

/** The day on which an instant falls here. */
export function dayOf(instant: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${instant.getFullYear()}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`;
}

/** The instant at which a day begins here. */
export function startOf(day: string): string {
  return new Date(`${day}T00:00:00`).toISOString();
}

export function shortDay(day: string): string {
  return asUtc(day).toLocaleDateString([], { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
}

export function clock(instant: string): string {
  return new Date(instant).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

export const here = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** How many days after `from` the other day is. */
export function daysBetween(from: string, to: string): number {
  return Math.round((asUtc(to).getTime() - asUtc(from).getTime()) / 86_400_000);
}
