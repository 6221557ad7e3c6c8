import { describe, expect, it } from "vitest";
import type { Card, DeskEvent } from "../api/types";
import { apply, applyAll, applyPresence } from "./apply";
import { fromSnapshot, type Desk } from "./desk";

interface Replay {
  what: string;
  before: Told;
  events: DeskEvent[];
  after: Told;
}

/** A desk as the files tell it: its cards by their ids. */
interface Told extends Partial<Omit<Desk, "cards">> {
  cards?: Record<string, Card>;
}

function read({ cards, ...rest }: Told): Partial<Desk> {
  return cards ? { ...rest, cards: new Map(Object.entries(cards)) } : rest;
}

const files = import.meta.glob<Replay>("../../../tests/replay/*.json", { eager: true, import: "default" });

const EMPTY: Desk = {
  cursor: 0,
  me: {
    agent: { id: "a1", name: "Alice Brown", handle: "alice", email: "", initials: "AB", role: "owner", undo_for: 5, sign_off: "^AB", disabled: false },
    rules: { codes_required: false, presence: true, typing: true, agent_figures: true, note_followers: 100_000 },
    workspace: { id: "w1", name: "Northwind", public_url: null, rehearsal: true },
    csrf: "",
    preferences: {},
  },
  agents: [],
  teams: [],
  inboxes: [],
  channels: [],
  tags: [],
  macros: [],
  views: [],
  counts: { views: {}, unanswered: 0, nearly_late: 0, oldest_waiting_since: null, ledger: { inbound: 0, settled: 0, with_customer: 0, open: 0 } },
  cards: new Map(),
  messages: {},
  presence: {},
  drafts: {},
  avatars: {},
  networks: {},
  bare: [],
};

describe("the files of tests/replay", () => {
  it("are found", () => {
    expect(Object.keys(files).length).toBeGreaterThanOrEqual(6);
  });
  it.each(Object.entries(files))("%s", (_, { before, events, ...told }) => {
    const start: Desk = { ...EMPTY, ...read(before) };
    const after = read(told.after);
    const untouched = structuredClone(start);
    expect(applyAll(start, events)).toEqual({ ...start, ...after });
    expect(start).toEqual(untouched);
    expect(events.reduce((now, event) => apply(now, event), start)).toEqual({ ...start, ...after });
    // Heard again from the start, they change nothing more.
    const twice = applyAll(start, [...events, ...events]);
    expect(twice).toEqual({ ...start, ...after });
  });
});

describe("presence", () => {
  it("stands until it is gone", () => {
    const said = { conversation_id: "c1", agent_id: "a2", state: "typing", at: "2026-03-02T09:00:00Z" } as const;
    const typing = applyPresence(EMPTY, [said]);
    expect(typing.presence).toEqual({ "c1/a2": said });
    expect(applyPresence(typing, [{ ...said, state: "gone" }]).presence).toEqual({});
  });
});

describe("a snapshot", () => {
  it("keeps the messages of opened conversations until they are fetched again", () => {
    const before = { ...EMPTY, messages: { c1: [] } };
    const drafts = [{ conversation_id: "c1", updated_at: "2026-03-02T09:00:00Z" }];
    const desk = fromSnapshot({ ...EMPTY, cursor: 9, page: { items: [], next: null }, presence: [], drafts }, before);
    expect(desk.cursor).toBe(9);
    expect(desk.messages).toEqual({ c1: [] });
    expect(desk.drafts).toEqual({ c1: true });
  });
});
