import { describe, expect, it } from "vitest";
import conformance from "./conformance.json";
import cases from "./counts.json";
import { fill, mentioned, signed } from "./count";
import short from "./shortened.json";
import { countedHere } from "./usePreview";
import { links, weigh } from "./weighted";

const LIMITS = { length: 300, images: 4, image_bytes: 0, image_types: [], files: 0, file_bytes: 0, file_types: [], alt_text_required: true, threads: false, link_length: 0, warns: false };

describe("lengths", () => {
  // The same file runs through tests/composing/test_reply.py.
  it.each(cases)("$text", ({ text, graphemes, characters, weighted }) => {
    expect(countedHere(text, { ...LIMITS, counted_in: "graphemes" })).toBe(graphemes);
    expect(countedHere(text, { ...LIMITS, counted_in: "characters" })).toBe(characters);
    expect(countedHere(text, { ...LIMITS, counted_in: "weighted" }, weigh)).toBe(weighted);
    expect(countedHere(text, { ...LIMITS, counted_in: "weighted" })).toBeNull();
  });
  it("are the desk's to say where links count otherwise", () => {
    expect(countedHere("https://a.example", { ...LIMITS, counted_in: "graphemes", link_length: 23 })).toBeNull();
  });
});

describe("lengths with links and names shortened", () => {
  // The same file runs through tests/networks/mastodon/test_length.py.
  it.each(short)("$text", ({ text, length, link_length }) => {
    expect(countedHere(text, { ...LIMITS, counted_in: "shortened", link_length })).toBe(length);
  });
});

describe("X's own cases", () => {
  // The same file runs through tests/networks/x/test_length.py.
  it.each(conformance.lengths)("$text", ({ text, emojis, weight }) => {
    expect(weigh(text, emojis)).toBe(weight);
  });
  it.each(conformance.links)("$text", ({ text, urls, indices }) => {
    expect(links(text).map(({ url }) => url)).toEqual(urls);
    if (indices) expect(links(text).map((link) => link.indices)).toEqual(indices);
  });
  it("are all here", () => {
    expect(conformance.lengths.length + conformance.links.length).toBe(152);
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
