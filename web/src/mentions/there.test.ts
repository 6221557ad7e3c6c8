import { expect, it } from "vitest";
import { there } from "./there";

it("only an address of the web is followed", () => {
  expect(there("https://town.example/1")).toBe("https://town.example/1");
  expect(["", "rehearsal://ada/1", "javascript:alert(1)", " javascript:alert(1)//https://", "/settings"].map(there)).toEqual([null, null, null, null, null]);
});
