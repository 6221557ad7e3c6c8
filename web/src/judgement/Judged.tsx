/** In the panel beside: what the newest post is, and why, in words. */
import type { Card } from "../api/types";
import { has, t } from "../i18n/t";
import { Key } from "../keys/Key";
import { directionOf } from "../ui/direction";
import { moodOf, useJudgements, type Judgement } from "./useJudgements";

const TONGUES = new Intl.DisplayNames(undefined, { type: "language", fallback: "code" });

function Marks({ one }: { one: Judgement }) {
  const kind = t(`judged.kind.${one.kind}`);
  return (
    <p className="slots">
      <span className="chip"><b>{kind}</b></span>
      <span className="chip">{t(`judged.mood.${moodOf(one.sentiment)}`)}</span>
      {one.urgency !== "none" ? <span className="chip hot">{t(`judged.urgency.${one.urgency}`)}</span> : null}
      {one.needs_reply === false ? <span className="chip">{t("judged.no_reply")}</span> : null}
      {one.language ? <span className="chip">{TONGUES.of(one.language) ?? one.language}</span> : null}
      {one.corrected.length ? <span className="quiet">{t("judged.corrected")}</span> : null}
    </p>
  );
}

function Earlier({ one, onOpen }: { one: Judgement; onOpen: (id: string) => void }) {
  const ids = one.prior?.conversations ?? [];
  if (!one.prior || !(ids.length || one.prior.words || one.prior.times)) return null;
  const said = one.prior.times ? t("judged.prior_times", { n: one.prior.times }) : t("judged.prior");
  return (
    <p>
      {one.prior.words || one.prior.times ? said : ""}{" "}
      {ids.length ? <button className="plain" onClick={() => onOpen(ids[0] ?? "")}>{ids.length === 1 ? t("judged.earlier_one") : t("judged.earlier", { n: ids.length })}</button> : <span className="quiet">{t("judged.earlier_none")}</span>}
    </p>
  );
}

function named(kind: string): string {
  const key = `judged.entity.${kind}`;
  return has(key) ? t(key) : kind;
}

export function Judged({ card, mayAct, onOpen, onCorrect }: { card: Card; mayAct: boolean; onOpen: (id: string) => void; onCorrect: () => void }) {
  const { items } = useJudgements(card.id);
  const one = items[0];
  if (!one) return null;
  return (
    <div className="judged">
      <h2>{t("judged.title")}</h2>
      <Marks one={one} />
      {one.sensitive ? <p className="hot">{t("judged.sensitive")}</p> : null}
      {one.shaming ? <p className="hot" dir="auto">{one.shaming}</p> : null}
      <Earlier one={one} onOpen={onOpen} />
      {one.entities.length ? (
        <dl className="num">
          {one.entities.slice(0, 6).map((entity, at) => <div key={at} className="pair"><dt>{named(entity.kind)}</dt><dd dir={directionOf(entity.text)}>{entity.text}</dd></div>)}
        </dl>
      ) : null}
      {one.reasons.length ? <ul className="because">{one.reasons.map((reason) => <li key={reason} dir="auto">{reason}</li>)}</ul> : null}
      {mayAct ? <button className="plain" onClick={onCorrect}>{t("judged.correct")} <Key of="correct" /></button> : null}
    </div>
  );
}
