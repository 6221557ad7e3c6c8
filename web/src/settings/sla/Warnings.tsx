/** When a clock warns, its outer limit, and what holds it. */
import { t } from "../../i18n/t";
import { Length } from "./Targets";
import type { Terms, Warn } from "./types";

interface Props {
  terms: Terms;
  onChange: (part: Partial<Terms>) => void;
}

function One({ warn, onChange, onRemove }: { warn: Warn; onChange: (warn: Warn) => void; onRemove: () => void }) {
  const share = warn.share ?? null;
  return (
    <span className="target">
      <select aria-label={t("warn.how")} value={share === null ? "before" : "share"} onChange={(event) => onChange(event.target.value === "share" ? { share: 0.5 } : { before: 300 })}>
        <option value="share">{t("warn.share")}</option>
        <option value="before">{t("warn.before")}</option>
      </select>
      {share === null ? (
        <Length label={t("warn.before")} seconds={warn.before ?? 300} onChange={(before) => onChange({ before })} />
      ) : (
        <><input type="number" min={1} max={99} required aria-label={t("warn.share")} value={Math.round(share * 100)} onChange={(event) => onChange({ share: Number(event.target.value) / 100 })} /> %</>
      )}
      <button type="button" className="plain" aria-label={t("warn.remove")} onClick={onRemove}>×</button>
    </span>
  );
}

export function Warnings({ terms, onChange }: Props) {
  const set = (index: number, warn: Warn): void => onChange({ warn: terms.warn.map((one, at) => (at === index ? warn : one)) });
  const flags = ["snoozed_pauses_response", "snoozed_pauses_resolution", "pending_pauses_resolution"] as const;
  return (
    <>
      <fieldset>
        <legend>{t("warn.title")}</legend>
        {terms.warn.map((warn, index) => <One key={index} warn={warn} onChange={(to) => set(index, to)} onRemove={() => onChange({ warn: terms.warn.filter((_, at) => at !== index) })} />)}
        {terms.warn.length < 5 ? <div><button type="button" className="btn" onClick={() => onChange({ warn: [...terms.warn, { share: 0.1 }] })}>{t("warn.add")}</button></div> : null}
      </fieldset>
      <fieldset>
        <legend>{t("sla.limit")}</legend>
        <small className="quiet">{t("sla.limit_help")}</small>
        <label className="row-check"><input type="checkbox" checked={terms.limit_for !== null} onChange={(event) => onChange({ limit_for: event.target.checked ? 86_400 : null })} /> {t("sla.has_limit")}</label>
        {terms.limit_for === null ? null : <span className="target"><Length label={t("sla.limit")} seconds={terms.limit_for} onChange={(limit_for) => onChange({ limit_for })} /></span>}
      </fieldset>
      <fieldset>
        <legend>{t("sla.holds")}</legend>
        {flags.map((flag) => <label key={flag} className="row-check"><input type="checkbox" checked={terms[flag]} onChange={(event) => onChange({ [flag]: event.target.checked })} /> {t(`sla.${flag}`)}</label>)}
      </fieldset>
    </>
  );
}
