/** Somebody one might write to: what they said, what speaks for it, what against. */
import { memo, useMemo, useRef } from "react";
import { Avatar } from "../desk/Avatar";
import { t } from "../i18n/t";
import { Key } from "../keys/Key";
import { Author } from "../mentions/Author";
import { Marked } from "../mentions/Marked";
import { termsOf } from "../mentions/marks";
import { there } from "../mentions/there";
import type { Search } from "../mentions/types";
import { Icon } from "../ui/Icon";
import type { Acts } from "./useActs";
import type { Candidate } from "./types";
import { Write } from "./Write";

interface Props {
  one: Candidate;
  on: boolean;
  at: number;
  of: number;
  searches: Search[];
  /** Null for who may only read. */
  acts: Acts | null;
  /** What is being written to them; null while nothing is. */
  text: string | null;
  onText: (id: string, text: string) => void;
  onChoose: (id: string) => void;
  onSent: (id: string) => void;
}

/** How likely they are glad to hear from us, as a bar beside the figure. */
function Score({ one }: { one: Candidate }) {
  return (
    <p className="o-score">
      <span className="o-bar" aria-hidden="true"><i style={{ inlineSize: `${one.score}%` }} /></span>
      <b className="num">{t("outreach.score", { n: one.score })}</b>
      <span className="quiet">{one.reasons.join(" · ")}</span>
    </p>
  );
}

export const Person = memo(function Person({ one, on, at, of, searches, acts, text, onText, onChoose, onSent }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const id = one.mention_id;
  const queries = searches.filter((each) => one.search_ids.includes(each.id)).map((each) => each.query).join(" ");
  const terms = useMemo(() => termsOf(queries), [queries]);
  const url = there(one.url);
  const tab = on ? 0 : -1;
  const post = { ...one, author: { name: one.name, handle: one.handle }, words: [] };
  return (
    <article id={`o-${id}`} className={`row-in mention ${on ? "on" : ""}`} tabIndex={tab} aria-label={one.name || one.handle} aria-current={on} aria-posinset={at + 1} aria-setsize={of} onFocus={() => { if (!on) onChoose(id); }}>
      <Avatar name={one.name || one.handle} url={one.avatar.startsWith("/") ? one.avatar : null} />
      <div className="m-in">
        <Author post={post} />
        <Marked text={one.text} terms={terms} />
        <Score one={one} />
        {one.refusal ? <p className="o-no"><Icon name="alert" size={15} /> {one.refusal}</p> : null}
        {acts && on && !one.refusal && text !== null ? <Write ref={field} one={one} text={text} onText={(said) => onText(id, said)} onSent={() => onSent(id)} /> : null}
        <div className="m-foot">
          <div className="m-acts">
            {acts && !one.refusal && text === null ? <button className="btn go" tabIndex={tab} onClick={() => onText(id, "")}>{t("outreach.write")} <Key of="reply" /></button> : null}
            {acts ? <button className="btn" tabIndex={tab} onClick={() => void acts.aside(one)}>{t("outreach.aside")} <Key of="resolve" /></button> : null}
            {acts ? <button className="btn" tabIndex={tab} onClick={() => void acts.alone(one)}>{t("outreach.alone")} <Key of="select" /></button> : null}
            {url ? <a className="btn" tabIndex={tab} href={url} title={t("mentions.there")} target="_blank" rel="noreferrer noopener"><Icon name="globe" size={15} /><span className="hidden">{t("mentions.there")}</span> <Key of="there" /></a> : null}
          </div>
        </div>
      </div>
    </article>
  );
});
