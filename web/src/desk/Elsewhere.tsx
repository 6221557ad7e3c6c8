/** A conversation that another desk has: where it is, what they say of it, and the way back. */
import { useState } from "react";
import { del, post, words } from "../api/client";
import type { Card } from "../api/types";
import { t } from "../i18n/t";
import { Do } from "../ui/Do";
import { Dialog } from "../ui/Dialog";
import { Failed } from "../ui/Failed";
import { toast } from "../ui/toast";
import { useAnswer } from "../ui/useAnswer";
import { useHandoff, useOtherDesks, type Handoff } from "./useHandoff";

function Hand({ card, onDone, onClose }: { card: Card; onDone: () => Promise<void>; onClose: () => void }) {
  const desks = useOtherDesks();
  const [desk, setDesk] = useState(desks[0]?.id ?? "");
  const [note, setNote] = useState("");
  const { busy, failed, run } = useAnswer(onClose);
  const send = async (): Promise<void> => {
    await post(`/conversations/${card.id}/handoff`, { desk_id: desk, note });
    await onDone();
  };
  return (
    <Dialog title={t("elsewhere.hand")} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void run(send);
        }}
      >
        <p className="quiet">{t("elsewhere.about")}</p>
        <label>
          {t("elsewhere.to")}
          <select value={desk} data-first onChange={(event) => setDesk(event.target.value)}>
            {desks.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
          </select>
        </label>
        <label>
          {t("elsewhere.note")}
          <textarea rows={3} dir="auto" maxLength={5000} value={note} onChange={(event) => setNote(event.target.value)} />
        </label>
        <Failed why={failed} />
        <div><button className="btn go" aria-busy={busy || undefined} disabled={!desk}>{t(busy ? "elsewhere.handing" : "elsewhere.hand_it")}</button></div>
      </form>
    </Dialog>
  );
}

function Where({ handoff }: { handoff: Handoff }) {
  const name = handoff.number ? `${handoff.desk} ${handoff.number}` : handoff.desk;
  const state = handoff.state === "handed" && handoff.status ? handoff.status : handoff.state;
  return (
    <>
      <p>
        {handoff.url ? <a href={handoff.url} target="_blank" rel="noreferrer"><bdi>{name}</bdi></a> : <b><bdi>{name}</bdi></b>}
        {" · "}{t(`elsewhere.state.${state}`)}
        {handoff.owner ? <>{" · "}<bdi>{handoff.owner}</bdi></> : null}
      </p>
      {handoff.error ? <p className="hot">{handoff.error}</p> : null}
      {handoff.closing_line ? <blockquote dir="auto">{handoff.closing_line}</blockquote> : null}
    </>
  );
}

export function Elsewhere({ card, mayAct }: { card: Card; mayAct: boolean }) {
  const desks = useOtherDesks();
  const { handoff, again } = useHandoff(card.id);
  const [asking, setAsking] = useState(false);
  if (!handoff && (!desks.length || !mayAct)) return null;
  const run = async (change: () => Promise<unknown>): Promise<void> => {
    try {
      await change();
      await again();
    } catch (error) {
      toast(words(error), { bad: true });
    }
  };
  const path = `/conversations/${card.id}/handoff`;
  const doubtful = handoff?.state === "uncertain" || handoff?.state === "failed";
  return (
    <div className="elsewhere">
      <h2>{t("elsewhere.title")}</h2>
      {handoff ? <Where handoff={handoff} /> : null}
      {mayAct ? (
        <div className="acts">
          {handoff?.state === "uncertain" ? <Do act={() => run(() => post(`${path}/settlement`, { there: true }))}>{t("elsewhere.there")}</Do> : null}
          {doubtful ? <Do act={() => run(() => post(`${path}/settlement`, { there: false }))}>{t("elsewhere.again")}</Do> : null}
          {handoff && handoff.state !== "failed" && handoff.state !== "sending" ? <Do act={() => run(() => del(path))}>{t("elsewhere.back")}</Do> : null}
          {!handoff || handoff.state === "failed" ? <button className="btn" onClick={() => setAsking(true)}>{t("elsewhere.hand")}</button> : null}
        </div>
      ) : null}
      {asking ? <Hand card={card} onDone={again} onClose={() => setAsking(false)} /> : null}
    </div>
  );
}
