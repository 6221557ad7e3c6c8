/**
 * A promise with its time in what an agent writes: "refund by Friday", "bis morgen", "sous 48 heures".
 * It is only ever offered to her, so it may miss some; what is asked ("can you send it by Friday?") is none.
 */

export interface Promised {
  /** The sentence it stands in. */
  words: string;
  due: Date;
}

interface Tongue {
  /** What comes before a day: by, until. */
  by: string;
  /** What comes before a length: within, in. */
  within: string;
  hour: string;
  day: string;
  /** A day on which people work. */
  workday: string;
  week: string;
  today: string;
  /** Also by itself. */
  tomorrow: string;
  /** The end of the week, after `by`. */
  weekend: string;
}

const TONGUES: Record<string, Tongue> = {
  en: { by: "by|until|till|before|no later than|at the latest on", within: "within(?: the next)?|in(?: the next)?", hour: "hours?", day: "days?", workday: "(?:business|working|work) days?", week: "weeks?", today: "today|tonight|(?:the )?end of (?:the )?day|eod", tomorrow: "tomorrow", weekend: "(?:the )?end of (?:the|this) week|the weekend" },
  de: { by: "bis(?: zum| spätestens)?|spätestens(?: am)?|noch vor", within: "innerhalb(?: von| der nächsten)?|binnen|in(?: den nächsten)?", hour: "stunden?", day: "tage?n?", workday: "(?:werk|arbeits)tage?n?", week: "wochen?", today: "heute(?: abend)?", tomorrow: "(?<!guten |goeden |am |jeden )morgen", weekend: "ende der woche|zum wochenende|wochenende" },
  fr: { by: "d['’]ici(?: à)?|avant|au plus tard|jusqu['’]à", within: "sous|dans(?: les)?|d['’]ici", hour: "heures?", day: "jours?", workday: "jours? ouvrés?", week: "semaines?", today: "aujourd['’]hui|ce soir", tomorrow: "demain", weekend: "la fin de (?:la|cette) semaine" },
  es: { by: "antes del?|para el|para|a más tardar|hasta el", within: "en(?: las próximas| los próximos)?|dentro de", hour: "horas?", day: "días?", workday: "días? (?:hábiles|laborables)", week: "semanas?", today: "hoy", tomorrow: "(?<!la |esta )mañana", weekend: "fin de semana" },
  it: { by: "entro(?: il)?|prima di", within: "entro|tra|fra", hour: "ore|ora", day: "giorn[io]", workday: "giorni lavorativi", week: "settiman[ae]", today: "oggi|stasera", tomorrow: "domani", weekend: "fine settimana|la fine della settimana" },
  pt: { by: "até(?: à| a)?|antes de", within: "em|dentro de", hour: "horas?", day: "dias?", workday: "dias úteis", week: "semanas?", today: "hoje", tomorrow: "amanhã", weekend: "fim da semana" },
  nl: { by: "voor|uiterlijk|tegen", within: "binnen|over", hour: "u(?:ur|ren)", day: "dag(?:en)?", workday: "werkdag(?:en)?", week: "we(?:ek|ken)", today: "vandaag|vanavond", tomorrow: "(?<!guten |goeden |am |jeden )morgen", weekend: "het einde van de week" },
};
const COUNTS: Record<string, number> = { a: 1, an: 1, one: 1, ein: 1, einer: 1, einem: 1, eines: 1, une: 1, un: 1, una: 1, uma: 1, een: 1, two: 2, zwei: 2, deux: 2, dos: 2, due: 2, dois: 2, twee: 2, three: 3, drei: 3, trois: 3, tres: 3, tre: 3, drie: 3, couple: 2, few: 3 };
const SMALL = "am|le|el|il|a|op|next|this|coming|nächsten|kommenden|diesen|prochain|próximo|prossimo|on|dem|der|den|the";
const MOST_DAYS = 365;

const names = (language: string, part: "weekday" | "month", count: number, at: (index: number) => Date): string[] =>
  Array.from({ length: count }, (_, index) => new Intl.DateTimeFormat(language, { [part]: "long", timeZone: "UTC" }).format(at(index)).toLowerCase());

interface Ready extends Tongue {
  language: string;
  weekdays: string[];
  months: string[];
}

let ready: Ready[] | undefined;

/** Weekdays and months come from the browser, which knows them in every language; once, when asked for. */
function tongues(): Ready[] {
  ready ??= Object.entries(TONGUES).map(([language, tongue]) => ({
    ...tongue,
    language,
    // 2 November 2026 is a Monday.
    weekdays: names(language, "weekday", 7, (index) => new Date(Date.UTC(2026, 10, 2 + index))),
    months: names(language, "month", 12, (index) => new Date(Date.UTC(2026, index, 1))),
  }));
  return ready;
}

/** The end of the working day; today after it, the end of the day. */
function endOf(day: Date, now: Date): Date {
  const due = new Date(day.getFullYear(), day.getMonth(), day.getDate(), 18);
  return due > now ? due : new Date(day.getFullYear(), day.getMonth(), day.getDate(), 23, 59);
}

const ahead = (now: Date, days: number): Date => new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);

function workdays(now: Date, count: number): Date {
  let day = now;
  for (let left = count; left > 0; ) {
    day = ahead(day, 1);
    if (day.getDay() % 6 !== 0) left -= 1;
  }
  return day;
}

const short = (name: string): string => (name.length > 4 ? `${name.slice(0, 3)}(?:${name.slice(3)})?` : name);
const one = (all: string[]): string => all.map((name) => short(name.replace(/-.*$/, ""))).join("|");
const which = (all: string[], found: string): number => all.findIndex((name) => name.startsWith(found.slice(0, name.length > 4 ? 3 : name.length)));

/** The next such date, this year's or the next one's. */
function dated(now: Date, month: number, day: number): Date | null {
  const found = new Date(now.getFullYear(), month, day);
  if (found.getDate() !== day || found.getMonth() !== month) return null;
  return endOf(found < ahead(now, 0) ? new Date(now.getFullYear() + 1, month, day) : found, now);
}

type Reading = [pattern: string, due: (groups: string[], now: Date) => Date | null];

const after = (now: Date, weekday: number): Date => ahead(now, (weekday - ((now.getDay() + 6) % 7) + 7) % 7);

function readings(of: Ready): Reading[] {
  const by = `(?:${of.by})\\s+(?:(?:${SMALL})\\s+)*`;
  const many = `(?:${of.within})\\s+(?:(?:a|the|les|las|den)\\s+)?(\\d{1,3}|${Object.keys(COUNTS).join("|")})(?:\\s+of)?\\s+`;
  const count = (text = ""): number => COUNTS[text] ?? Number(text);
  return [
    [`${by}(?:${of.weekend})`, (_, now) => endOf(after(now, 4), now)],
    [`${by}(?:${of.today})`, (_, now) => endOf(now, now)],
    [`(?:${of.tomorrow})`, (_, now) => endOf(ahead(now, 1), now)],
    [`${by}(${one(of.weekdays)})(?:-?feira)?`, ([name = ""], now) => endOf(after(now, which(of.weekdays, name)), now)],
    [`${by}(\\d{1,2})(?:st|nd|rd|th|\\.|er|º)?\\s+(?:de\\s+|of\\s+)?(${one(of.months)})`, ([day, month = ""], now) => dated(now, which(of.months, month), Number(day))],
    [`${by}(${one(of.months)})\\s+(\\d{1,2})(?:st|nd|rd|th)?`, ([month = "", day], now) => dated(now, which(of.months, month), Number(day))],
    [`${by}(\\d{1,2})\\.\\s?(\\d{1,2})\\.`, ([day, month], now) => dated(now, Number(month) - 1, Number(day))],
    [`${many}(?:${of.workday})`, ([text], now) => endOf(workdays(now, count(text)), now)],
    [`${many}(?:${of.hour})`, ([text], now) => new Date(now.getTime() + count(text) * 3_600_000)],
    [`${many}(?:${of.day})`, ([text], now) => endOf(ahead(now, count(text)), now)],
    [`${many}(?:${of.week})`, ([text], now) => endOf(ahead(now, 7 * count(text)), now)],
  ];
}

let patterns: [RegExp, Reading[1]][] | undefined;

function all(): [RegExp, Reading[1]][] {
  patterns ??= tongues().flatMap((of) => readings(of).map(([pattern, due]): [RegExp, Reading[1]] => [new RegExp(`(?<![\\p{L}\\d])(?:${pattern})(?![\\p{L}\\d])`, "u"), due]));
  return patterns;
}

/** What stands between marks that end a sentence; a full stop in a date is none. */
const sentences = (text: string): string[] => text.match(/(?:[^.!?\n]|\.(?=\s?\d|\S))+[.!?]*/gu) ?? [];

/** The first promise with a time that a text makes; null for none. */
export function promised(text: string, now: Date): Promised | null {
  for (const sentence of sentences(text)) {
    if (sentence.trimEnd().endsWith("?")) continue;
    const low = sentence.toLowerCase();
    const found = all().flatMap(([pattern, read]) => {
      const match = pattern.exec(low);
      const due = match ? read(match.slice(1), now) : null;
      return match && due && due > now && due < ahead(now, MOST_DAYS) ? [{ at: match.index, length: match[0].length, due }] : [];
    });
    // Of those that begin together the longest is meant: "in 2 business days", not "in 2".
    const [best] = found.sort((a, b) => a.at - b.at || b.length - a.length);
    if (best) return { words: sentence.trim().slice(0, 300), due: best.due };
  }
  return null;
}
