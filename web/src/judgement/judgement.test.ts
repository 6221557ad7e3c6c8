import { describe, expect, it } from "vitest";
import { LETTERS } from "./Correct";
import { before, KINDS, moodOf, wished, type Judgement } from "./useJudgements";

const ONE: Judgement = {
  message_id: "m", kind: "chatter", sentiment: 0.1, urgency: "none", needs_reply: null, severity: 4, language: "en",
  shaming: "", sensitive: "a death: “passed away”", entities: [], prior: null, reasons: [], corrected: ["kind"],
};

describe("corrections", () => {
  it("show at once, and are undone by what stood before", () => {
    const after = wished(ONE, { kind: "complaint", sensitive: false });
    expect([after.kind, after.sensitive, after.corrected]).toEqual(["complaint", "", ["kind", "sensitive"]]);
    expect(before(ONE, { kind: "complaint", sensitive: false })).toEqual({ kind: "chatter" });
  });
  it("have a letter of its own for each kind", () => {
    expect(new Set(KINDS.map((kind) => LETTERS[kind])).size).toBe(KINDS.length);
  });
  it("tell moods apart", () => {
    expect([0.9, 0.1, -0.25, -0.3].map(moodOf)).toEqual(["pleased", "neutral", "neutral", "displeased"]);
  });
});
