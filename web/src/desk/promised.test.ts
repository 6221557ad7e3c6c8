import { describe, expect, it } from "vitest";
import { promised } from "./promised";

// A Wednesday.
const NOW = new Date(2026, 10, 25, 10, 0);
const due = (text: string): string => {
  const found = promised(text, NOW)?.due;
  if (!found) return "";
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${found.getMonth() + 1}-${two(found.getDate())} ${two(found.getHours())}:${two(found.getMinutes())}`;
};

describe("a promise with its time is found", () => {
  it.each([
    ["We will refund you by Friday.", "11-27 18:00"],
    ["You'll have it by next Tue", "12-01 18:00"],
    ["I promise an answer by tomorrow", "11-26 18:00"],
    ["I'll call you tomorrow.", "11-26 18:00"],
    ["It is done by the end of the day", "11-25 18:00"],
    ["We answer within 2 hours", "11-25 12:00"],
    ["The money is back in 3 business days", "11-30 18:00"],
    ["The money is back within two days", "11-27 18:00"],
    ["You hear from us within a week.", "12-02 18:00"],
    ["We ship it no later than December 24th", "12-24 18:00"],
    ["We ship it by 3 January, promised", "1-03 18:00"],
    ["Wir erstatten es bis Freitag.", "11-27 18:00"],
    ["Sie hören bis spätestens 24.12. von uns", "12-24 18:00"],
    ["Sie hören morgen von uns", "11-26 18:00"],
    ["Das dauert nicht lang: innerhalb von 48 Stunden", "11-27 10:00"],
    ["Binnen drei Werktagen ist es da", "11-30 18:00"],
    ["Nous vous remboursons d’ici vendredi", "11-27 18:00"],
    ["Réponse sous 48 heures", "11-27 10:00"],
    ["Lo enviamos antes del viernes", "11-27 18:00"],
    ["Le rispondiamo entro domani", "11-26 18:00"],
    ["Respondemos até sexta-feira", "11-27 18:00"],
    ["U krijgt het uiterlijk vrijdag", "11-27 18:00"],
    ["Done by Friday. Thanks!", "11-27 18:00"],
  ])("%s", (text, at) => expect(due(text)).toBe(at));
});

describe("what is none is left alone", () => {
  it.each([
    "Could you send it by Friday?", "It broke on Friday.", "Guten Morgen!", "Have a nice day today",
    "We are closed on Sundays.", "", "Stand by me", "in 2 parts", "by 31 February", "Estamos aquí por la mañana",
    "I got it in 2020 days ago", "forbidden until further notice",
  ])("%s", (text) => expect(promised(text, NOW)).toBeNull());
});

it("the words are those of the sentence alone, and nothing is due in the past", () => {
  expect(promised("Sorry for that! We refund 19.90 by Friday. Bye", NOW)?.words).toBe("We refund 19.90 by Friday.");
  const evening = new Date(2026, 10, 25, 20, 0);
  expect(promised("Done by today", evening)?.due).toEqual(new Date(2026, 10, 25, 23, 59));
  expect(promised("word ".repeat(2000) + "by Friday", NOW)?.words.length).toBe(300);
});
