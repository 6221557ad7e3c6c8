import { describe, expect, it } from "vitest";
import { marked, termsOf } from "./marks";

const found = (text: string, ...queries: string[]): string[] =>
  marked(text, queries.flatMap(termsOf)).filter((piece) => piece.found).map((piece) => piece.text);

describe("the words that a search found", () => {
  it("are marked whatever their case and accents, as whole words", () => {
    expect(found("NORTHWIND was late. Northwinds too.", "northwind")).toEqual(["NORTHWIND"]);
    expect(found("Le café ferme", "cafe")).toEqual(["café"]);
    expect(found("#northwind @northwind northwind.example/a", "northwind")).toEqual(["northwind", "northwind", "northwind"]);
  });
  it("are phrases, and beginnings", () => {
    expect(found("the north wind, and the wind from the north", '"north wind"')).toEqual(["north wind"]);
    expect(found("refunds and refunding", "refund*")).toEqual(["refunds", "refunding"]);
    expect(found("see northwind.example now", "northwind.example")).toEqual(["northwind.example"]);
  });
  it("are misspellings, one slip away", () => {
    expect(found("nothwind norhtwind northwindd nrothwind nordwind southwind", "~northwind")).toEqual(["nothwind", "norhtwind", "northwindd", "nrothwind"]);
  });
  it("are found within a text that puts nothing between its words", () => {
    expect(found("昨日ノースウィンドの荷物が", "ノースウィンド")).toEqual(["ノースウィンド"]);
  });
  it("are not who wrote it, nor its language, but a site and a place are", () => {
    expect(found("en here: northwind.example in Berlin, says me", "url:northwind.example lang:en from:me place:Berlin")).toEqual(["northwind.example", "Berlin"]);
  });
  it("are not what joins them, nor what is left out", () => {
    expect(found("this and that or not here", '(this OR that) AND here NOT or -"and"')).toEqual(["this", "that", "here"]);
    expect(found("a parcel near the door", "parcel NEAR/5 door")).toEqual(["parcel", "door"]);
  });
  it("leave the text as it was", () => {
    const text = "Hi 👋 Northwind, où est mon colis ? نورثويند متأخرة";
    expect(marked(text, termsOf('colis OR "نورثويند"')).map((piece) => piece.text).join("")).toBe(text);
    expect(found(text, 'colis OR "نورثويند"')).toEqual(["colis", "نورثويند"]);
    expect(marked("", [])).toEqual([]);
  });
});
