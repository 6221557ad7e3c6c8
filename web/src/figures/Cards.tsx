/** Today beside the last weeks: one card for each figure, and each number leads to whom it counts. */
import type { ReactNode } from "react";
import { t } from "../i18n/t";
import type { Key } from "../i18n/en";
import { ago, useNow } from "../ui/time";
import { grouped } from "../ui/number";
import { lasted, percent, type Figure, type Which } from "./figure";

type Span = "today" | "whole";
export type Look = (span: Span, which: Which, longest?: boolean) => void;

interface Said {
  big: string;
  small: string[];
  which: Which;
  /** How many conversations are behind it; of none there is no list. */
  count: number;
  hot?: boolean;
}

function answers(one: Figure, median: number | null, p90: number | null): Said {
  const small = one.answered ? [t("figures.p90_is", { p90: lasted(p90) }), t("figures.answered_n", { n: one.answered })] : [t("figures.none_answered")];
  return { big: lasted(median), small, which: "answered", count: one.answered };
}

function share(rate: number | null, words: string, none: string, which: Which, count: number): Said {
  return { big: percent(rate), small: [rate === null ? none : words], which, count };
}

function waiting(one: Figure, now: number): Said {
  const oldest = one.oldest_waiting_since ? t("figures.oldest", { ago: ago(one.oldest_waiting_since, now) }) : t("figures.nobody_waits");
  const small = one.overdue ? [t("figures.overdue", { n: one.overdue }), oldest] : [oldest];
  return { big: grouped(one.waiting), small, which: "waiting", count: one.waiting, hot: one.overdue > 0 };
}

function rating(one: Figure): Said {
  const { rating_mean: mean, rating_count: n, rating_asked: asked } = one;
  const big = mean === null ? "–" : mean.toLocaleString(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const first = mean === null ? (n ? t("figures.too_few") : "") : t("figures.good", { rate: percent(one.rating_good_rate) });
  const small = asked ? [first, t("figures.rated", { n, asked })].filter(Boolean) : [t("figures.none_asked")];
  return { big, small, which: "rating_count", count: n };
}

const CARDS: { name: Key; about: Key; say: (figure: Figure, now: number) => Said }[] = [
  { name: "figures.wall", about: "figures.wall_about", say: (one) => answers(one, one.first_answer_median, one.first_answer_p90) },
  { name: "figures.business", about: "figures.business_about", say: (one) => answers(one, one.business_median, one.business_p90) },
  { name: "figures.waiting", about: "figures.waiting_about", say: waiting },
  {
    name: "figures.in_time", about: "figures.in_time_about",
    say: (one) => share(one.attainment, t("figures.missed_of", { missed: one.missed, n: one.kept + one.missed }), t("figures.none_due"), "missed", one.missed),
  },
  {
    name: "figures.promises", about: "figures.promises_about",
    say: (one) => share(one.promises_rate, t("figures.kept_of", { kept: one.promises_kept, n: one.promises_kept + one.promises_broken }), t("figures.none_ended"), "promises_made", one.promises_made),
  },
  { name: "figures.rating", about: "figures.rating_about", say: rating },
];

function Number({ label, said, onLook }: { label: string; said: Said; onLook: (which: Which) => void }) {
  const inner: ReactNode = (
    <>
      <span className="when">{label}</span>
      <b className={`num ${said.hot ? "hot" : ""}`}>{said.big}</b>
      {said.small.map((words) => <small key={words} className="num">{words}</small>)}
    </>
  );
  if (!said.count) return <div>{inner}</div>;
  return <button onClick={() => onLook(said.which)}>{inner}</button>;
}

export function Cards({ today, whole, days, onLook }: { today: Figure; whole: Figure; days: number; onLook: Look }) {
  const now = useNow();
  return (
    <ul className="sums-of">
      {CARDS.map(({ name, about, say }) => (
        <li key={name}>
          <h2>{t(name)}</h2>
          <p className="quiet">{t(about)}</p>
          <Number label={t("figures.today")} said={say(today, now)} onLook={(which) => onLook("today", which, which === "answered")} />
          <Number label={t("figures.days", { days })} said={say(whole, now)} onLook={(which) => onLook("whole", which, which === "answered")} />
        </li>
      ))}
    </ul>
  );
}

const PARTS: { which: Which; name: Key }[] = [
  { which: "answered", name: "figures.part.answered" },
  { which: "waiting", name: "figures.part.waiting" },
  { which: "closed", name: "figures.part.closed" },
  { which: "left_out", name: "figures.part.left_out" },
];

/** Nobody is dropped from the sum: waits = answered + waiting + closed, and who is left out is named. */
export function Sum({ whole, onLook }: { whole: Figure; onLook: Look }) {
  return (
    <p className="sum-of num">
      <b>{t("figures.sum", { n: whole.waits })}</b>{" "}
      {PARTS.map(({ which, name }) => {
        const n = whole[which];
        const words = t(name, { n });
        return n ? <button key={which} className="link" onClick={() => onLook("whole", which)}>{words}</button> : <span key={which}>{words}</span>;
      })}
    </p>
  );
}
