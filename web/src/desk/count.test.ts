import { describe, expect, it } from "vitest";
import { fill, graphemes, mentioned, signed } from "./count";

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

describe("mentions in notes", () => {
  const agents = [
    { id: "1", handle: "bob", disabled: false },
    { id: "2", handle: "priya", disabled: false },
    { id: "3", handle: "gone", disabled: true },
  ];
  it("are the handles of colleagues who work here", () => {
    expect(mentioned("@Bob, and @priya. See @gone or mail x@bob", agents)).toEqual(["1", "2"]);
    expect(mentioned("bob? mail x@bob.example", agents)).toEqual([]);
  });
});
