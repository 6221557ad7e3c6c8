/**
 * A language that nobody speaks: every word as it is, but accented, longer by half, and in brackets.
 * A browser set to "en-XA" sees at a glance what is cut off, and what does not come from en.ts.
 */
const ACCENTED: Record<string, string> = {
  a: "á", c: "ç", e: "é", i: "í", n: "ñ", o: "ö", s: "š", u: "ü", y: "ý", A: "Á", C: "Ç", E: "É", I: "Í", N: "Ñ", O: "Ö", S: "Š", U: "Ü",
};

function stretched(words: string): string {
  const accented = words.replace(/\{+\w+(?:\.\w+)?\}+|[a-zA-Z]/g, (part) => ACCENTED[part] ?? part);
  return `[${accented}${" ~~~~".repeat(Math.ceil(words.length / 10))}]`;
}

/** All of `words` in that language. */
export function pseudo<K extends string>(words: Record<K, string>): Record<K, string> {
  return Object.fromEntries(Object.entries<string>(words).map(([key, text]) => [key, stretched(text)])) as Record<K, string>;
}
