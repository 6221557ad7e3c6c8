import { afterEach, describe, expect, it, vi } from "vitest";
import type { Card } from "../api/types";
import { answerable, answerEach, takeBack, textFor, UNDO_FOR } from "./each";

const card = (id: string, change: Partial<Card> = {}): Card =>
  ({ id, status: "open", unanswered: 1, sending: 0, assignee_id: null, version: 7, network: "x", contact: { id, name: `Name ${id}`, handle: id }, ...change }) as Card;

interface Call { method: string; path: string; key: string; body: { text: string; seen_version: number; unanswered: number; undo_for: number } }

/** The desk, as far as it matters here: `answers` says what becomes of the n-th call to a path. */
function desk(answers: (path: string, turn: number) => number): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", (url: string, init: RequestInit) => {
    const path = url.replace("/api/v1", "");
    const turn = calls.filter((one) => one.path === path).length;
    calls.push({ method: init.method ?? "", path, key: (init.headers as Record<string, string>)["Idempotency-Key"] ?? "", body: init.body ? (JSON.parse(init.body as string) as Call["body"]) : ({} as Call["body"]) });
    const status = answers(path, turn);
    if (!status) return Promise.reject(new TypeError("no network"));
    const id = path.split("/")[2] ?? "";
    const body = status === 200 ? { message: { id, delivery: { id: `d-${id}` } }, card: card(id, { sending: 1 }) } : { type: "changed", detail: "Something happened." };
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  return calls;
}

afterEach(() => vi.unstubAllGlobals());

const go = (cards: Card[], more: { stopped?: () => boolean } = {}) =>
  answerEach({ cards, textOf: (one) => `Hi ${one.contact.name}`, go: "go", onSent: () => undefined, stopped: () => false, ...more });

describe("one reply to each", () => {
  it("is for who waits and nobody else is on", () => {
    const cards = [card("a"), card("b", { unanswered: 0 }), card("c", { sending: 1 }), card("d", { assignee_id: "bob" }), card("e", { assignee_id: "me" }), card("f", { status: "snoozed" })];
    expect(answerable(cards, { id: "me" }).map((one) => one.id)).toEqual(["a", "e"]);
  });
  it("says to each their own name", () => {
    const me = { id: "me", name: "Alice", sign_off: "^AB" };
    expect(textFor("Hi {{customer.name}} ({{customer.handle}}), {{agent.name}}", card("a"), me, (_, handle) => `@${handle}`)).toBe("Hi Name a (@a), Alice");
  });
  it("goes to all but those refused, with what was read and a time to take it back", async () => {
    const calls = desk((path) => (path.includes("/c/") ? 409 : 200));
    const cards = ["a", "b", "c", "d", "e", "f"].map((id) => card(id));
    const sent = await go(cards);
    expect(sent.deliveries.sort()).toEqual(["d-a", "d-b", "d-d", "d-e", "d-f"]);
    expect([...sent.refused]).toEqual([["c", "Something happened."]]);
    expect(calls.map((one) => one.body.text).sort()).toEqual(cards.map((one) => `Hi ${one.contact.name}`));
    expect(new Set(calls.map((one) => `${one.body.seen_version} ${one.body.unanswered} ${one.body.undo_for}`))).toEqual(new Set([`7 1 ${UNDO_FOR}`]));
  });
  it("is asked for again by the same key when the answer was lost, so that nobody gets two", async () => {
    const calls = desk((_, turn) => (turn === 0 ? 0 : 200));
    expect((await go([card("a")])).deliveries).toEqual(["d-a"]);
    expect(calls.map((one) => one.key)).toEqual(["go:a", "go:a"]);
  });
  it("stops where it is told to, and who is left stays", async () => {
    const calls = desk(() => 200);
    const sent = await go(["a", "b", "c", "d", "e", "f"].map((id) => card(id)), { stopped: () => calls.length >= 2 });
    expect(calls.length).toBe(2);
    expect([...sent.refused.keys()]).toEqual(["c", "d", "e", "f"]);
  });
  it("is taken back where it has not left", async () => {
    const calls = desk((path) => (path.endsWith("d-b") ? 409 : 200));
    expect(await takeBack(["d-a", "d-b", "d-c"])).toBe(1);
    expect(calls.map((one) => one.method)).toEqual(["DELETE", "DELETE", "DELETE"]);
  });
});
