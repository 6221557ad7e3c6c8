import { en, type Key } from "./en";

/** The words for a key, with its variables filled in. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  return en[key].replace(/(?<!\{)\{(\w+)\}(?!\})/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}

export function has(key: string): key is Key {
  return key in en;
}
