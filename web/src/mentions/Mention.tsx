/** One mention in the stream: who, what, found by what, and what can be done about it. */
import { memo, useMemo } from "react";
import { Avatar } from "../desk/Avatar";
import { go } from "../desk/route";
import { has, t } from "../i18n/t";
import { Key } from "../keys/Key";
import { Icon } from "../ui/Icon";
import { Severity } from "../ui/Severity";
import { useReaches } from "../outreach/useRules";
import { Author } from "./Author";
import { termsOf } from "./marks";
import { Marked } from "./Marked";
import { there } from "./there";
import type { Shown } from "./stream";
import type { MentionState, Search } from "./types";
import type { Settling } from "./useSettling";

/** Pictures come from the desk: asking a network for one would tell it who reads what. */
function ours(url: string): string | null {
  return url.startsWith("/") ? url : null;
}

function kindOf(kind: string): string {
  const key = `mentions.kind.${kind}`;
  return has(key) ? t(key) : "";
}

/** What became of it, where it is not what one asked for. */
function said({ state, by }: Shown, asked: MentionState): string {
  if (state === asked || state === "new") return "";
  return by ? t(`mentions.by.${state}`, { name: by }) : t(`mentions.is.${state}`);
}

interface ActsProps {
  mention: Shown;
  stop: boolean;
  settling: Settling | null;
}

function Acts({ mention, stop, settling }: ActsProps) {
  const { conversation_id: conversation, state } = mention;
  const url = there(mention.url);
  const reaches = useReaches();
  const tab = stop ? 0 : -1;
  return (
    <div className="m-acts">
      {settling && state === "new" ? (
        <>
          <button className="btn go" tabIndex={tab} onClick={() => void settling.take(mention, false)}>{t("mentions.take")} <Key of="assign" /></button>
          <button className="btn" tabIndex={tab} onClick={() => void settling.take(mention, true)}>{t("mentions.answer")} <Key of="reply" /></button>
          {reaches ? <button className="btn" tabIndex={tab} onClick={() => void settling.reach(mention)}>{t("outreach.put_it")} <Key of="promise" /></button> : null}
          <button className="btn" tabIndex={tab} onClick={() => void settling.dismiss(mention)}>{t("mentions.dismiss")} <Key of="resolve" /></button>
        </>
      ) : null}
      {settling && state === "dismissed" ? <button className="btn" tabIndex={tab} onClick={() => void settling.restore(mention)}>{t("mentions.restore")} <Key of="resolve" /></button> : null}
      {conversation ? <button className="btn" tabIndex={tab} onClick={() => go(`/c/${conversation}`)}>{t("mentions.open_it")} <Key of="open" /></button> : null}
      {url ? <a className="btn" tabIndex={tab} href={url} title={t("mentions.there")} target="_blank" rel="noreferrer noopener"><Icon name="globe" size={15} /><span className="hidden">{t("mentions.there")}</span> <Key of="there" /></a> : null}
    </div>
  );
}

interface Props extends ActsProps {
  on: boolean;
  at: number;
  of: number;
  asked: MentionState;
  searches: Search[];
}

export const Mention = memo(function Mention({ mention, on, at, of, asked, stop, searches, settling }: Props) {
  const { author, kind, severity } = mention;
  const found = searches.filter((one) => mention.search_ids.includes(one.id));
  const queries = found.map((one) => one.query).join(" ");
  const terms = useMemo(() => termsOf(queries), [queries]);
  const state = said(mention, asked);
  return (
    <article className={`row-in mention ${on ? "on" : ""} ${state ? "settled" : ""}`} tabIndex={stop ? 0 : -1} aria-label={author.name || author.handle} aria-current={on} aria-posinset={at + 1} aria-setsize={of}>
      <Avatar name={author.name || author.handle} url={ours(author.avatar)} />
      <div className="m-in">
        <Author post={mention} />
        <Marked text={mention.text} terms={terms} />
        <div className="m-foot">
          <p className="m-tags">
            {severity <= 3 ? <Severity value={severity} heat="" /> : null}
            {kindOf(kind) ? <span className="m-kind">{kindOf(kind)}</span> : null}
            {searches.length > 1 ? found.map((one) => <bdi key={one.id} className="chip" title={one.name}>{one.name}</bdi>) : null}
            {state ? <b>{state}</b> : null}
          </p>
          <Acts mention={mention} stop={stop} settling={settling} />
        </div>
      </div>
    </article>
  );
});
