/**
 * The weighted length of a post as X counts it; loaded only where a channel counts that way.
 *
 * networks/x/length.py says the same in Python; counts.json holds both to the same answers. The
 * grammar of links and domains.json come from twitter-text (Apache 2.0, Twitter, Inc.).
 */
import domains from "./domains.json";

const LINK = 23;
const LONGEST_LINK = 4096;
const LONGEST_LABEL = 63;
const LONGEST_SLUG = 40;
const LIGHT = [[0, 4351], [8192, 8205], [8208, 8223], [8242, 8247]] as const;

const PART = String.raw`\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F)?(?:[\u{E0020}-\u{E007F}]+)?`;
const EMOJI = new RegExp(
  String.raw`[\u{1F1E6}-\u{1F1FF}]{2}|[0-9#*]\uFE0F?\u20E3` +
    String.raw`|(?=\p{Emoji_Presentation}|.(?:\uFE0F|\u200D|\p{Emoji_Modifier}))${PART}(?:\u200D${PART})*`,
  "uy",
);

const MARKS = String.raw`\u202A-\u202E\u061C\u200E\u200F\u2066-\u2069`;
const BROKEN = String.raw`\uFFFE\uFEFF\uFFFF`;
const SPACES = String.raw`\x09-\x0D\x20\x85\xA0\u1680\u180E\u2000-\u200A\u2028\u2029\u202F\u205F\u3000`;
const SIGNS = String.raw`!'#%&()*+,\\\-./:;<=>?@\[\]^_{|}~$`;
const LATIN =
  String.raw`\xC0-\xD6\xD8-\xF6\xF8-\xFF\u0100-\u024F\u0253\u0254\u0256\u0257\u0259\u025B\u0263` +
  String.raw`\u0268\u026F\u0272\u0289\u028B\u02BB\u0300-\u036F\u1E00-\u1EFF`;
const LETTER = `[^${SIGNS}${SPACES}${BROKEN}${MARKS}]`;
const ENDING = domains.map((list) => `(?:(?:${list.replaceAll(" ", "|")})(?=[^0-9a-zA-Z@+\\-]|$))`).join("|") + "|xn--[\\-0-9a-z]+";
const DOMAIN = `(?:(?:${LETTER}(?:[_\\-]|${LETTER})*)?${LETTER}\\.)*(?:${LETTER}(?:-|${LETTER})*)?${LETTER}\\.(?:${ENDING})`;
const INSIDE = `[a-z\\u0400-\\u04FF0-9!*';:=+,.$/%#\\[\\]\\-\\u2013_~@|&${LATIN}]`;
const PARENS = `\\((?:${INSIDE}+|${INSIDE}*\\(${INSIDE}+\\)${INSIDE}*)\\)`;
const LAST = `(?:[+\\-a-z\\u0400-\\u04FF0-9=_#/${LATIN}]|${PARENS})`;
const PATH = `(?:${INSIDE}*(?:${PARENS}${INSIDE}*)*${LAST}|@${INSIDE}+/)`;
const QUERY = String.raw`(?:\?[a-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|]*[a-z0-9\-_&=#/])?`;
const URL_LIKE = new RegExp(
  `([^A-Za-z0-9@＠$#＃${BROKEN}]|[${MARKS}]|^)((https?://)?(${DOMAIN})(?::[0-9]+)?(/${PATH}*)?${QUERY})`,
  "giu",
);
const PLAIN_DOMAIN = new RegExp(`(?:[\\-a-z0-9${LATIN}]+\\.)+(?:${ENDING})`, "giu");
const SHORT = new RegExp(`^https?://t\\.co/([a-z0-9]+)${QUERY}`, "iu");

export interface Link {
  url: string;
  /** From and to, in UTF-16 units. */
  indices: [number, number];
}

/** Where X sees links, those without `https://` too. */
export function links(text: string): Link[] {
  const found: Link[] = [];
  if (!text.includes(".")) return found;
  for (const match of text.matchAll(URL_LIKE)) {
    const [all, before = "", url = "", protocol, domain = "", path] = match;
    const end = match.index + all.length;
    if (!reachable(url, domain)) continue;
    if (protocol !== undefined) found.push(...shortened(url, end - url.length));
    else if (!/[-_./]$/.test(before)) found.push(...bare(domain, url, path, end));
  }
  return found;
}

/** Of a t.co address nothing counts behind its slug. */
function shortened(url: string, start: number): Link[] {
  const short = SHORT.exec(url);
  if (short && (short[1] ?? "").length > LONGEST_SLUG) return [];
  const whole = short ? short[0] : url;
  return [{ url: whole, indices: [start, start + whole.length] }];
}

/** Domains without a protocol, of plain letters only; a path belongs to the last. */
function bare(domain: string, url: string, path: string | undefined, end: number): Link[] {
  const start = end - url.length;
  const found: Link[] = [...domain.matchAll(PLAIN_DOMAIN)].map((match) => ({
    url: match[0],
    indices: [start + match.index, start + match.index + match[0].length],
  }));
  const last = found.at(-1);
  if (last && path) {
    last.url = url.replace(domain, last.url);
    last.indices[1] = end;
  }
  return found;
}

/** Not where a part of the name has no plain form of at most 63 letters. */
function reachable(url: string, domain: string): boolean {
  return domain.split(".").every((label) => plain(label) <= LONGEST_LABEL) && url.length + "https://".length <= LONGEST_LINK;
}

/** Letters of a label in its plain form; endless where it has none. */
function plain(label: string): number {
  const bare = label.normalize("NFKC").replace(/\u00AD|\u200C|\u200D|[\uFE00-\uFE0F]/gu, "").toLowerCase();
  if (/^[\0-\x7F]*$/.test(bare)) return bare.length;
  const signs = [...bare].map((sign) => sign.codePointAt(0) ?? 0);
  const formless = signs.length > LONGEST_LABEL || /^xn--|[\u{E0000}-\u{E007F}]/u.test(bare);
  return formless ? Infinity : "xn--".length + punycode(signs);
}

/** How many letters RFC 3492 takes for these signs. */
function punycode(signs: number[]): number {
  const basic = signs.filter((sign) => sign < 128).length;
  let length = basic + (basic ? 1 : 0);
  let [done, next, delta, bias] = [basic, 128, 0, 72];
  while (done < signs.length) {
    const least = Math.min(...signs.filter((sign) => sign >= next));
    delta += (least - next) * (done + 1);
    for (const sign of signs) {
      if (sign < least) delta += 1;
      if (sign !== least) continue;
      length += digits(delta, bias);
      bias = adapted(delta, done + 1, done === basic);
      delta = 0;
      done += 1;
    }
    delta += 1;
    next = least + 1;
  }
  return length;
}

function digits(delta: number, bias: number): number {
  for (let count = 1, step = 36; ; count += 1, step += 36) {
    const least = Math.min(Math.max(step - bias, 1), 26);
    if (delta < least) return count;
    delta = Math.floor((delta - least) / (36 - least));
  }
}

function adapted(delta: number, points: number, first: boolean): number {
  let rest = Math.floor(delta / (first ? 700 : 2));
  rest += Math.floor(rest / points);
  let step = 0;
  for (; rest > 455; step += 36) rest = Math.floor(rest / 35);
  return step + Math.floor((36 * rest) / (rest + 38));
}

/** The weighted length; without `emojis` as before a sequence of signs weighed as one emoji. */
export function weigh(given: string, emojis = true): number {
  const text = given.normalize("NFC").replace(/\r\n?/g, "\n");
  const ends = new Map(links(text).map(({ indices }) => indices));
  let at = 0;
  let length = 0;
  while (at < text.length) {
    const sign = text.codePointAt(at) ?? 0;
    const end = ends.get(at);
    EMOJI.lastIndex = at;
    const emoji = emojis && end === undefined ? EMOJI.exec(text) : null;
    if (end !== undefined) length += LINK;
    else length += !emoji && LIGHT.some(([low, high]) => low <= sign && sign <= high) ? 1 : 2;
    at = end ?? at + (emoji ? emoji[0].length : sign > 0xffff ? 2 : 1);
  }
  return length;
}
