/** Which words of a post a search has found: as far as its words say, whatever their case and accents. */

export interface Piece {
  text: string;
  found: boolean;
}

export interface Term {
  words: string[];
  /** How the last word is meant: as it is, as a beginning, or with a slip of the fingers. */
  how: "is" | "begins" | "like";
}

// Nothing stands between words of Chinese, Japanese and Thai: each sign is one.
const WORD = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]\p{M}*|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}])[\p{L}\p{M}\p{N}])+/gu;
const PARTS = /(-)?(from:|lang:|url:|place:)?(?:"([^"]*)"|([^\s()"|]+))/gu;
const JOINS = /^(?:AND|OR|NEAR(?:\/\d+)?)$/;

export function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** The term of words that stand side by side. */
export function termOf(text: string): Term {
  const words = Array.from(text.matchAll(WORD), ([word]) => folded(word));
  return { words, how: text.endsWith("*") ? "begins" : text.startsWith("~") ? "like" : "is" };
}

/** What a query looks for in the text; what it leaves out marks nothing, nor does who writes in what language. */
export function termsOf(query: string): Term[] {
  const found: Term[] = [];
  let left = false;
  for (const [, minus, field, phrase, plain = ""] of query.matchAll(PARTS)) {
    if (JOINS.test(plain)) continue;
    if (plain === "NOT") {
      left = true;
      continue;
    }
    const term = termOf(phrase ?? plain);
    if (!minus && !left && field !== "from:" && field !== "lang:" && term.words.length) found.push(term);
    left = false;
  }
  return found;
}

/** Whether one slip of the fingers makes one of the other: a letter more, less or other, or two in each other's place. */
export function alike(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let from = 0;
  while (from < one.length && one[from] === other[from]) from += 1;
  const [a, b] = [one.slice(from), other.slice(from)];
  const swapped = a.length === b.length && a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2);
  return swapped || a.slice(1) === b.slice(1) || a.slice(1) === b || a === b.slice(1);
}

function fits(word: string | undefined, want: string, how: Term["how"]): boolean {
  if (word === undefined) return false;
  return word === want || (how === "begins" && word.startsWith(want)) || (how === "like" && alike(word, want));
}

function lengthAt(words: string[], at: number, { words: wanted, how }: Term): number {
  const met = wanted.every((want, index) => fits(words[at + index], want, index === wanted.length - 1 ? how : "is"));
  return met ? wanted.length : 0;
}

/** The text in pieces, those that the terms found marked. */
export function marked(text: string, terms: Term[]): Piece[] {
  const places = Array.from(text.matchAll(WORD));
  const words = places.map(([word]) => folded(word));
  const pieces: Piece[] = [];
  let done = 0;
  for (let at = 0; at < places.length; at += 1) {
    const length = Math.max(0, ...terms.map((term) => lengthAt(words, at, term)));
    const [first, last] = [places[at], places[at + length - 1]];
    if (!length || !first || !last) continue;
    const end = last.index + last[0].length;
    if (first.index > done) pieces.push({ text: text.slice(done, first.index), found: false });
    pieces.push({ text: text.slice(first.index, end), found: true });
    done = end;
    at += length - 1;
  }
  if (done < text.length) pieces.push({ text: text.slice(done), found: false });
  return pieces;
}
