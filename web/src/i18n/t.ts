import { grouped } from "../ui/number";
import { en, type Key } from "./en";

function said(value: string | number): string {
  return typeof value === "number" ? grouped(value) : value;
}

/** The words for a key, with its variables filled in. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return en[key].replace(/(?<!\{)\{(\w+)\}(?!\})/g, (whole, name: string) =>
    name in values ? said(values[name] ?? "") : whole,
  );
}

export function has(key: string): key is Key {
  return key in en;
}
