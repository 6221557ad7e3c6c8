/** The desk's state outside React: one value, replaced as events arrive. */
import { useSyncExternalStore } from "react";
import { get, setCsrf } from "../api/client";
import type { Card, Counts, DeskEvent, Message, Page, Presence, Snapshot, Whole } from "../api/types";
import { applyAll, applyPresence, withCards } from "./apply";
import { fromSnapshot, type Desk } from "./desk";
import { withMessages } from "./messages";

export type Connection = "connecting" | "live" | "reconnecting";

interface State {
  desk: Desk | null;
  connection: Connection;
  failed: string;
}

let state: State = { desk: null, connection: "connecting", failed: "" };
const listeners = new Set<() => void>();
const newMessages = new Set<(event: DeskEvent) => void>();

function set(change: Partial<State>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useStore<T>(pick: (state: State) => T): T {
  return useSyncExternalStore(subscribe, () => pick(state));
}

export function useDesk(): Desk {
  const desk = useStore((now) => now.desk);
  if (!desk) throw new Error("the desk is not loaded yet");
  return desk;
}

/** What a network is called; one that is not installed any more by its name. */
export function useNetworkTitle(): (network: string) => string {
  const { networks } = useDesk();
  return (network) => networks[network] ?? network;
}

/** A handle as one writes it: with an @, but not an address or a name. */
export function useCalled(): (network: string, handle: string) => string {
  const { bare } = useDesk();
  return (network, handle) => (bare.includes(network) ? handle : `@${handle}`);
}

export const current = (): Desk | null => state.desk;

/** Whether the desk is out of reach, as far as this browser knows. */
export const useAway = (): boolean => useStore((now) => now.connection === "reconnecting");

export function setConnection(connection: Connection): void {
  if (connection !== state.connection) set({ connection });
}

export function setFailed(failed: string): void {
  set({ failed });
}

export async function loadSnapshot(): Promise<number> {
  const snapshot = await get<Snapshot>("/snapshot?view=next&limit=100");
  setCsrf(snapshot.me.csrf);
  const desk = fromSnapshot(snapshot, state.desk);
  set({ desk, failed: "" });
  return desk.cursor;
}

export function onEvent(listen: (event: DeskEvent) => void): () => void {
  newMessages.add(listen);
  return () => newMessages.delete(listen);
}

/** The newest event each conversation was told in. */
const toldAt = new Map<string, number>();

function note({ seq, conversation_id, data }: DeskEvent): void {
  if (conversation_id) toldAt.set(conversation_id, seq);
  for (const message of data.messages ?? []) toldAt.set(message.conversation_id, seq);
}

export function take(events: DeskEvent[], cursor: number): void {
  if (!state.desk) return;
  const { cursor: known } = state.desk;
  const fresh = events.filter((event) => event.seq > known);
  let desk = applyAll(state.desk, fresh);
  fresh.forEach(note);
  if (cursor > desk.cursor) desk = { ...desk, cursor };
  set({ desk });
  for (const event of fresh) for (const listen of newMessages) listen(event);
  if (fresh.length) countSoon();
}

export function takePresence(said: Presence[]): void {
  if (state.desk) set({ desk: applyPresence(state.desk, said) });
}

/** Optimistic change of a card; the server's answer or event replaces it. */
export function patchCard(id: string, change: Partial<Card>): Card | undefined {
  const card = state.desk?.cards.get(id);
  if (!state.desk || !card) return undefined;
  set({ desk: { ...state.desk, cards: new Map(state.desk.cards).set(id, { ...card, ...change }) } });
  return card;
}

/** Take an optimistic change back, unless an event has told of something newer meanwhile. */
export function putBack(card: Card): void {
  if (state.desk?.cards.get(card.id)?.version === card.version)
    set({ desk: { ...state.desk, cards: new Map(state.desk.cards).set(card.id, card) } });
}

export function takeCards(cards: Card[]): void {
  if (state.desk) set({ desk: withCards(state.desk, cards) });
}

export async function loadPage(path: string): Promise<Page> {
  const page = await get<Page>(path);
  takeCards(page.items);
  return page;
}

export async function loadWhole(id: string): Promise<Whole> {
  let whole = await get<Whole>(`/conversations/${id}`);
  // An event that came while the answer was on its way is not in it: ask again, or it is lost.
  for (let tries = 0; tries < 5 && (toldAt.get(id) ?? 0) > whole.cursor; tries += 1)
    whole = await get<Whole>(`/conversations/${id}`);
  if (state.desk) {
    const desk = withCards(state.desk, [whole.card, ...whole.contact.history, ...whole.linked]);
    set({ desk: withMessages(desk, id, whole.messages) });
  }
  return whole;
}

/** Messages from before those that are there. */
export function takeEarlier(id: string, messages: Message[]): void {
  if (state.desk) set({ desk: withMessages(state.desk, id, [...messages, ...(state.desk.messages[id] ?? [])]) });
}

export function setDrafted(id: string, drafted: boolean): void {
  if (!state.desk || Boolean(state.desk.drafts[id]) === drafted) return;
  set({ desk: { ...state.desk, drafts: { ...state.desk.drafts, [id]: drafted } } });
}

export function setPreferences(preferences: Desk["me"]["preferences"]): void {
  if (state.desk) set({ desk: { ...state.desk, me: { ...state.desk.me, preferences } } });
}

let counting: ReturnType<typeof setTimeout> | undefined;

function countSoon(): void {
  counting ??= setTimeout(() => {
    counting = undefined;
    void get<Counts>("/counts").then(
      (counts) => state.desk && set({ desk: { ...state.desk, counts } }),
      () => undefined,
    );
  }, 400);
}
