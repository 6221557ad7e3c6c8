import { expect, it } from "vitest";
import { dayOf, mondayOf, plus, startOf, weekday, weekFrom } from "./week";

it("weeks begin on Monday and days know no zone", () => {
  expect(mondayOf("2026-11-08")).toBe("2026-11-02");
  expect(mondayOf("2026-11-02")).toBe("2026-11-02");
  expect(weekday("2026-11-08")).toBe(6);
  expect(weekFrom("2026-12-28").at(-1)).toBe("2027-01-03");
  expect(plus("2028-02-28", 1)).toBe("2028-02-29");
});

it("a day begins where it is read again as that day", () => {
  for (const day of ["2026-03-29", "2026-10-25", "2026-11-02"]) expect(dayOf(new Date(startOf(day)))).toBe(day);
});
