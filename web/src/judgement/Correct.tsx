/** Says what a post really is: a letter for its kind, and it is done; the rest by click or Tab. */
import { useEffect } from "react";
import type { Card } from "../api/types";
import { t } from "../i18n/t";
import { Choose } from "../ui/Choose";
import { Dialog } from "../ui/Dialog";
import { KINDS, moodOf, useJudgements, type Better, type Kind, type Mood } from "./useJudgements";

/** The letter of each kind in this dialog; the words show it. */
export const LETTERS: Record<Kind, string> = { complaint: "c", question: "q", request: "r", praise: "p", chatter: "h", spam: "s", not_a_customer: "n" };
const MOODS: Record<Mood, number> = { pleased: 1, neutral: 0, displeased: -1 };

export function Correct({ card, onClose }: { card: Card; onClose: () => void }) {
  const { items, correct } = useJudgements(card.id);
  const one = items[0];
  const say = (better: Better): void => {
    onClose();
    if (one) void correct(one, better);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const kind = KINDS.find((name) => LETTERS[name] === event.key.toLowerCase());
      if (!kind || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      say({ kind });
    };
    // Before the keys of the desk: here letters mean kinds.
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  });
  if (!one) return <Dialog title={t("judged.correct_title")} onClose={onClose}><p className="quiet" role="status">{t("judged.not_yet")}</p></Dialog>;
  return (
    <Dialog title={t("judged.correct_title")} onClose={onClose}>
      <div className="kinds">
        {KINDS.map((kind) => (
          <button key={kind} className={one.kind === kind ? "btn go" : "btn"} aria-pressed={one.kind === kind} data-first={one.kind === kind || undefined} onClick={() => say({ kind })}>
            <kbd aria-hidden>{LETTERS[kind].toUpperCase()}</kbd> {t(`judged.kind.${kind}`)}
          </button>
        ))}
      </div>
      <div className="rest">
        <Choose label={t("judged.mood")} value={moodOf(one.sentiment)} options={(Object.keys(MOODS) as Mood[]).map((mood) => ({ value: mood, label: t(`judged.mood.${mood}`) }))} onChange={(mood) => void correct(one, { sentiment: MOODS[mood] })} />
        <Choose label={t("judged.urgency")} value={one.urgency} options={(["now", "today", "none"] as const).map((value) => ({ value, label: t(`judged.urgency.${value}`) }))} onChange={(urgency) => void correct(one, { urgency })} />
        <label className="check"><input type="checkbox" checked={one.needs_reply !== false} onChange={(event) => void correct(one, { needs_reply: event.target.checked })} /> {t("judged.needs_reply")}</label>
        {one.sensitive ? <button className="btn" onClick={() => void correct(one, { sensitive: false })}>{t("judged.not_sensitive")}</button> : null}
      </div>
      <p className="quiet">{t("judged.correct_help")}</p>
    </Dialog>
  );
}
