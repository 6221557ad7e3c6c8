import { describe, expect, it } from "vitest";
import type { Channel, Draft } from "../api/types";
import { limitsOf, modeOf, modesOf, moveIn, turned } from "./readers";

const draft: Draft = { text: "for all to see", mode: "public", in_reply_to: "m1", media: [] };
const limits = { length: 280, counted_in: "graphemes", images: 4, image_bytes: 1, image_types: [], files: 0, file_bytes: 0, file_types: [], alt_text_required: true, threads: true, link_length: 0, warns: false };
const can = { direct: null, private: false, hides: false, removes: false, warnings: false, invites: false, welcomes: "", answers_there: false };
const channel = (direct: Channel["can"]["direct"]): Channel => ({
  id: "k", network: "n", handle: "us", name: "", inbox_id: "i", state: "active", state_reason: "", notice: "", limits, can: { ...can, direct },
});

describe("readers", () => {
  it("never see what was written for others", () => {
    const direct = turned(draft, "public", "direct");
    expect([direct.mode, direct.text, direct.in_reply_to]).toEqual(["direct", "", null]);
    const both = turned({ ...direct, text: "in confidence" }, "direct", "public");
    expect([both.mode, both.text, both.in_reply_to]).toEqual(["public", "for all to see", "m1"]);
    expect(both.others?.["direct"]?.text).toBe("in confidence");
    expect(turned(both, "public", "direct").text).toBe("in confidence");
  });
  it("leave nothing behind where nothing was written", () => {
    const empty = turned({ ...draft, text: " " }, "public", "note");
    expect(empty.others).toEqual({});
  });
  it("of a private conversation are never the public", () => {
    expect(modesOf({ visibility: "direct" }, channel(null))).toEqual(["direct", "note"]);
    expect(modeOf({ visibility: "email" }, "public")).toBe("direct");
    expect(modeOf({ visibility: "direct" }, "note")).toBe("note");
  });
  it("may be one person only where the network has private messages", () => {
    expect(modesOf({ visibility: "public" }, channel(null))).toEqual(["public", "note"]);
    const direct = channel({ length: 1000, images: 1, note: "" });
    expect(modesOf({ visibility: "public" }, direct)).toEqual(["public", "direct", "note"]);
    expect(limitsOf(direct, "direct")).toMatchObject({ length: 1000, images: 1, threads: false });
    expect(limitsOf(direct, "public")?.length).toBe(280);
  });
  it("are invited only if the link still stands in the text", () => {
    expect(moveIn({ ...draft, text: "come to https://x.example/1", move: "v1 https://x.example/1" })).toBe("v1");
    expect(moveIn({ ...draft, text: "never mind", move: "v1 https://x.example/1" })).toBeNull();
    expect(moveIn(draft)).toBeNull();
  });
});
