/** In the panel beside: what was promised here, and how one knows that it was kept. */
import { useState } from "react";
import { put } from "../api/client";
import type { Card } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { More } from "../settings/parts";
import { Dialog } from "../ui/Dialog";
import { Failed } from "../ui/Failed";
import { directionOf } from "../ui/direction";
import { clockTime } from "../ui/time";
import { useAnswer } from "../ui/useAnswer";
import type { Ask } from "./Menus";
import { usePromises, type Promised } from "./usePromises";

type How = "evidence" | "withdrawal";

function Say({ promised, how, tried, onClose }: { promised: Promised; how: How; tried: ReturnType<typeof usePromises>["tried"]; onClose: () => void }) {
  const [words, setWords] = useState("");
  const answer = useAnswer(onClose);
  const send = (): Promise<unknown> => tried(() => put(`/promises/${promised.id}/${how}`, { [how === "evidence" ? "evidence" : "reason"]: words }));
  return (
    <Dialog title={t(`promise.${how}`)} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void answer.run(send);
        }}
      >
        <p dir={directionOf(promised.words)}>{promised.words}</p>
        <label>
          {t(`promise.${how}_words`)}
          <input value={words} required maxLength={500} dir="auto" data-first autoFocus onChange={(event) => setWords(event.target.value)} />
        </label>
        <Failed why={answer.failed} />
        <div><button className="btn go" aria-busy={answer.busy || undefined}>{t("act.save")}</button></div>
      </form>
    </Dialog>
  );
}

function One({ promised, mayAct, onSay }: { promised: Promised; mayAct: boolean; onSay: (how: How) => void }) {
  const { agents } = useDesk();
  const owner = agents.find((agent) => agent.id === promised.owner_id)?.name;
  const open = promised.state === "open";
  const unproven = promised.kind === "word" && !promised.done_at && (open || promised.state === "broken");
  return (
    <li>
      <p dir={directionOf(promised.words)}>{promised.words || t("promise.answer")}</p>
      <p className={promised.state === "broken" ? "hot" : "quiet"}>
        {t(`promise.state.${promised.state}`, { at: clockTime(promised.due_at) })}
        {owner ? <>{" · "}<bdi>{owner}</bdi></> : null}
      </p>
      {promised.evidence ? <blockquote dir={directionOf(promised.evidence)}>{promised.evidence}</blockquote> : null}
      {mayAct && unproven ? (
        <div className="acts">
          <button className="btn" onClick={() => onSay("evidence")}>{t("promise.done")}</button>
          {open ? <button className="btn" onClick={() => onSay("withdrawal")}>{t("promise.take_back")}</button> : null}
        </div>
      ) : null}
    </li>
  );
}

export function Promises({ card, mayAct, onAsk }: { card: Card; mayAct: boolean; onAsk: (ask: Ask) => void }) {
  const { items: promises, tried, more, fetching } = usePromises(card.id);
  const [saying, setSaying] = useState<{ promised: Promised; how: How } | null>(null);
  if (!promises.length && !mayAct) return null;
  return (
    <div className="promised">
      <h2>{t("promise.promises")}</h2>
      {promises.length ? <ul className="plain-list">{promises.map((one) => <One key={one.id} promised={one} mayAct={mayAct} onSay={(how) => setSaying({ promised: one, how })} />)}</ul> : null}
      <More more={more} fetching={fetching} />
      {mayAct ? <div className="acts"><button className="btn" onClick={() => onAsk("promise")}>{t("act.promise")}</button></div> : null}
      {saying ? <Say {...saying} tried={tried} onClose={() => setSaying(null)} /> : null}
    </div>
  );
}
