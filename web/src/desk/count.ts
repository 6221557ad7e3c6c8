/** Lengths as the networks count them: graphemes by the browser's own segmenter. */
const segmenter = "Segmenter" in Intl ? new Intl.Segmenter(undefined, { granularity: "grapheme" }) : null;

export function graphemes(text: string): number {
  return segmenter ? [...segmenter.segment(text)].length : [...text].length;
}

/** The text with the sign-off at its end, once. */
export function signed(text: string, sign: string): string {
  const body = text.trim();
  return body.endsWith(sign) ? body : `${body} ${sign}`;
}

/** The ids of those whom a note calls by @handle. */
export function mentioned(text: string, agents: { id: string; handle: string; disabled: boolean }[]): string[] {
  const called = new Set([...text.matchAll(/(?<![\w@])@([\w.-]+)/g)].map(([, handle = ""]) => handle.replace(/[.-]+$/, "").toLowerCase()));
  return agents.filter((agent) => !agent.disabled && called.has(agent.handle.toLowerCase())).map((agent) => agent.id);
}

/** Fill in a macro's variables. */
export function fill(text: string, values: Record<string, string>): string {
  return text.replace(/\{\{\s*([\w.]+)\s*\}\}/g, (whole, name: string) => values[name] ?? whole);
}
