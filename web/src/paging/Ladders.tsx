/** The ladders, and what pages by which. */
import { useState } from "react";
import { del, post, put } from "../api/client";
import { t } from "../i18n/t";
import { Things } from "../settings/parts";
import { useThings } from "../settings/useThings";
import { Do } from "../ui/Do";
import { length } from "../ui/time";
import { LadderForm, useWhom, type Ladder } from "./LadderForm";
import { WhatPages } from "./WhatPages";

export function Ladders() {
  const ladders = useThings<Ladder>("/ladders");
  const { said } = useWhom();
  const [changing, setChanging] = useState<Ladder | null>(null);
  return (
    <>
      <section aria-label={t("ladders.title")} className="part">
        <h2>{t("ladders.title")}</h2>
        <p className="quiet">{t("ladders.about")}</p>
        <Things {...ladders} empty={ladders.items.length === 0} emptyWords={t("ladders.empty")}>
          {ladders.items.map((ladder) => (
            <li key={ladder.id}>
              <span className="grow">
                <b>{ladder.name}</b>{ladder.rounds > 1 ? <span className="quiet"> · {t("ladder.times", { n: ladder.rounds })}</span> : null}
                <ol className="steps">
                  {ladder.steps.map((step, index) => <li key={index}>{t("ladder.said", { who: step.who.map(said).join(", "), wait: length(step.wait_for * 1000).replace(/ 00$/, "") })}</li>)}
                </ol>
              </span>
              <button className="btn" aria-label={t("ladder.change_one", { name: ladder.name })} onClick={() => setChanging(ladder)}>{t("act.change")}</button>
              <Do aria-label={t("settings.remove_one", { name: ladder.name })} act={() => ladders.run(() => del(`/ladders/${ladder.id}`))}>{t("act.remove")}</Do>
            </li>
          ))}
        </Things>
        {changing ? (
          <LadderForm key={changing.id} kept={changing} onCancel={() => setChanging(null)} onSave={async (body) => {
            await ladders.tried(() => put(`/ladders/${changing.id}`, body));
            setChanging(null);
          }} />
        ) : <LadderForm onSave={(body) => ladders.tried(() => post("/ladders", body))} />}
      </section>
      {ladders.items.length ? <WhatPages ladders={ladders.items} /> : null}
    </>
  );
}
