/** People in the last day, the mood of four weeks, and who speaks of whom: each with its table behind it. */
import type { ReactNode } from "react";
import { t } from "../i18n/t";
import { shortDay } from "../roster/week";
import { grouped } from "../ui/number";
import { wallTime } from "../ui/time";
import { moodWords, signed } from "./mood";
import type { MoodDay, Overview, Signal, Step, Voice } from "./types";

interface CardProps {
  title: string;
  said: string;
  hot?: boolean;
  heads: [string, string];
  rows: [string, string][];
  children: ReactNode;
}

/** A picture, what it says in a sentence, and its numbers. */
function Card({ title, said, hot = false, heads, rows, children }: CardProps) {
  return (
    <section className="r-card" aria-label={title}>
      <h2>{title}</h2>
      <p className={hot ? "hot" : "quiet"}>{said}</p>
      {children}
      <details className="r-table">
        <summary>{t("radar.as_table")}</summary>
        <div className="lines-in" role="region" aria-label={t("radar.table_of", { what: title })} tabIndex={0}>
          <table className="lines">
            <thead><tr>{heads.map((head) => <th key={head} scope="col">{head}</th>)}</tr></thead>
            <tbody>{rows.map(([name, value]) => <tr key={name}><th scope="row">{name}</th><td className="num">{value}</td></tr>)}</tbody>
          </table>
        </div>
      </details>
    </section>
  );
}

const WIDTH = 288;
const HEIGHT = 92;

/** The steps of three in sum would count people twice: of each quarter of an hour the fullest is drawn. */
const QUARTER = 3;

function People({ steps, signals }: { steps: Step[]; signals: Signal[] }) {
  const burst = signals.find((one) => one.kind === "burst" && !one.ended_at);
  const last = signals.find((one) => one.kind === "burst");
  const quarters = steps.filter((_, at) => at % QUARTER === 0).map((step, n) => ({ at: step.at, authors: Math.max(...steps.slice(n * QUARTER, (n + 1) * QUARTER).map((one) => one.authors)) }));
  const most = Math.max(1, ...quarters.map((one) => one.authors));
  const wide = WIDTH / Math.max(1, quarters.length);
  const inBurst = (at: string): boolean => signals.some((one) => one.kind === "burst" && at >= one.began_at && (!one.ended_at || at < one.ended_at));
  const said = burst ? t("radar.burst_now", { since: wallTime(burst.began_at), n: burst.authors }) : last ? t("radar.burst_was", { since: wallTime(last.began_at), day: shortDay(last.began_at.slice(0, 10)) }) : t("radar.no_burst");
  return (
    <Card title={t("radar.hours")} said={said} hot={Boolean(burst)} heads={[t("radar.head.from"), t("radar.head.people")]} rows={quarters.map((one) => [wallTime(one.at), grouped(one.authors)])}>
      <svg className="r-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={t("radar.hours_label", { most })}>
        {quarters.map((one, at) => {
          const high = (one.authors / most) * (HEIGHT - 4);
          return <rect key={one.at} className={inBurst(one.at) ? "burst" : ""} x={at * wide} y={HEIGHT - high} width={Math.max(0.6, wide - 0.6)} height={high} />;
        })}
      </svg>
      {quarters.length ? <p className="r-axis num"><span>{wallTime(quarters[0]?.at ?? "")}</span><span>{t("radar.most", { n: most })}</span><span>{t("radar.now")}</span></p> : null}
    </Card>
  );
}

function Moods({ days }: { days: MoodDay[] }) {
  const known = days.filter((day) => day.mood !== null);
  const week = days.slice(-7);
  const judged = week.reduce((sum, day) => sum + day.judged, 0);
  const mean = judged ? week.reduce((sum, day) => sum + (day.mood ?? 0) * day.judged, 0) / judged : null;
  const before = days.slice(0, -7);
  const earlier = before.reduce((sum, day) => sum + day.judged, 0);
  const was = earlier ? before.reduce((sum, day) => sum + (day.mood ?? 0) * day.judged, 0) / earlier : null;
  const said = mean === null ? t("radar.mood_none") : was === null ? t("radar.mood_week", { mood: moodWords(mean) }) : t("radar.mood_shift", { mood: moodWords(mean), was: signed(was) });
  const wide = WIDTH / Math.max(1, days.length);
  const middle = HEIGHT / 2;
  return (
    <Card title={t("radar.moods")} said={said} heads={[t("radar.head.day"), t("radar.head.mood")]} rows={days.map((day) => [shortDay(day.day), day.mood === null ? "–" : t("radar.mood_of", { mood: signed(day.mood), bad: day.bad, good: day.good, n: day.judged })])}>
      <svg className="r-chart" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={t("radar.moods_label", { n: known.length })}>
        <line x1={0} x2={WIDTH} y1={middle} y2={middle} />
        {days.map((day, at) => {
          const high = Math.abs(day.mood ?? 0) * middle;
          return <rect key={day.day} className={(day.mood ?? 0) < 0 ? "bad" : "good"} x={at * wide + 1} y={(day.mood ?? 0) < 0 ? middle : middle - high} width={Math.max(1, wide - 2)} height={high} />;
        })}
      </svg>
      <p className="r-axis num"><span>{shortDay(days[0]?.day ?? "")}</span><span>{t("radar.today")}</span></p>
    </Card>
  );
}

function Voices({ voices }: { voices: Voice[] }) {
  const most = Math.max(1, ...voices.map((one) => one.authors));
  const all = voices.reduce((sum, one) => sum + one.authors, 0);
  const share = (one: Voice): number => Math.round((one.authors / Math.max(1, all)) * 100);
  return (
    <Card title={t("radar.voices")} said={t("radar.voices_about")} heads={[t("radar.head.search"), t("radar.head.people")]} rows={voices.map((one) => [one.name, t("radar.voice", { n: one.authors, posts: one.posts })])}>
      <ul className="r-voices">
        {voices.slice(0, 6).map((one) => (
          <li key={one.search_id}><span><bdi>{one.name}</bdi> <b className="num">{share(one)} %</b></span><i style={{ width: `${(one.authors / most) * 100}%` }} /></li>
        ))}
      </ul>
    </Card>
  );
}

export function Pictures({ overview }: { overview: Overview }) {
  return (
    <div className="r-cards">
      <People steps={overview.steps} signals={overview.signals} />
      <Moods days={overview.days} />
      {overview.voices.length ? <Voices voices={overview.voices} /> : null}
    </div>
  );
}
