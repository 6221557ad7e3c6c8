/** While she writes a promise with its time, it is offered to the register. Never more than offered. */
import { useDeferredValue, useMemo, useRef, useState } from "react";
import { post, words as wordsOf } from "../api/client";
import { t } from "../i18n/t";
import { Key } from "../keys/Key";
import { clockTime } from "../ui/time";
import { toast } from "../ui/toast";
import { promised, type Promised } from "./promised";
import type { Gone } from "./useSend";

interface Offer {
  offer: Promised | null;
  taken: boolean;
  /** Take the offer, or leave it again. False when there is none. */
  accept: () => boolean;
  dismiss: () => void;
  /** What was taken goes into the register, with the message that says it: it is on its way by now. */
  keep: (gone: Gone) => void;
}

export function useWord(text: string): Offer {
  const settled = useDeferredValue(text);
  // By the minute, so that what is read as "in 2 hours" stays the same offer while one types.
  const minute = Math.floor(Date.now() / 60_000);
  const found = useMemo(() => (settled ? promised(settled, new Date(minute * 60_000)) : null), [settled, minute]);
  const [taken, setTaken] = useState(false);
  const [refused, setRefused] = useState("");
  const last = useRef<Promised | null>(null);
  // A sentence that she said no to may grow without being asked about again.
  const offer = found && !(refused && found.words.toLowerCase().startsWith(refused)) ? found : null;
  // The text is cleared before one hears that it was sent: what was taken last is what counts.
  if (text) last.current = taken ? offer : null;
  const keep = ({ card, message }: Gone): void => {
    const given = last.current;
    last.current = null;
    setTaken(false);
    setRefused("");
    if (!given) return;
    post(`/conversations/${card.id}/promises`, { words: given.words, due_at: given.due.toISOString(), message_id: message.id })
      .then(() => toast(t("promise.noted", { at: clockTime(given.due.toISOString()) })))
      .catch((error: unknown) => void toast(wordsOf(error), { bad: true }));
  };
  return {
    offer,
    taken: taken && offer !== null,
    accept: () => {
      if (offer) setTaken(!taken);
      return offer !== null;
    },
    dismiss: () => {
      setTaken(false);
      setRefused(offer?.words.toLowerCase() ?? "");
    },
    keep,
  };
}

export function Word({ offer, taken, accept, dismiss }: Offer) {
  if (!offer) return null;
  const at = clockTime(offer.due.toISOString());
  return (
    <div className="word" role="note">
      <span className="grow">{t(taken ? "promise.offered" : "promise.offer", { at })}</span>
      {taken ? null : <button type="button" className="plain" onClick={accept}>{t("promise.accept")} <Key of="word" /></button>}
      <button type="button" className="plain" onClick={dismiss}>{t("promise.not")}</button>
    </div>
  );
}
