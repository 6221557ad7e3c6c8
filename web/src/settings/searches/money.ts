/** What a search comes to, as money. */
import { t } from "../../i18n/t";
import type { Money } from "../../mentions/types";

export function money({ amount, currency }: Money): string {
  const digits = amount !== 0 && Math.abs(amount) < 0.01 ? 4 : 2;
  return amount.toLocaleString(undefined, { style: "currency", currency, currencyDisplay: "narrowSymbol", minimumFractionDigits: 2, maximumFractionDigits: digits });
}

/** A price in words; what costs nothing is free. */
export function priced(price: Money | null): string {
  return price && price.amount > 0 ? money(price) : t("searches.free");
}

/** All of them together; one that costs nothing adds nothing. Prices of two currencies are not added. */
export function summed(prices: (Money | null)[]): string {
  const sums = new Map<string, number>();
  for (const price of prices) if (price) sums.set(price.currency, (sums.get(price.currency) ?? 0) + price.amount);
  const paid = [...sums].filter(([, amount]) => amount > 0);
  return paid.length ? paid.map(([currency, amount]) => money({ amount, currency })).join(" + ") : t("searches.free");
}
