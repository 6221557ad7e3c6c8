import { describe, expect, it } from "vitest";
import type { Card } from "../api/types";
import { fits, listed, STANDING } from "./views";

function card(id: string, change: Partial<Card>): Card {
  return {
    id, inbox_id: "i1", channel_id: "h1", network: "bluesky", visibility: "public", status: "open", severity: 4,
    severity_reason: "", contact: { id: "p1", name: "Dana", handle: "dana" }, assignee_id: null, team_id: null, preview: "", summary: "", tags: [],
    unanswered: 1, people: 1, opened_at: "2026-03-02T09:00:00Z", last_message_at: "2026-03-02T09:00:00Z",
    waiting_since: null, clock: null, snoozed_until: null, snooze_on_reply: false, disposition: null, sending: 0,
    trouble: "", merged_into: null, version: 1, ...change,
  };
}

const due = (minute: number): Card["clock"] => ({
  started_at: "2026-03-02T09:00:00Z",
  due_at: `2026-03-02T09:${String(minute).padStart(2, "0")}:00Z`,
});
const named = (...cards: Card[]): Map<string, Card> => new Map(cards.map((one) => [one.id, one]));

const ME = { id: "me", teams: ["billing"] };

describe("the order of Next up", () => {
  it("is time left, severity 1 above all, ties by severity, no clock last", () => {
    const cards = named(
      card("none", {}),
      card("later", { clock: due(40), severity: 2 }),
      card("tie-4", { clock: due(10), severity: 4 }),
      card("tie-3", { clock: due(10), severity: 3 }),
      card("first", { clock: due(50), severity: 1 }),
    );
    const order = listed(cards, STANDING["next"] ?? {}, ME).map((one) => one.id);
    expect(order).toEqual(["first", "tie-3", "tie-4", "later", "none"]);
  });
  it("leaves out what does not wait for us", () => {
    const cards = named(card("a", {}), card("b", { status: "pending" }), card("c", { status: "snoozed" }), card("d", { status: "resolved" }));
    expect(listed(cards, STANDING["next"] ?? {}, ME).map((one) => one.id)).toEqual(["a"]);
  });
});

describe("other views", () => {
  it("show the newest first", () => {
    const cards = named(
      card("old", { status: "resolved", last_message_at: "2026-03-01T09:00:00Z" }),
      card("new", { status: "resolved", last_message_at: "2026-03-02T09:00:00Z" }),
    );
    expect(listed(cards, STANDING["resolved"] ?? {}, ME).map((one) => one.id)).toEqual(["new", "old"]);
  });
  it("know mine, tags, networks and trouble", () => {
    const one = card("a", { assignee_id: "me", tags: ["refund"], trouble: "failed", network: "email" });
    expect(fits(one, { assignee: "me" }, ME)).toBe(true);
    expect(fits(one, { assignee: "me" }, { id: "you", teams: [] })).toBe(false);
    expect(fits(one, { tag: "refund", network: "email", trouble: true }, ME)).toBe(true);
    expect(fits(one, { tag: "praise" }, ME)).toBe(false);
    expect(fits(one, { severity: 3 }, ME)).toBe(false);
  });
  it("know what my teams look after", () => {
    const one = card("a", { team_id: "billing" });
    const { team } = STANDING;
    expect(fits(one, team ?? {}, ME)).toBe(true);
    expect(fits(one, team ?? {}, { id: "me", teams: [] })).toBe(false);
    expect(fits(card("b", {}), team ?? {}, ME)).toBe(false);
    expect(fits(one, { team: "billing" }, { id: "you", teams: [] })).toBe(true);
    expect(fits(one, { team: "press" }, ME)).toBe(false);
  });
});
