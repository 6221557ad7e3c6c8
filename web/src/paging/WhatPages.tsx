/** Which causes wake somebody, by which ladder, and after how long. */
import { del, put } from "../api/client";
import { t } from "../i18n/t";
import { Things } from "../settings/parts";
import { useThings } from "../settings/useThings";
import type { Ladder } from "./LadderForm";

type Cause = "severity_1" | "severity_2" | "unattended" | "near_breach" | "breach" | "channel" | "forgotten" | "burst" | "thread" | "look_alike" | "name_said" | "person_of_note";

interface Rule {
  cause: Cause;
  rule: { ladder_id: string; after_for: number; again_for: number } | null;
  /** What it begins with; null where the cause has no such length. */
  after_for: number | null;
  again_for: number;
}

const UNITS: Partial<Record<Cause, number>> = { unattended: 60, channel: 60, forgotten: 86_400 };

function Line({ one, ladders, onSet, onDrop }: { one: Rule; ladders: Ladder[]; onSet: (body: object) => void; onDrop: () => void }) {
  const unit = UNITS[one.cause];
  const name = t(`cause.${one.cause}`);
  const { rule } = one;
  const choose = (ladder_id: string): void => (ladder_id ? onSet({ ...rule, ladder_id }) : onDrop());
  return (
    <li>
      <span className="grow"><b>{name}</b><br /><span className="quiet">{t(`cause.${one.cause}.about`)}</span></span>
      {unit && rule ? (
        <label className="acts mid">
          {t(unit === 60 ? "cause.minutes" : "cause.days")}
          <input type="number" className="short" min={1} max={90} defaultValue={rule.after_for / unit} aria-label={t("cause.after", { name })} onBlur={(event) => {
            const after_for = Number(event.target.value) * unit;
            if (after_for > 0 && after_for !== rule.after_for) onSet({ ...rule, after_for });
          }} />
        </label>
      ) : null}
      <select aria-label={t("cause.ladder", { name })} value={rule?.ladder_id ?? ""} onChange={(event) => choose(event.target.value)}>
        <option value="">{t("cause.nobody")}</option>
        {ladders.map((ladder) => <option key={ladder.id} value={ladder.id}>{ladder.name}</option>)}
      </select>
    </li>
  );
}

export function WhatPages({ ladders }: { ladders: Ladder[] }) {
  const rules = useThings<Rule>("/alert-rules");
  const set = (cause: Cause, body: object): void => {
    const { ladder_id, after_for, again_for } = body as { ladder_id: string; after_for?: number; again_for?: number };
    void rules.run(() => put(`/alert-rules/${cause}`, { ladder_id, after_for, again_for }));
  };
  return (
    <section aria-label={t("causes.title")} className="part">
      <h2>{t("causes.title")}</h2>
      <p className="quiet">{t("causes.about")}</p>
      <Things {...rules} empty={false}>
        {rules.items.map((one) => <Line key={one.cause} one={one} ladders={ladders} onSet={(body) => set(one.cause, body)} onDrop={() => void rules.run(() => del(`/alert-rules/${one.cause}`))} />)}
      </Things>
    </section>
  );
}
