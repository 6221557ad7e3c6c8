import { describe, expect, it } from "vitest";
import { bounded, capped, grouped } from "./number";

describe("numbers", () => {
  it("are grouped, and say when counting stopped", () => {
    const most = (10_000).toLocaleString();
    expect(capped(9_999)).toBe(grouped(9_999));
    expect(capped(10_000)).toBe(`${most}+`);
    expect(capped(10_001)).toBe(`${most}+`);
    expect(bounded(99, false)).toBe("99");
    expect(bounded(99, true)).toBe("99+");
  });
});
