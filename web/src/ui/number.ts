/** Numbers as the reader's language groups them. */

/** What the desk counts at most in one view; from there on it says "10,000+". */
const COUNTED_UP_TO = 10_000;

export function grouped(n: number): string {
  return n.toLocaleString();
}

export function capped(n: number): string {
  return n >= COUNTED_UP_TO ? `${grouped(COUNTED_UP_TO)}+` : grouped(n);
}

/** What is counted up to a bound: "99+" where there is more. */
export function bounded(n: number, more: boolean): string {
  return `${grouped(n)}${more ? "+" : ""}`;
}

/** Millionths of a dollar as money. */
export function dollars(micros: number): string {
  const money = micros / 1_000_000;
  // What a single call costs is less than a cent.
  const digits = money !== 0 && money < 0.01 ? 4 : 2;
  return money.toLocaleString(undefined, { style: "currency", currency: "USD", currencyDisplay: "narrowSymbol", minimumFractionDigits: 2, maximumFractionDigits: digits });
}
