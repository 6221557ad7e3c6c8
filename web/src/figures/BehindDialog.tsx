/** The conversations behind a figure; one chooses which of them, and opens one. */
import { useState } from "react";
import type { Card } from "../api/types";
import { t, has } from "../i18n/t";
import { useDesk } from "../live/store";
import { here } from "../roster/week";
import { More, Things } from "../settings/parts";
import { usePages } from "../settings/useThings";
import { Dialog } from "../ui/Dialog";
import { Severity } from "../ui/Severity";
import { clockTime } from "../ui/time";
import { lasted, WHICH, type Behind, type Which } from "./figure";

interface Case {
  conversation: Card;
  began_at: string;
  due_at: string | null;
  ended_at: string | null;
  state: string;
  wall_for: number | null;
  business_for: number | null;
  agent_id: string | null;
  score: number | null;
  /** What was promised, or said with a rating. */
  words: string;
}

/** What came of it, in words. */
function outcome(one: Case): string {
  if (one.score !== null) return t("figures.score", { score: one.score });
  const key = `figures.state.${one.state}`;
  const words = has(key) ? t(key) : one.state;
  return one.wall_for === null ? words : t("figures.after", { words, length: lasted(one.wall_for) });
}

function One({ one, onOpen }: { one: Case; onOpen: (id: string) => void }) {
  const { agents } = useDesk();
  const card = one.conversation;
  const who = agents.find((agent) => agent.id === one.agent_id)?.name;
  const late = one.due_at !== null && one.ended_at !== null && one.ended_at > one.due_at;
  return (
    <li>
      <Severity value={card.severity} heat="" />
      <button className="press-in" onClick={() => onOpen(card.id)}>
        <span className="press-top"><b><bdi>{card.contact.name}</bdi></b> <time className="num" dateTime={one.began_at}>{clockTime(one.began_at)}</time></span>
        <span className="press-said" dir="auto">{one.words || card.summary || card.preview}</span>
        <small className={late ? "hot" : ""}>{[outcome(one), late ? t("figures.late") : "", who ?? ""].filter(Boolean).join(" · ")}</small>
      </button>
    </li>
  );
}

const isWait = (which: Which): boolean => !/^(promises|rating)/.test(which);

export function BehindDialog({ behind, onOpen, onClose }: { behind: Behind; onOpen: (id: string) => void; onClose: () => void }) {
  const [which, setWhich] = useState<Which>(behind.which);
  const [order, setOrder] = useState(behind.longest ? "longest" : "newest");
  const log = usePages<Case>("/figures/cases", { which, order, from: behind.from, to: behind.to, zone: here(), ...behind.only });
  return (
    <Dialog title={behind.title} onClose={onClose} wide>
      <div className="asked">
        <label>{t("figures.show")}<select data-first value={which} onChange={(event) => setWhich(event.target.value as Which)}>{WHICH.map((one) => <option key={one} value={one}>{t(`figures.which.${one}`)}</option>)}</select></label>
        {isWait(which) ? <label>{t("figures.order")}<select value={order} onChange={(event) => setOrder(event.target.value)}><option value="newest">{t("figures.newest")}</option><option value="longest">{t("figures.longest")}</option></select></label> : null}
      </div>
      <div className="press behind">
        {log.loading || log.failed || !log.items.length ? (
          <Things {...log} empty emptyWords={t("figures.none_behind")}>{null}</Things>
        ) : (
          <ul>{log.items.map((one) => <One key={`${one.conversation.id}/${one.began_at}`} one={one} onOpen={onOpen} />)}</ul>
        )}
      </div>
      <div className="acts">
        <More {...log} />
        <button className="btn" onClick={onClose}>{t("act.close")}</button>
      </div>
    </Dialog>
  );
}
