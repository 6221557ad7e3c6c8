import { describe, expect, it } from "vitest";
import type { Card } from "../api/types";
import { rowsOf, type Fold } from "./useFolds";

const card = (id: string, change: Partial<Card> = {}): Card => ({ id, status: "open", unanswered: 1, ...change }) as Card;
const fold = (id: string | null, face: Card, conversations = 1): Fold => ({ id, card: face, conversations, people: conversations });

describe("folded rows", () => {
  it("stand in the order of the desk, each once, with what is unfolded below its face", () => {
    const folds = [fold("f", card("a"), 3), fold(null, card("d"))];
    expect(rowsOf(folds, {}, new Map()).map((one) => one.id)).toEqual(["a", "d"]);
    expect(rowsOf(folds, { f: [card("a"), card("b"), card("c")] }, new Map()).map((one) => one.id)).toEqual(["a", "b", "c", "d"]);
  });
  it("leave out who was answered since, by what the stream told", () => {
    const known = new Map([["b", card("b", { unanswered: 0 })], ["d", card("d", { status: "resolved" })]]);
    expect(rowsOf([fold("f", card("a"), 3), fold(null, card("d"))], { f: [card("a"), card("b")] }, known).map((one) => one.id)).toEqual(["a"]);
  });
});
