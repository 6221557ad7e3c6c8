import { describe, expect, it } from "vitest";
import { priced, summed } from "./money";

describe("what a search costs", () => {
  it("is money, or free", () => {
    expect(priced({ amount: 12.4, currency: "USD" })).toBe("$12.40");
    expect(priced({ amount: 0.005, currency: "USD" })).toBe("$0.005");
    expect([priced(null), priced({ amount: 0, currency: "USD" })]).toEqual(["free", "free"]);
  });
  it("adds up by currency", () => {
    expect(summed([{ amount: 1, currency: "USD" }, null, { amount: 2.5, currency: "USD" }])).toBe("$3.50");
    expect(summed([{ amount: 1, currency: "USD" }, { amount: 2, currency: "EUR" }])).toBe("$1.00 + €2.00");
    expect(summed([null])).toBe("free");
  });
});
