import { describe, expect, it, vi } from "vitest";
import type { Card, Channel, Contact } from "../api/types";
import { waysOf } from "./moving";

vi.mock("./route", () => ({ go: vi.fn() }));

const can = { direct: 500, private: true, hides: false, removes: false, warnings: false, invites: true, welcomes: "", answers_there: false };
const channel = (network: string, welcomes = ""): Channel => ({ id: network, network, can: { ...can, welcomes } }) as unknown as Channel;
const card = (id: string, network: string, visibility: string): Card => ({ id, network, visibility, channel_id: network }) as unknown as Card;
const contact = (preferred: string, ...history: Card[]): Contact => ({ preferred, history }) as unknown as Contact;
const channels = [channel("x"), channel("email", "email"), channel("portal", "portal"), channel("bluesky")];
const asked = card("one", "x", "public");
const ids = (whose: Contact | undefined, from = asked): string[] => waysOf(from, channels, whose, vi.fn(), vi.fn()).map((way) => way.id);

describe("the ways out of a public conversation", () => {
  it("stand as ever where nobody wishes anything", () => {
    expect(ids(undefined)).toEqual(["write", "direct", "email", "portal"]);
    expect(ids(contact(""))).toEqual(ids(undefined));
  });
  it("begin with what they wish, and say so", () => {
    expect(ids(contact("portal"))).toEqual(["portal", "write", "direct", "email"]);
    expect(ids(contact("x"))).toEqual(["write", "direct", "email", "portal"]);
    expect(waysOf(asked, channels, contact("email"), vi.fn(), vi.fn())[0]?.hint).toBe("they prefer it");
  });
  it("lead to where they speak with us already", () => {
    const there = card("two", "bluesky", "direct");
    expect(ids(contact("bluesky", card("three", "bluesky", "public"), there))[0]).toBe("there");
    expect(ids(contact("bluesky", card("three", "bluesky", "public")))).toEqual(ids(undefined));
    expect(ids(contact("bluesky", there), card("four", "x", "direct"))).toEqual(["there"]);
    expect(ids(contact("bluesky", there), there)).toEqual([]);
  });
});
