import { memo } from "react";
import type { Card } from "../api/types";
import { t } from "../i18n/t";
import { useCalled, useDesk } from "../live/store";
import { directionOf } from "../ui/direction";
import { Icon } from "../ui/Icon";
import { Severity } from "../ui/Severity";
import { useNow } from "../ui/time";
import { fuse } from "./fuse";
import type { Ask } from "./Menus";
import { useSwipe } from "./useSwipe";

const FRESH_FOR = 60_000;

function Who({ card }: { card: Card }) {
  const { presence, agents, me } = useDesk();
  const now = useNow();
  const other = Object.values(presence).find(
    (said) =>
      said.conversation_id === card.id && said.agent_id !== me.agent.id && now - Date.parse(said.at) < FRESH_FOR,
  );
  const name = agents.find((agent) => agent.id === other?.agent_id)?.name;
  if (!other || !name) return null;
  return <span>{t(other.state === "typing" ? "row.typing" : "row.viewing", { name })}</span>;
}

function Assignee({ card }: { card: Card }) {
  const { agents, me, teams } = useDesk();
  if (!card.assignee_id) {
    const team = teams.find((one) => one.id === card.team_id);
    return team ? <span>{team.name}</span> : null;
  }
  if (card.assignee_id === me.agent.id) return <span>{t("row.yours")}</span>;
  return <span>{agents.find((agent) => agent.id === card.assignee_id)?.name}</span>;
}

interface Props {
  card: Card;
  on: boolean;
  picked: boolean;
  drafted: boolean;
  /** It is the one Tab stops at; arrows lead to the others. */
  stop: boolean;
  onOpen: (id: string) => void;
  onPick: (id: string, range?: boolean) => void;
  onSwipe: (id: string, ask: Ask) => void;
}

export const Row = memo(function Row({ card, on, picked, drafted, stop, onOpen, onPick, onSwipe }: Props) {
  const called = useCalled();
  const now = useNow();
  const burn = fuse(card, now);
  const swipe = useSwipe((ask) => onSwipe(card.id, ask));
  const warm = burn.heat === "hot" || burn.heat === "late" ? "hot" : burn.heat === "warn" ? "warn" : "";
  return (
    <div
      className={`row ${on ? "on" : ""} ${card.severity === 1 ? "first" : ""} ${swipe.by ? "drawn" : ""}`}
      style={swipe.by ? { transform: `translateX(${swipe.by}px)` } : undefined}
      {...swipe.handlers}
    >
      {swipe.by ? <b className={swipe.by > 0 ? "aside-l" : "aside-r"} aria-hidden="true">{t(swipe.by > 0 ? "act.snooze" : "act.resolve")}</b> : null}
      {card.severity === 1 ? <div className="band">{t("severity.1")}</div> : null}
      <label className="pick">
        <input type="checkbox" tabIndex={stop ? 0 : -1} checked={picked} onChange={(event) => onPick(card.id, (event.nativeEvent as MouseEvent).shiftKey)} aria-label={card.contact.name} />
        <Severity value={card.severity} heat={warm} />
      </label>
      <button className="row-in" tabIndex={stop ? 0 : -1} aria-current={on} onClick={() => onOpen(card.id)}>
        <span className="top">
          <span className="who">
            <bdi>{card.contact.name}</bdi> <span><bdi>{called(card.network, card.contact.handle)}</bdi></span>
          </span>
          <span className={`left num ${warm}`}>{burn.heat === "hot" || burn.heat === "late" ? "! " : ""}{burn.words}</span>
        </span>
        <span className="said" dir={directionOf(card.summary || card.preview)}>{card.summary || card.preview}</span>
        <span className="tags">
          <span className={card.severity <= 3 ? "reason" : ""}>{card.severity_reason}</span>
          {card.visibility === "public" ? null : <span className="secret"><Icon name="lock" size={12} /> {t("row.private")}</span>}
          <Assignee card={card} />
          {card.sending > 0 ? <span>{t("row.sending")}</span> : null}
          {card.trouble ? <span className="hot">{t(card.trouble === "uncertain" ? "delivery.uncertain" : "delivery.failed")}</span> : null}
          {drafted ? <span>{t("row.draft")}</span> : null}
          {card.tags.map((tag) => <span key={tag} className="tag">{tag}</span>)}
          <Who card={card} />
        </span>
      </button>
      {burn.share === null ? null : <i className={`fuse ${burn.heat} ${burn.paused ? "paused" : ""}`} style={{ width: `${Math.round(burn.share * 1000) / 10}%` }} />}
    </div>
  );
});
