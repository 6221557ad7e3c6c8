import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { eyesOf } from "../live/views";
import { bounded, capped } from "../ui/number";
import { StatusButton } from "../roster/StatusButton";
import { useSearches } from "../mentions/useSearches";
import { useWaiting } from "../mentions/useWaiting";
import { useRules } from "../outreach/useRules";
import { Icon, type IconName } from "../ui/Icon";
import { go } from "./route";

const VIEWS = [
  ["next", "inbox"],
  ["mine", "me"],
  ["team", "team"],
  ["with_customer", "wait"],
  ["snoozed", "moon"],
  ["resolved", "check"],
] as const;

interface ItemProps {
  href: string;
  icon: IconName;
  label: string;
  /** A number, or how a bounded one is written. */
  count?: number | string | undefined;
  on: boolean;
  warm?: boolean;
  /** Not in a phone's bar, which has room for few: the page it belongs to leads there. */
  roomy?: boolean;
}

function Item({ href, icon, label, count, on, warm = false, roomy = false }: ItemProps) {
  return (
    <a
      href={href}
      className={`${on ? "on" : ""} ${roomy ? "roomy" : ""}`}
      aria-current={on ? "page" : undefined}
      onClick={(event) => {
        event.preventDefault();
        go(href);
      }}
    >
      <Icon name={icon} />
      <span>{label}</span>
      {count === undefined ? null : <b className={`num ${warm ? "hot" : ""}`}>{typeof count === "number" ? capped(count) : count}</b>}
    </a>
  );
}

function Ledger() {
  const { ledger } = useDesk().counts;
  return (
    <div className="foot">
      <strong>{t("ledger.title")}</strong>
      <span className="num">{t("ledger.words", { ...ledger })}</span>
    </div>
  );
}

export function Nav({ view }: { view: string }) {
  const { counts, views, me, teams } = useDesk();
  const leads = me.agent.role === "owner" || me.agent.role === "lead";
  const { data: searches } = useSearches();
  const { data: outreach } = useRules();
  const listens = leads || Boolean(searches?.length);
  const heard = useWaiting(listens);
  const mine = eyesOf({ me, teams }).teams;
  const shown = VIEWS.filter(([name]) => name !== "team" || mine.length > 0);
  return (
    <nav aria-label={t("nav.label")}>
      {shown.map(([name, icon]) => (
        <Item key={name} href={`/v/${name}`} icon={icon} label={t(`nav.${name}`)} count={counts.views[name]} on={view === name} />
      ))}
      {listens ? <Item href="/mentions" icon="hear" label={t("nav.mentions")} count={heard?.new ? bounded(heard.new, heard.more) : undefined} on={view === "mentions"} /> : null}
      {me.agent.role === "owner" || outreach?.some((one) => one.rules.on) ? <Item href="/outreach" icon="reach" label={t("nav.outreach")} on={view === "outreach"} roomy /> : null}
      {leads ? <Item href="/board" icon="board" label={t("nav.board")} on={view === "board"} /> : null}
      {leads ? <Item href="/figures" icon="bars" label={t("nav.figures")} on={view === "figures"} roomy /> : null}
      {leads ? <Item href="/radar" icon="radar" label={t("nav.radar")} on={view === "radar"} roomy /> : null}
      {counts.views["held"] ? <Item href="/v/held" icon="alert" label={t("nav.held")} count={counts.views["held"]} on={view === "held"} warm /> : null}
      {views.length ? <h2>{t("nav.views")}</h2> : null}
      {views.map((saved) => (
        <Item key={saved.id} href={`/v/${saved.id}`} icon="tag" label={saved.name} count={counts.views[saved.id]} on={view === saved.id} />
      ))}
      {me.agent.role === "viewer" ? null : <StatusButton />}
      <Item href="/settings/channels" icon="gear" label={t("nav.settings")} on={false} />
      <Ledger />
    </nav>
  );
}
