/** What a search would find, and what it comes to: the sum first, then each network, then posts. */
import { t } from "../../i18n/t";
import { useNetworkTitle } from "../../live/store";
import { Author } from "../../mentions/Author";
import { Marked } from "../../mentions/Marked";
import { there } from "../../mentions/there";
import { termOf } from "../../mentions/marks";
import type { Trial } from "../../mentions/types";
import { grouped } from "../../ui/number";
import { length } from "../../ui/time";
import { priced, summed } from "./money";
import type { Tried } from "./useTrial";

function few(n: number): string {
  return n > 0 && n < 10 ? n.toLocaleString(undefined, { maximumFractionDigits: 1 }) : grouped(Math.round(n));
}

/** Of how long a look told: minutes where much is said, days where little is. */
function spanOf(hours: number): string {
  return length(hours * 3_600_000).replace(/ \d\d$/, "");
}

function Networks({ rows }: { rows: Trial["per_network"] }) {
  const titleOf = useNetworkTitle();
  return (
    <table className="per">
      <thead><tr><th scope="col">{t("searches.network")}</th><th scope="col">{t("searches.found")}</th><th scope="col">{t("searches.per_day")}</th><th scope="col">{t("searches.price")}</th></tr></thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.network}>
            <th scope="row">{titleOf(row.network)}</th>
            {row.problem ? <td className="why" colSpan={3}>{row.problem}</td> : (
              <>
                <td className="num">{t("searches.found_in", { n: row.found, time: spanOf(row.hours) })}</td>
                <td className="num">{few(row.per_day)}</td>
                <td className="num">{priced(row.price_month)}</td>
              </>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Found({ found }: { found: Trial }) {
  const { items, per_network: rows, warnings } = found;
  const asked = rows.filter((row) => !row.problem);
  const n = few(asked.reduce((sum, row) => sum + row.per_day, 0));
  const price = summed(asked.map((row) => row.price_month));
  const sum = [t(asked.length < rows.length ? "searches.sum_of_asked" : "searches.sum", { n }), price === t("searches.free") ? price : t("searches.month", { price })].join(", ");
  return (
    <>
      {asked.length ? <p className="sum"><b>{sum}</b></p> : null}
      {warnings.map((one) => <p key={one} className="m-trouble">{one}</p>)}
      {rows.length ? <Networks rows={rows} /> : null}
      {items.length ? (
        <ul className="samples" aria-label={t("searches.samples")}>
          {items.map((post) => (
            <li key={`${post.network} ${post.external_id}`}>
              <Author post={post} />
              <Marked text={post.text} terms={post.words.map(termOf)} />
              {there(post.url) ? <a href={post.url} target="_blank" rel="noreferrer noopener">{t("mentions.there")}</a> : null}
            </li>
          ))}
        </ul>
      ) : asked.length ? <p className="quiet">{t("searches.nothing", { time: spanOf(Math.max(...asked.map((row) => row.hours))) })}</p> : null}
    </>
  );
}

export function Preview({ tried, query }: { tried: Tried; query: string }) {
  const { found, asking, stopped, failed, wrong, stop, again } = tried;
  return (
    <section className="preview" tabIndex={0} aria-label={t("searches.preview")} aria-busy={asking}>
      <h2>{t("searches.preview")}</h2>
      <div className="asked-line" role="status">
        {asking ? <><span>{t("searches.asking")}</span> <button type="button" className="btn" onClick={stop}>{t("searches.stop")}</button></> : null}
        {stopped ? <><span>{t("searches.stopped")}</span> <button type="button" className="btn" onClick={again}>{t("searches.ask_again")}</button></> : null}
      </div>
      {failed ? <div className="failed" role="alert"><span className="grow">{t("searches.preview_failed", { why: failed })}</span><button type="button" className="btn" onClick={again}>{t("settings.again")}</button></div> : null}
      {!query.trim() ? <p className="quiet">{t("searches.preview_none")}</p> : null}
      {wrong ? <p className="quiet">{t("searches.preview_wrong")}</p> : null}
      {found ? <div className={asking || failed ? "old" : ""}><Found found={found} /></div> : null}
    </section>
  );
}
