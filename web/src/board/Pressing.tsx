/** A list of conversations that press, each with its clock, its owner, and a way to reassign it. */
import { useEffect, useRef } from "react";
import type { Card } from "../api/types";
import { fuse } from "../desk/fuse";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Severity } from "../ui/Severity";
import { capped } from "../ui/number";
import { length, useNow } from "../ui/time";

export type Section = "late" | "near" | "oldest";

interface LineProps {
  card: Card;
  section: Section;
  on: boolean;
  onOpen: () => void;
  onChoose: () => void;
  onAssign: () => void;
}

function Line({ card, section, on, onOpen, onChoose, onAssign }: LineProps) {
  const { agents, teams } = useDesk();
  const now = useNow();
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (on) ref.current?.focus();
  }, [on]);
  const burn = fuse(card, now);
  const warm = burn.heat === "hot" || burn.heat === "late" ? "hot" : burn.heat === "warn" ? "warn" : "";
  const owner = agents.find((agent) => agent.id === card.assignee_id)?.name ?? teams.find((team) => team.id === card.team_id)?.name;
  const waits = card.waiting_since ? t("board.since", { time: length(now - Date.parse(card.waiting_since)) }) : "";
  return (
    <li className={on ? "on" : ""}>
      <Severity value={card.severity} heat={warm} />
      <button ref={ref} className="press-in" onFocus={onChoose} onClick={onOpen}>
        <span className="press-top"><b><bdi>{card.contact.name}</bdi></b> <span className={`num ${warm}`}>{section === "oldest" ? waits : burn.words || waits}</span></span>
        <span className="press-said" dir="auto">{card.summary || card.preview}</span>
        <small className={owner ? "" : "free"}>{owner ?? t("board.nobody")}</small>
      </button>
      <button className="btn" aria-label={t("board.reassign_of", { name: card.contact.name })} onFocus={onChoose} onClick={onAssign}>{t("board.reassign")}</button>
    </li>
  );
}

interface Props {
  section: Section;
  title: string;
  none: string;
  cards: Card[];
  count: number;
  chosen: string | null;
  onChoose: (key: string) => void;
  onOpen: (id: string) => void;
  onAssign: (id: string) => void;
}

export function Pressing({ section, title, none, cards, count, chosen, onChoose, onOpen, onAssign }: Props) {
  return (
    <section className={`press ${section}`} aria-label={title}>
      <h2>{title}</h2>
      {cards.length === 0 ? <p className="calm-words">{none}</p> : null}
      <ul>
        {cards.map((card) => {
          const key = `${section}/${card.id}`;
          return <Line key={key} card={card} section={section} on={chosen === key} onChoose={() => onChoose(key)} onOpen={() => onOpen(card.id)} onAssign={() => onAssign(card.id)} />;
        })}
      </ul>
      {count > cards.length && cards.length ? <p className="quiet">{t("board.more", { shown: cards.length, n: capped(count) })}</p> : null}
    </section>
  );
}
