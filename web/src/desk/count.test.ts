import { describe, expect, it } from "vitest";
import { fill, graphemes, signed } from "./count";

describe("graphemes", () => {
  it.each([
    ["", 0],
    ["plain", 5],
    ["👩‍👩‍👧", 1],
    ["e\u0301", 1],
    ["🇪🇪🇫🇮", 2],
  ])("%s counts %i", (text, count) => {
    expect(graphemes(text)).toBe(count);
  });
});

describe("the sign-off", () => {
  it("stands at the end, once", () => {
    expect(signed(" Hello ", "^AB")).toBe("Hello ^AB");
    expect(signed("Hello ^AB", "^AB")).toBe("Hello ^AB");
    expect(signed("Hello", "")).toBe("Hello");
  });
});

describe("macros", () => {
  it("fill in what is known and leave the rest", () => {
    expect(fill("Hi {{customer.name}}, {{ agent.name }} {{what}}", { "customer.name": "Dana", "agent.name": "Alice" })).toBe("Hi Dana, Alice {{what}}");
  });
});
