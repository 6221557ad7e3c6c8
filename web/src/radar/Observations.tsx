/** What posts say of products, stores, places and sides of them, rolled up; each figure leads to its posts. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "../api/client";
import { go } from "../desk/route";
import { has, t } from "../i18n/t";
import { useNetworkTitle } from "../live/store";
import { plus } from "../roster/week";
import { Loaded } from "../settings/parts";
import { Choose } from "../ui/Choose";
import { Dialog } from "../ui/Dialog";
import { grouped } from "../ui/number";
import { clockTime } from "../ui/time";
import { moodOf, moodWords } from "./mood";
import { SIDES, type Observation, type Observed, type RollUp, type Share, type Side, type Span } from "./types";
import { today } from "./useRadar";

const PATH = "/insights/observations";

function called(by: Side, name: string): string {
  const key = `radar.aspect.${name}`;
  return by === "aspect" && has(key) ? t(key) : name;
}

function One({ one }: { one: Observation }) {
  const titleOf = useNetworkTitle();
  const what = [one.product, one.site, one.place, ...one.aspects.map((name) => called("aspect", name))].filter(Boolean).join(", ");
  return (
    <li className="r-post">
      <button className="press-in" onClick={() => go(`/c/${one.conversation_id}`)}>
        <span className="press-top"><b><bdi>{what}</bdi></b> <time className="num" dateTime={one.at}>{clockTime(one.at)}</time></span>
        <small>{[titleOf(one.network), has(`mentions.kind.${one.kind}`) ? t(`mentions.kind.${one.kind}` as "mentions.kind.praise") : one.kind, moodWords(one.sentiment)].join(" · ")}</small>
      </button>
    </li>
  );
}

function BehindShare({ share, by, query, onClose }: { share: Share; by: Side; query: string; onClose: () => void }) {
  const asked = `${query}&${new URLSearchParams({ name: share.name }).toString()}`;
  const found = useQuery({ queryKey: [PATH, "behind", asked], queryFn: () => get<Observed>(`${PATH}/behind?${asked}`) });
  return (
    <Dialog title={t("radar.behind", { theme: called(by, share.name) })} onClose={onClose} wide>
      <Loaded query={found}>
        {({ items, posts }) => (
          <>
            <p className="quiet">{t(posts > items.length ? "radar.observed_newest" : "radar.observed", { posts, n: items.length })}</p>
            <div className="press behind" role="region" aria-label={t("radar.posts")} tabIndex={0}>
              <ul>{items.map((one) => <One key={one.message_id} one={one} />)}</ul>
            </div>
          </>
        )}
      </Loaded>
      <div className="acts"><button className="btn" data-first onClick={onClose}>{t("act.close")}</button></div>
    </Dialog>
  );
}

function Bars({ share }: { share: Share }) {
  const mixed = share.posts - share.bad - share.good;
  return (
    <span className="r-bars" aria-hidden="true">
      <i className="bad" style={{ flexGrow: share.bad }} />
      <i style={{ flexGrow: mixed }} />
      <i className="good" style={{ flexGrow: share.good }} />
    </span>
  );
}

function Shares({ found, onLook }: { found: RollUp; onLook: (share: Share) => void }) {
  if (!found.items.length) return <p className="nothing">{t(`radar.none_of.${found.by}`)}</p>;
  return (
    <>
      <p className="quiet">{t(found.whole ? "radar.looked" : "radar.looked_newest", { said: found.said, n: found.looked_at })}</p>
      <div className="lines-in" role="region" aria-label={t("radar.table_of", { what: t("radar.observations") })} tabIndex={0}>
        <table className="lines">
          <thead><tr>{(["what", "people", "posts", "mood", "bad_good"] as const).map((head) => <th key={head} scope="col">{t(`radar.head.${head}`)}</th>)}</tr></thead>
          <tbody>
            {found.items.map((share) => (
              <tr key={share.name}>
                <th scope="row"><button onClick={() => onLook(share)}><bdi>{called(found.by, share.name)}</bdi></button></th>
                <td className="num">{grouped(share.people)}</td>
                <td className="num">{grouped(share.posts)}</td>
                <td className={`num r-mood ${moodOf(share.sentiment)}`}>{moodWords(share.sentiment)}</td>
                <td className="num"><Bars share={share} /> {t("radar.bad_good", { bad: share.bad, good: share.good })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

export function Observations({ day, span }: { day: string; span: Span }) {
  const [by, setBy] = useState<Side>("aspect");
  const [looked, setLooked] = useState<Share | null>(null);
  const to = day || today();
  const days = { from: span === "week" ? plus(to, -6) : to, to };
  const query = new URLSearchParams({ by, ...days }).toString();
  const found = useQuery({ queryKey: [PATH, "shares", query], queryFn: () => get<RollUp>(`${PATH}/shares?${query}`), placeholderData: keepPreviousData });
  return (
    <section aria-label={t("radar.observations")} aria-busy={found.isPlaceholderData || undefined}>
      <div className="split-head">
        <h2>{t("radar.observations")}</h2>
        <Choose label={t("radar.side")} value={by} options={SIDES.map((value) => ({ value, label: t(`radar.side.${value}`) }))} onChange={setBy} />
        <a className="btn" href={`/api/v1${PATH}.csv?${new URLSearchParams(days).toString()}`} download>{t("figures.csv")}</a>
      </div>
      <Loaded query={found}>{(rolled) => <Shares found={rolled} onLook={setLooked} />}</Loaded>
      {looked ? <BehindShare share={looked} by={by} query={query} onClose={() => setLooked(null)} /> : null}
    </section>
  );
}
