/** What an agent promised a customer, written down with its day, and whose it is. */
import { useState } from "react";
import { post } from "../api/client";
import type { Card } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Dialog } from "../ui/Dialog";
import { Failed } from "../ui/Failed";
import { useAnswer } from "../ui/useAnswer";
import { dayAfter } from "./dayAfter";

export function GiveWord({ card, onClose }: { card: Card; onClose: () => void }) {
  const { agents, me } = useDesk();
  const [words, setWords] = useState("");
  const [by, setBy] = useState(dayAfter(3));
  const [owner, setOwner] = useState(me.agent.id);
  const answer = useAnswer(onClose);
  const give = (): Promise<unknown> =>
    post(`/conversations/${card.id}/promises`, { words, due_at: new Date(`${by}T18:00`).toISOString(), owner_id: owner });
  return (
    <Dialog title={t("promise.title")} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void answer.run(give);
        }}
      >
        <label>
          {t("promise.words")}
          <input value={words} required maxLength={300} dir="auto" data-first autoFocus placeholder={t("promise.hint")} onChange={(event) => setWords(event.target.value)} />
        </label>
        <label>
          {t("promise.by")}
          <input type="date" required min={dayAfter(1)} max={dayAfter(365)} value={by} onChange={(event) => setBy(event.target.value)} />
        </label>
        <label>
          {t("promise.owner")}
          <select value={owner} onChange={(event) => setOwner(event.target.value)}>
            {agents.filter((agent) => !agent.disabled && agent.role !== "viewer").map((agent) => <option key={agent.id} value={agent.id}>{agent.name}</option>)}
          </select>
        </label>
        <p className="quiet">{t("promise.about")}</p>
        <Failed why={answer.failed} />
        <div><button className="btn go" aria-busy={answer.busy || undefined}>{t("promise.give")}</button></div>
      </form>
    </Dialog>
  );
}
