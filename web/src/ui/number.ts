/** Numbers as the reader's language groups them. */

/** What the desk counts at most in one view; from there on it says "10,000+". */
const COUNTED_UP_TO = 10_000;

export function grouped(n: number): string {
  return n.toLocaleString();
}

export function capped(n: number): string {
  return n >= COUNTED_UP_TO ? `${grouped(COUNTED_UP_TO)}+` : grouped(n);
}
