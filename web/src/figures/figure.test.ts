import { describe, expect, it } from "vitest";
import { height, lasted, levelName, levels, line, percent } from "./figure";

describe("a length", () => {
  it("is said as people say it", () => {
    const said = [0, 48, 60, 245, 3_060, 5_999, 6_000, 18_720, 172_799, 273_600].map(lasted);
    expect(said).toEqual(["0 s", "48 s", "1 min 00", "4 min 05", "51 min", "99 min", "1 h 40", "5 h 12", "47 h 59", "3 d 4 h"]);
    expect(lasted(null)).toBe("–");
  });
});

describe("a share", () => {
  it("is whole only where it is", () => {
    expect([0, 0.944, 0.999, 1, null].map((rate) => percent(rate).replace(/\s/, ""))).toEqual(["0%", "94%", "99%", "100%", "–"]);
  });
});

describe("the course of days", () => {
  it("lies between levels that have words", () => {
    expect(levels([120, 2_000, null])).toEqual([60, 300, 900, 3_600]);
    expect(levels([60])).toEqual([60, 300]);
    expect(levels([0.2, 700_000])).toEqual([1, 300, 14_400, 259_200, 2_592_000]);
    expect(levels([null])).toEqual([]);
    expect([10, 300, 3_600, 86_400, 2_592_000].map(levelName)).toEqual(["10 s", "5 min", "1 h", "1 d", "30 d"]);
  });
  it("is as high as it is long, by its order of magnitude", () => {
    expect(height(60, [60, 3_600])).toBe(0);
    expect(height(3_600, [60, 3_600])).toBe(1);
    expect(height(Math.sqrt(60 * 3_600), [60, 900, 3_600])).toBeCloseTo(0.5);
  });
  it("breaks where a day has nothing to say", () => {
    expect(line([1, 2, null, 4, null], (n) => n * 10, (n) => n)).toBe("M0.0 1.0L10.0 2.0M30.0 4.0");
  });
});
