/**
 * The stream: events from a cursor. One connection per browser: the tab that holds the lock reads
 * and tells the others; when it closes, another takes over from its own cursor.
 */
import { goToSignIn, words } from "../api/client";
import type { DeskEvent, Presence } from "../api/types";
import { current, loadSnapshot, setConnection, setFailed, take, takePresence } from "./store";

type Told =
  | { name: "events"; events: DeskEvent[]; cursor: number }
  | { name: "presence"; said: Presence[] }
  | { name: "reset" | "bye" | "live" | "reconnecting" };

const CHANNEL = "earful-stream";
const QUIET_FOR = 40_000;

function jittered(tries: number): number {
  return Math.min(30_000, 500 * 2 ** tries) * (0.5 + Math.random() / 2);
}

/** After `ms`, or as soon as the browser is on a network again. */
function rested(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      window.removeEventListener("online", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    window.addEventListener("online", done);
  });
}

function obey(told: Told): void {
  if (told.name === "events") take(told.events, told.cursor);
  else if (told.name === "presence") takePresence(told.said);
  else if (told.name === "bye") goToSignIn();
  else if (told.name === "reset") void startOver();
  else setConnection(told.name);
}

/** One connection until it breaks. Resolves when it should be opened again. */
function connect(tell: (told: Told) => void): Promise<boolean> {
  return new Promise((resolve) => {
    const source = new EventSource(`/api/v1/stream?after=${current()?.cursor ?? 0}`);
    let opened = false;
    let quiet = setTimeout(() => undefined, 0);
    const end = (): void => {
      clearTimeout(quiet);
      window.removeEventListener("offline", end);
      source.close();
      resolve(opened);
    };
    const heard = (): void => {
      clearTimeout(quiet);
      quiet = setTimeout(end, QUIET_FOR);
    };
    heard();
    source.onopen = () => {
      opened = true;
      heard();
      tell({ name: "live" });
    };
    source.onerror = end;
    // The browser knows sooner than the silence says it.
    window.addEventListener("offline", end);
    source.addEventListener("beat", heard);
    source.addEventListener("events", (event: MessageEvent<string>) => {
      heard();
      const events = JSON.parse(event.data) as DeskEvent[];
      tell({ name: "events", events, cursor: Number(event.lastEventId) });
    });
    source.addEventListener("presence", (event: MessageEvent<string>) => {
      heard();
      tell({ name: "presence", said: JSON.parse(event.data) as Presence[] });
    });
    source.addEventListener("reset", () => {
      tell({ name: "reset" });
      end();
    });
    source.addEventListener("restart", end);
    source.addEventListener("bye", () => tell({ name: "bye" }));
  });
}

async function lead(tell: (told: Told) => void): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    await startingOver;
    const worked = await connect(tell);
    if (worked) tries = 0;
    tell({ name: "reconnecting" });
    await rested(jittered(tries));
  }
}

/** What is told while a snapshot is on its way; it may come after the snapshot's cursor. */
let held: Told[] | null = null;

async function reload(): Promise<void> {
  held ??= [];
  try {
    await loadSnapshot();
  } finally {
    const told = held ?? [];
    held = null;
    told.forEach(obey);
  }
}

let startingOver: Promise<void> | null = null;

/** A new snapshot, asked for until it comes: what happened before it is told to nobody again. */
function startOver(): Promise<void> {
  startingOver ??= (async () => {
    for (let tries = 0; ; tries += 1) {
      try {
        await reload();
        if (tries) setConnection("live");
        return;
      } catch {
        setConnection("reconnecting");
        await rested(jittered(tries));
      }
    }
  })().finally(() => {
    startingOver = null;
  });
  return startingOver;
}

function hear(told: Told): void {
  if (held && told.name === "events") held.push(told);
  else obey(told);
}

/** Start to follow; the first snapshot is asked for until it comes. */
export async function follow(): Promise<void> {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;
  if (channel) channel.onmessage = (event: MessageEvent<Told>) => hear(event.data);
  for (let tries = 0; !current(); tries += 1) {
    try {
      await reload();
    } catch (error) {
      setFailed(words(error));
      await rested(jittered(tries));
    }
  }
  const tell = (told: Told): void => {
    channel?.postMessage(told);
    obey(told);
  };
  if (!channel || !("locks" in navigator)) return lead(tell);
  setConnection("live");
  await navigator.locks.request(CHANNEL, () => lead(tell));
}
