import { expect, test } from "vitest";
import { bytes } from "./bytes";

test("sizes are said in the unit that fits", () => {
  expect([402, 12_345, 2_460_000].map((count) => bytes(count, "en"))).toEqual(["402 bytes", "12 kB", "2.5 MB"]);
});
