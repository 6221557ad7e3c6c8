import { describe, expect, it } from "vitest";
import type { Card } from "../api/types";
import { fuse } from "./fuse";
import { learnResolving } from "./resolving";
import { learn } from "./ticking";

const at = (text: string): number => Date.parse(text);
const card = (clock: Card["clock"], severity = 4): Card => ({ clock, severity }) as Card;

learn([{
  id: "p",
  business: [4],
  shares: [0.5, 0.1],
  open: [["2026-11-06T09:00:00Z", "2026-11-06T17:00:00Z"], ["2026-11-09T09:00:00Z", "2026-11-09T17:00:00Z"]],
}]);

describe("the fuse", () => {
  const plain = card({ started_at: "2026-11-06T09:00:00Z", due_at: "2026-11-06T09:10:00Z" });

  it.each([
    ["2026-11-06T09:00:00Z", 1, "calm"],
    ["2026-11-06T09:05:00Z", 0.5, "warn"],
    ["2026-11-06T09:08:00Z", 0.2, "hot"],
    ["2026-11-06T09:12:00Z", null, "late"],
  ])("burns around the clock where no policy is named: %s", (now, share, heat) => {
    expect(fuse(plain, at(now))).toMatchObject({ heat, paused: false });
    if (share !== null) expect(fuse(plain, at(now)).share).toBeCloseTo(share);
  });

  it("stands still while nobody is there, and goes on with what is left", () => {
    // An hour of business time: half on Friday, half on Monday.
    const clock = { started_at: "2026-11-06T16:30:00Z", due_at: "2026-11-09T09:30:00Z", policy_id: "p" };
    expect(fuse(card(clock), at("2026-11-06T16:45:00Z"))).toMatchObject({ share: 0.75, heat: "calm", paused: false, words: "45 min" });
    const weekend = fuse(card(clock), at("2026-11-07T12:00:00Z"));
    expect(weekend).toMatchObject({ share: 0.5, paused: true });
    expect(weekend.words).toMatch(/^paused until /);
    expect(fuse(card(clock), at("2026-11-09T09:27:00Z"))).toMatchObject({ heat: "hot", paused: false, words: "3 min 00" });
    expect(fuse(card(clock), at("2026-11-09T09:31:00Z")).heat).toBe("late");
  });

  it("counts the severities that run at any hour as they run", () => {
    const clock = { started_at: "2026-11-07T12:00:00Z", due_at: "2026-11-07T12:10:00Z", policy_id: "p" };
    expect(fuse(card(clock, 1), at("2026-11-07T12:05:00Z"))).toMatchObject({ share: 0.5, paused: false, words: "5 min 00" });
  });

  it("is nothing where nobody waits", () => {
    expect(fuse(card(null), 0)).toMatchObject({ share: null, words: "" });
  });
});

describe("what must be solved", () => {
  const solved = (clock: Card["clock"], status = "open"): Card => ({ id: "c", clock, severity: 4, status }) as Card;
  const answer = { started_at: "2026-11-06T09:00:00Z", due_at: "2026-11-06T12:00:00Z" };
  const now = at("2026-11-06T10:00:00Z");

  it("is counted down where it comes first, or nobody waits for an answer", () => {
    learnResolving([{ conversation_id: "c", started_at: "2026-11-06T09:00:00Z", due_at: "2026-11-06T11:00:00Z" }]);
    expect(fuse(solved(answer), now)).toMatchObject({ share: 0.5, heat: "warn", words: "solve in 60 min" });
    expect(fuse(solved(null), now).words).toBe("solve in 60 min");
    expect(fuse(solved(null), at("2026-11-06T12:00:00Z"))).toMatchObject({ share: null, heat: "late", words: "60 min late to solve" });
    expect(fuse(solved({ ...answer, due_at: "2026-11-06T10:10:00Z" }), now).words).toBe("10 min");
    expect(fuse(solved(null, "resolved"), now).heat).toBe("none");
    learnResolving([]);
    expect(fuse(solved(null), now).heat).toBe("none");
  });
});
