/** Lengths where links count as one fixed length, and of a name only what stands before its server. */
import { graphemes } from "./count";

const LINK = 23;
const LINKS =
  /(?<![A-Za-z0-9_@$#./-])https?:\/\/(?:[\p{L}\p{N}_-]+\.)+\p{L}{2,}(?::[0-9]+)?(?:[/?#][\p{L}\p{N}!*';:=+,.$/%#[\]_~&|@()?-]*)?/giu;
const NAMES = /(?<![A-Za-z0-9_/])(@[A-Za-z0-9_]+)@[A-Za-z0-9.-]*[A-Za-z0-9]/g;

/** The length of `text`, a link counting as `link`; 0 for the usual. */
export function shortened(text: string, link: number): number {
  let length = 0;
  let at = 0;
  for (const match of text.matchAll(LINKS)) {
    length += named(text, at, match.index) + (link || LINK);
    at = match.index + bare(match[0]).length;
  }
  return length + named(text, at, text.length);
}

/** What stands between two links: counted with the sign before it in sight, as it stands in the text. */
function named(text: string, from: number, to: number): number {
  let length = 0;
  let at = from;
  for (const match of text.slice(0, to).matchAll(NAMES)) {
    if (match.index < from) continue;
    length += graphemes(text.slice(at, match.index)) + (match[1] ?? "").length;
    at = match.index + match[0].length;
  }
  return length + graphemes(text.slice(at, to));
}

/** A link without the signs of the sentence that it stands in. */
function bare(address: string): string {
  let rest = address.replace(/[.,;:!?']+$/, "");
  while (rest.endsWith(")") && times(rest, ")") > times(rest, "(")) rest = rest.slice(0, -1).replace(/[.,;:!?']+$/, "");
  return rest;
}

function times(text: string, sign: string): number {
  return text.split(sign).length - 1;
}
