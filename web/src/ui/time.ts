/** Lengths and instants in words, and one ticker for all that ticks. */
import { useSyncExternalStore } from "react";

const listeners = new Set<() => void>();
let now = Date.now();

function tick(): void {
  now = Date.now();
  for (const listener of listeners) listener();
}

let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tick, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

/** Milliseconds since the epoch, renewed each second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}

/** "48 s", "1 min 08", "51 min", "22 h", "3 d". */
export function length(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${seconds} s`;
  if (minutes < 10) return `${minutes} min ${String(seconds % 60).padStart(2, "0")}`;
  if (minutes < 100) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`;
}

export function ago(instant: string, at: number): string {
  const ms = at - Date.parse(instant);
  return ms < 60_000 ? "just now" : `${length(ms).replace(/ \d\d$/, "")} ago`;
}

/** The time of day alone, as the reader writes it. */
export function wallTime(instant: string): string {
  return new Date(instant).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}

export function clockTime(instant: string): string {
  const date = new Date(instant);
  const today = date.toDateString() === new Date().toDateString();
  const time = wallTime(instant);
  return today ? time : `${date.toLocaleDateString([], { day: "numeric", month: "short" })} ${time}`;
}

export function day(instant: string): string {
  return new Date(instant).toLocaleDateString([], { day: "numeric", month: "short", year: "numeric" });
}

/** "14:05" as it is in a zone; a zone that this browser does not know is left unsaid. */
export function clockIn(zone: string, at: number): string {
  try {
    return new Intl.DateTimeFormat(undefined, { timeZone: zone, hour: "numeric", minute: "2-digit" }).format(at);
  } catch {
    return "?";
  }
}
