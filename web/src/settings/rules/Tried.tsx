/** What a rule would have done over the last week, with posts to look at. */
import { t } from "../../i18n/t";
import { directionOf } from "../../ui/direction";
import { day } from "../../ui/time";
import { go } from "../../desk/route";
import { seek } from "../../desk/sought";
import { sayAct } from "./say";
import type { Rule, Tried } from "./types";
import { useNames } from "./useNames";

export function TriedOut({ tried, rule }: { tried: Tried; rule: Rule }) {
  const names = useNames();
  const open = (conversation: string, message: string): void => {
    seek({ conversation, message });
    go(`/c/${conversation}`);
  };
  const said = { looked: tried.looked, matched: tried.matched, changed: tried.changed, conversations: tried.conversations, since: day(tried.since) };
  return (
    <section className="tried" aria-label={t("rules.tried")}>
      <p role="status"><b>{t(tried.looked ? (tried.matched ? "rules.would" : "rules.would_not") : "rules.nothing_came", said)}</b></p>
      <ul className="things">
        {tried.samples.map((one) => (
          <li key={one.message_id}>
            <span className="grow">
              <button type="button" className="plain" onClick={() => open(one.conversation_id, one.message_id)}><bdi>@{one.author}</bdi>, {day(one.at)}</button>
              <br /><span dir={directionOf(one.text)}>{one.text.slice(0, 200)}</span>
              <br /><small className="quiet">{one.acts.length ? one.acts.map((at) => rule.acts[at]).flatMap((act) => (act ? [sayAct(act, names)] : [])).join(", ") : t("rules.so_already")}</small>
            </span>
          </li>
        ))}
      </ul>
      {tried.matched > tried.samples.length ? <p className="quiet">{t("rules.and_more", { n: tried.matched - tried.samples.length })}</p> : null}
    </section>
  );
}
