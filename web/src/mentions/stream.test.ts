import { describe, expect, it } from "vitest";
import { after, begun, changed, EMPTY, putBack, revealed, settled, withHead, withOlder } from "./stream";
import type { Mention, MentionPage } from "./types";

function of(id: string): Mention {
  const author = { name: id, handle: id, avatar: "" };
  return { id, search_ids: [], network: "bluesky", channel_id: "c", external_id: id, url: "", author, text: id, language: "en", published_at: "", found_at: "", state: "new", kind: "", severity: 4, conversation_id: null };
}

const page = (ids: string, next: string | null = null): MentionPage => ({ items: [...ids].map(of), next });
const ids = (list: Mention[]): string => list.map((one) => one.id).join("");

describe("a stream of mentions", () => {
  it("goes on with older ones, each once", () => {
    const stream = withOlder(begun(page("dc", "x")), page("cba"));
    expect(ids(stream.items)).toBe("dcba");
    expect(stream.next).toBeNull();
  });
  it("keeps what comes aside until the reader asks for it", () => {
    const before = begun(page("cba", "x"));
    const heard = withHead(before, page("edcba", "x"));
    expect([ids(heard.items), ids(heard.fresh)]).toEqual(["cba", "ed"]);
    expect(withHead(heard, page("fedcb", "x")).fresh.length).toBe(3);
    const shown = revealed(heard);
    expect([ids(shown.items), ids(shown.fresh), shown.next]).toEqual(["edcba", "", "x"]);
  });
  it("shows at once what comes where nothing is read", () => {
    expect(ids(withHead(EMPTY, page("ba")).items)).toBe("ba");
  });
  it("starts over where more came than a page holds: nothing between is lost", () => {
    const heard = withHead(begun(page("ba", "b")), page("zyx", "further"));
    expect([ids(heard.items), ids(heard.fresh)]).toEqual(["ba", "zyx"]);
    const shown = revealed(heard);
    expect([ids(shown.items), shown.next]).toEqual(["zyx", "further"]);
  });
  it("lets what is settled go, also out of an answer that knew nothing of it", () => {
    const gone = settled(begun(page("cba", "x")), "b");
    expect(ids(gone.items)).toBe("ca");
    const heard = withHead(gone, page("dcba", "x"));
    expect(ids(heard.fresh)).toBe("d");
    expect(ids(withOlder(gone, page("b")).items)).toBe("ca");
  });
  it("puts back what was undone where it stood, and knows it again", () => {
    const back = putBack(settled(begun(page("cba")), "b"), of("b"), 1);
    expect(ids(back.items)).toBe("cba");
    expect(back.settled).toEqual([]);
  });
  it("leaves in its place what a colleague took, with her name", () => {
    const told = changed(begun(page("cba")), "b", { state: "taken", by: "Bob" });
    expect(ids(told.items)).toBe("cba");
    expect(told.items[1]).toMatchObject({ state: "taken", by: "Bob" });
    const heard = withHead(begun(page("a", "x")), page("ba", "x"));
    expect(ids(changed(heard, "b", { state: "taken" }).fresh)).toBe("");
  });
  it("leads to the next when one goes, at the end to the one before", () => {
    const { items } = begun(page("cba"));
    expect([after(items, "c"), after(items, "a"), after([of("a")], "a")]).toEqual(["b", "b", null]);
  });
});
