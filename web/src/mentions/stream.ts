/** The stream as it is read: what is shown, what came meanwhile, and where it goes on. Nothing jumps. */
import type { Mention, MentionPage } from "./types";

/** A mention that changed under the reader's eyes stays where it is, and says so. */
export interface Shown extends Mention {
  /** Who took care of it meanwhile. */
  by?: string;
}

export interface Stream {
  items: Shown[];
  next: string | null;
  /** What came since, newest first: shown when the reader asks for it. */
  fresh: Mention[];
  /** Set when more came than one page holds: then what is shown starts over from the fresh ones. */
  over: { next: string | null } | null;
  /** What this reader has just settled: an answer that is still on its way knows nothing of it. */
  settled: string[];
}

export const EMPTY: Stream = { items: [], next: null, fresh: [], over: null, settled: [] };

const without = (list: Shown[], id: string): Shown[] => list.filter((one) => one.id !== id);

export function begun({ items, next }: MentionPage): Stream {
  return { ...EMPTY, items, next };
}

export function withOlder(stream: Stream, { items, next }: MentionPage): Stream {
  const known = new Set([...stream.items.map((one) => one.id), ...stream.settled]);
  return { ...stream, items: [...stream.items, ...items.filter((one) => !known.has(one.id))], next };
}

/** The newest page, asked for again because something was found. */
export function withHead(stream: Stream, { items, next }: MentionPage): Stream {
  const known = new Set(stream.items.map((one) => one.id));
  const open = items.filter((one) => !stream.settled.includes(one.id));
  const fresh = open.filter((one) => !known.has(one.id));
  // Nobody reads an empty list: what comes is shown at once.
  if (stream.items.length === 0) return { ...stream, items: open, next, fresh: [], over: null };
  const met = fresh.length < items.length || next === null;
  return { ...stream, fresh, over: met ? null : { next } };
}

export function revealed(stream: Stream): Stream {
  const { fresh, items, over } = stream;
  if (over) return { ...stream, items: fresh, next: over.next, fresh: [], over: null };
  return { ...stream, items: [...fresh, ...items], fresh: [] };
}

/** Taken in or dismissed by this reader: it goes at once. */
export function settled(stream: Stream, id: string): Stream {
  return { ...stream, items: without(stream.items, id), fresh: stream.fresh.filter((one) => one.id !== id), settled: [...stream.settled, id] };
}

/** Undone, or refused: it stands again where it stood. */
export function putBack(stream: Stream, mention: Shown, at: number): Stream {
  const items = without(stream.items, mention.id);
  return { ...stream, items: [...items.slice(0, at), mention, ...items.slice(at)], settled: stream.settled.filter((id) => id !== mention.id) };
}

/** Somebody else took care of it: it stays where it is, and says so. */
export function changed(stream: Stream, id: string, change: Partial<Shown>): Stream {
  if (!stream.items.some((one) => one.id === id)) return { ...stream, fresh: stream.fresh.filter((one) => one.id !== id) };
  return { ...stream, items: stream.items.map((one) => (one.id === id ? { ...one, ...change } : one)) };
}

/** Which one the reader comes to when `id` goes: the next, or at the end the one before. */
export function after(items: Shown[], id: string): string | null {
  const at = items.findIndex((one) => one.id === id);
  return (items[at + 1] ?? items[at - 1])?.id ?? null;
}
