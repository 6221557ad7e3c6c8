/** The case in one line: what it is about, for the colleague who opens it next. */
import { useState } from "react";
import type { Card } from "../api/types";
import { t } from "../i18n/t";
import { Dialog } from "../ui/Dialog";
import { Failed } from "../ui/Failed";
import { useAnswer } from "../ui/useAnswer";
import { setSummary } from "./acts";

const LONGEST = 140;

export function Summary({ card, onClose }: { card: Card; onClose: () => void }) {
  const [text, setText] = useState(card.summary);
  const answer = useAnswer(onClose);
  return (
    <Dialog title={t("summary.title")} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void answer.run(() => setSummary(card.id, text.trim()));
        }}
      >
        <input className="picker-text" aria-label={t("summary.title")} placeholder={t("summary.hint")} value={text} maxLength={LONGEST} autoFocus data-first dir="auto" onChange={(event) => setText(event.target.value)} />
        <p className="quiet num">{t("summary.left", { n: LONGEST - [...text].length })}</p>
        <Failed why={answer.failed} />
        <button className="btn go" aria-busy={answer.busy || undefined}>{t("summary.save")}</button>
      </form>
    </Dialog>
  );
}
