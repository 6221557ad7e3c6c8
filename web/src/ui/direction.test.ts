import { expect, it } from "vitest";
import { directionOf } from "./direction";

it.each([
  ["@Northwind مرحبا، طلبي رقم 4471", "rtl"],
  ["@northwind@chaos.social #fail https://example.org/a שלום", "rtl"],
  ["@شركة where is my order", "ltr"],
  ["Where is طلبي", "ltr"],
  ["@Northwind 4471 ?!", "auto"],
  ["", "auto"],
  ["👍 مرحبا", "rtl"],
])("%s reads %s", (text, way) => {
  expect(directionOf(text)).toBe(way);
});
