import { describe, expect, it } from "vitest";
import type { Message } from "../api/types";
import { strangers, subjectOf, touchesOf } from "./target";

const said = (handle: string, text: string): Message =>
  ({ direction: "incoming", author: { kind: "contact", id: handle, name: handle, handle }, text }) as unknown as Message;

describe("the wrong-person guard", () => {
  const messages = [said("dana.example", "@northwind my router is down, ask @erin"), said("dave", "mine too")];
  const ours = [{ handle: "northwind" }];
  it("says nothing of those who are there, were named there, or are us", () => {
    expect(strangers("@Dana.example and @dave: see @northwind, @erin.", messages, ours)).toEqual([]);
  });
  it("names who is not there, once, with the dot of the sentence left off", () => {
    expect(strangers("Sorry @dan.example. And @dan.example!", messages, ours)).toEqual(["@dan.example"]);
  });
  it("does not take an address or a link for a handle", () => {
    expect(strangers("write to care@northwind.example or https://x.example/@dan", messages, ours)).toEqual([]);
  });
  it("knows handles with a server", () => {
    expect(strangers("hello @dan@social.example", messages, ours)).toEqual(["@dan@social.example"]);
  });
});

describe("the subject of an answer", () => {
  const mail = (subject?: string): Message => ({ direction: "incoming", extra: subject ? { subject } : {} }) as unknown as Message;
  it("is the answered one, with one Re: and without our token", () => {
    expect(subjectOf([], mail("AW: Re: My parcel [ref:abcdefghijklmnopqrstuvwxyz]"))).toBe("Re: My parcel");
  });
  it("is the last one there where the answered mail has none", () => {
    expect(subjectOf([mail("First"), mail("Second"), mail()], mail())).toBe("Re: Second");
    expect(subjectOf([], undefined)).toBe("Re: your mail");
  });
});

describe("touches", () => {
  const ours = (change: object): Message => ({ direction: "outgoing", visibility: "public", author: { kind: "agent" }, delivery: { state: "sent" }, ...change }) as unknown as Message;
  it("are the public answers of colleagues, also those on their way", () => {
    expect(touchesOf([ours({}), ours({ delivery: null }), ours({ delivery: { state: "queued" } }), said("dana", "still waiting")])).toBe(3);
  });
  it("are neither what Earful says by itself nor what is private, gone or never went out", () => {
    const none = [ours({ author: { kind: "system" } }), ours({ visibility: "direct" }), ours({ deleted_at: "2026-11-20T10:00:00Z" }), ours({ delivery: { state: "failed" } }), ours({ delivery: { state: "undone" } })];
    expect(touchesOf(none)).toBe(0);
  });
});
