/** The themes, the weightiest first: how many people, whether that is usual, in what mood, and who waits longest. */
import { go } from "../desk/route";
import { t } from "../i18n/t";
import { grouped } from "../ui/number";
import { ago, useNow } from "../ui/time";
import { people, posts } from "./counted";
import { moodOf, moodWords, signed } from "./mood";
import { reachWords } from "./reach";
import { Spark } from "./Spark";
import type { Picture, Span, Theme } from "./types";

const usually = (theme: Theme): string => (theme.usual < 0.5 ? t("radar.usual_none") : t("radar.usual", { n: theme.usual < 10 ? theme.usual.toFixed(1).replace(/\.0$/, "") : Math.round(theme.usual) }));

function Waits({ theme }: { theme: Theme }) {
  const now = useNow();
  const { oldest } = theme;
  if (!oldest) return <p className="r-wait quiet">{t("radar.nobody_waits")}</p>;
  return (
    <p className="r-wait">
      <button onClick={() => go(`/c/${oldest.conversation_id}`)}>
        {t("radar.oldest")} <b><bdi>{oldest.author_name || oldest.author_handle}</bdi></b> <time dateTime={oldest.at}>{ago(oldest.at, now)}</time>
      </button>{" "}
      {theme.waiting > 1 ? <span className="quiet">{t("radar.waiting", { n: theme.waiting })}</span> : null}
    </p>
  );
}

/** What an answer to it would be offered for. */
function searchOf(theme: Theme): string {
  const said = theme.phrases.length ? theme.phrases.slice(0, 4) : [theme.label];
  return said.map((phrase) => (/^[\p{L}\p{N}]+$/u.test(phrase) ? phrase : `"${phrase.replaceAll('"', " ")}"`)).join(" OR ");
}

function One({ theme, span, onLook }: { theme: Theme; span: Span; onLook: (theme: Theme) => void }) {
  const [sample] = theme.samples;
  const reach = reachWords(theme.reach);
  const mood = theme.sentiment === null ? "" : moodOf(theme.sentiment);
  return (
    <li className="r-theme">
      <div className="r-what">
        <h3 dir="auto">{theme.label}</h3>
        <p className="r-signs">
          <span className={`r-trend ${theme.trend}`}>{t(`radar.trend.${theme.trend}`)}</span>
          <span className={`r-mood ${mood}`}>{moodWords(theme.sentiment)}{theme.sentiment_before === null ? "" : ` ${t("radar.mood_before", { mood: signed(theme.sentiment_before) })}`}</span>
          {theme.suspected.map((why) => <span key={why} className="r-suspect">{t(`radar.suspected.${why}`)}</span>)}
        </p>
        {sample ? <blockquote className="press-said" dir="auto">{sample.text}</blockquote> : null}
        <Waits theme={theme} />
        <button className="plain" onClick={() => go(`/settings/macros?for=${encodeURIComponent(searchOf(theme))}`)}>{t("radar.prepare")}</button>
      </div>
      <div className="r-many">
        <button onClick={() => onLook(theme)}><b className="num">{grouped(theme.authors)}</b> {t(theme.authors === 1 ? "radar.one" : "radar.many")}</button>
        <small className="quiet num">{usually(theme)} · {posts(theme.posts)}</small>
        {reach ? <small className="quiet num">{reach}</small> : null}
        <Spark course={theme.course} now={theme.authors} label={t(`radar.spark.${span}`, { n: theme.authors, usual: usually(theme) })} />
      </div>
    </li>
  );
}

function AsTable({ items, onLook }: { items: Theme[]; onLook: (theme: Theme) => void }) {
  return (
    <details className="r-table">
      <summary>{t("radar.as_table")}</summary>
      <div className="lines-in" role="region" aria-label={t("radar.table_of", { what: t("radar.themes") })} tabIndex={0}>
        <table className="lines">
          <thead><tr>{(["theme", "people", "usual", "posts", "trend", "mood", "reach", "waiting"] as const).map((head) => <th key={head} scope="col">{t(`radar.head.${head}`)}</th>)}</tr></thead>
          <tbody>
            {items.map((theme) => (
              <tr key={theme.id}>
                <th scope="row"><button onClick={() => onLook(theme)}><bdi>{theme.label}</bdi></button></th>
                <td className="num">{grouped(theme.authors)}</td>
                <td className="num">{theme.usual.toFixed(1)}</td>
                <td className="num">{grouped(theme.posts)}</td>
                <td>{t(`radar.trend.${theme.trend}`)}</td>
                <td className="num">{moodWords(theme.sentiment)}</td>
                <td className="num">{reachWords(theme.reach, true) || t("radar.reach_unknown")}</td>
                <td className="num">{grouped(theme.waiting)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

export function Themes({ picture, onLook }: { picture: Picture; onLook: (theme: Theme) => void }) {
  if (!picture.made_at && !picture.items.length) return <p className="calm-words" role="status">{t("radar.drawing")}</p>;
  if (!picture.items.length) return <p className="calm-words">{t(picture.read ? "radar.no_theme" : "radar.no_post", { n: picture.read })}</p>;
  return (
    <>
      <p className="quiet">{picture.read < picture.posts ? t("radar.read_part", { posts: picture.posts, read: picture.read }) : t("radar.read", { posts: posts(picture.posts), people: people(picture.authors) })}</p>
      <ol className="r-themes">{picture.items.map((theme) => <One key={theme.id} theme={theme} span={picture.span} onLook={onLook} />)}</ol>
      <AsTable items={picture.items} onLook={onLook} />
    </>
  );
}
