import { describe, expect, it } from "vitest";
import { ago, length } from "./time";

const MINUTE = 60_000;

describe("lengths in words", () => {
  it.each([
    [-1, "0 s"],
    [48_900, "48 s"],
    [68_000, "1 min 08"],
    [10 * MINUTE, "10 min"],
    [99 * MINUTE, "99 min"],
    [22 * 60 * MINUTE, "22 h"],
    [72 * 60 * MINUTE, "3 d"],
  ])("%i ms is %s", (ms, words) => {
    expect(length(ms)).toBe(words);
  });
  it("says how long ago without seconds", () => {
    const at = Date.parse("2026-03-02T09:05:30Z");
    expect(ago("2026-03-02T09:05:00Z", at)).toBe("just now");
    expect(ago("2026-03-02T09:01:00Z", at)).toBe("4 min ago");
  });
});
