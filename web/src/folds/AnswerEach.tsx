/** Everybody in a fold is answered: one text, a reply of his own to each. */
import { useRef, useState, type FormEvent } from "react";
import { post } from "../api/client";
import type { Card, Preview } from "../api/types";
import { t } from "../i18n/t";
import { takeCards, useCalled, useDesk } from "../live/store";
import { Dialog } from "../ui/Dialog";
import { Failed } from "../ui/Failed";
import { toast } from "../ui/toast";
import { answerable, answerEach, takeBack, textFor, UNDO_FOR, type Sent } from "./each";

interface Props {
  picked: Set<string>;
  /** Those who were not answered stay selected. */
  onLeave: (ids: string[]) => void;
  onClose: () => void;
}

function tell({ deliveries, refused }: Sent): void {
  const undo = async (): Promise<void> => {
    drop();
    const late = await takeBack(deliveries);
    toast(t("each.undone", { n: deliveries.length - late }));
    if (late) toast(t("each.too_late", { n: late }), { bad: true });
  };
  const act = { label: t("act.undo"), run: () => void undo() };
  const drop = deliveries.length ? toast(t("each.done", { n: deliveries.length, seconds: UNDO_FOR }), { act }, UNDO_FOR * 1000) : () => undefined;
  if (refused.size) toast(t("each.not", { n: refused.size, why: [...new Set(refused.values())].join(" ") }), { bad: true }, 12_000);
}

/** What a channel would refuse of the longest text on it; empty where all would take theirs. */
async function refusal(cards: readonly Card[], textOf: (card: Card) => string): Promise<string> {
  const longest = new Map<string, Card>();
  for (const card of cards) {
    const known = longest.get(card.channel_id);
    if (!known || textOf(card).length > textOf(known).length) longest.set(card.channel_id, card);
  }
  const found = await Promise.all([...longest.values()].map((card) => post<Preview>(`/conversations/${card.id}/preview`, { text: textOf(card) })));
  return found.find((one) => one.refusal)?.refusal ?? "";
}

export function AnswerEach({ picked, onLeave, onClose }: Props) {
  const { cards: known, me } = useDesk();
  const called = useCalled();
  // Those who are answered as they stood when one began to write: what comes meanwhile is for a person to read.
  const [cards] = useState(() => answerable([...picked].flatMap((id) => known.get(id) ?? []), me.agent));
  const [text, setText] = useState("");
  const [done, setDone] = useState<number | null>(null);
  const [why, setWhy] = useState("");
  const [go] = useState(() => crypto.randomUUID());
  const stop = useRef(false);
  const textOf = (card: Card): string => textFor(text, card, me.agent, called);
  const [first] = cards;
  const going = done !== null;
  const close = (): void => {
    if (going) stop.current = true;
    else onClose();
  };
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (going || !text.trim()) return;
    setDone(0);
    try {
      const refused = await refusal(cards, textOf);
      if (refused) throw new Error(t("each.refused", { why: refused }));
      const sent = await answerEach({ cards, textOf, go, stopped: () => stop.current, onSent: ({ card }) => {
        takeCards([card]);
        setDone((now) => (now ?? 0) + 1);
      } });
      tell(sent);
      onLeave([...sent.refused.keys()]);
      onClose();
    } catch (error) {
      setWhy(error instanceof Error ? error.message : String(error));
      setDone(null);
    }
  };
  return (
    <Dialog title={t("each.title", { n: cards.length })} onClose={close} wide>
      <form className="form wide" onSubmit={(event) => void send(event)}>
        <p className="quiet">{t("each.words")}</p>
        {picked.size > cards.length ? <p className="quiet">{t("each.left_out", { n: picked.size - cards.length })}</p> : null}
        <label className="whole">
          {t("each.text")}
          <textarea data-first rows={5} value={text} readOnly={going} onChange={(event) => setText(event.target.value)} aria-describedby="each-hint" />
        </label>
        <p id="each-hint" className="quiet">{t("each.hint")}</p>
        {first && text.trim() ? <p className="quiet" dir="auto">{t("each.first")}: <b>{textOf(first)} {me.agent.sign_off}</b></p> : null}
        <Failed why={why} />
        {going ? <p role="status">{t("each.going", { done, n: cards.length })}</p> : null}
        <div className="acts">
          <button className="btn go" aria-busy={going || undefined} disabled={!text.trim() || !cards.length}>{t("each.send", { n: cards.length })}</button>
          <button type="button" className="btn" onClick={close}>{t(going ? "each.stop" : "act.cancel")}</button>
        </div>
      </form>
    </Dialog>
  );
}
