/** The size of a file as people say it. */
export function bytes(count: number, locale?: string): string {
  const steps = ["byte", "kilobyte", "megabyte"] as const;
  const step = count < 1000 ? 0 : count < 1_000_000 ? 1 : 2;
  const shown = { style: "unit", unit: steps[step], unitDisplay: step ? "short" : "long", maximumFractionDigits: step === 2 ? 1 : 0 } as const;
  return new Intl.NumberFormat(locale, shown).format(count / 1000 ** step);
}
