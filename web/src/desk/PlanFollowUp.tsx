/** When to look at a conversation again: a day, in any case or only if they stay silent. */
import { useState } from "react";
import { put } from "../api/client";
import type { Card } from "../api/types";
import { t } from "../i18n/t";
import { Dialog } from "../ui/Dialog";
import { Failed } from "../ui/Failed";
import { useAnswer } from "../ui/useAnswer";
import { dayAfter } from "./dayAfter";

export function PlanFollowUp({ card, onClose }: { card: Card; onClose: () => void }) {
  const [on, setOn] = useState(dayAfter(3));
  const [note, setNote] = useState("");
  const [silent, setSilent] = useState(false);
  const answer = useAnswer(onClose);
  const plan = (): Promise<unknown> =>
    put(`/conversations/${card.id}/follow-up`, { due_at: new Date(`${on}T09:00`).toISOString(), kind: silent ? "silence" : "date", note });
  return (
    <Dialog title={t("follow.title")} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void answer.run(plan);
        }}
      >
        <label>
          {t("follow.on")}
          <input type="date" required min={dayAfter(1)} max={dayAfter(365)} value={on} data-first autoFocus onChange={(event) => setOn(event.target.value)} />
        </label>
        <label>
          {t("follow.note")}
          <input value={note} maxLength={300} dir="auto" placeholder={t("follow.note_hint")} onChange={(event) => setNote(event.target.value)} />
        </label>
        {card.unanswered ? null : <label className="row-check"><input type="checkbox" checked={silent} onChange={(event) => setSilent(event.target.checked)} /> {t("follow.silent")}</label>}
        <Failed why={answer.failed} />
        <div><button className="btn go" aria-busy={answer.busy || undefined}>{t("follow.plan")}</button></div>
      </form>
    </Dialog>
  );
}
