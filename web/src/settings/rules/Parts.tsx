/** One condition, one thing to do: a line each of the builder. */
import { useId } from "react";
import { t } from "../../i18n/t";
import { useDesk } from "../../live/store";
import { DEEDS, FIELDS, PLAIN, type Act, type Condition } from "./types";
import { useChoices, type Choice } from "./useNames";

interface Line {
  onRemove: (() => void) | undefined;
  number: number;
}

function split(text: string): string[] {
  return text.split(",").map((word) => word.trim()).filter(Boolean);
}

function Several({ from, values, onChange }: { from: Choice[]; values: string[]; onChange: (values: string[]) => void }) {
  return (
    <div className="ticks">
      {from.map((one) => (
        <label key={one.id} className="row-check">
          <input type="checkbox" checked={values.includes(one.id)} onChange={(event) => onChange(event.target.checked ? [...values, one.id] : values.filter((id) => id !== one.id))} /> <bdi>{one.name}</bdi>
        </label>
      ))}
    </div>
  );
}

function One({ label, from, value, onChange }: { label: string; from: Choice[]; value: string; onChange: (value: string) => void }) {
  return (
    <select aria-label={label} required value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{t("rules.choose")}</option>
      {from.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
    </select>
  );
}

export function ConditionLine({ one, number, onChange, onRemove }: Line & { one: Condition; onChange: (one: Condition) => void }) {
  const choices = useChoices();
  const help = useId();
  const from = choices(one.field);
  const label = t("rules.values_of", { n: number });
  return (
    <div className="rule-line" role="group" aria-label={t("rules.condition", { n: number })}>
      <select aria-label={t("rules.field_of", { n: number })} value={one.field} onChange={(event) => { const field = FIELDS.find((name) => name === event.target.value) ?? "text"; onChange({ field, values: field === "severity" ? ["3"] : [], negated: one.negated }); }}>
        {FIELDS.map((field) => <option key={field} value={field}>{t(`rules.field.${field}`)}</option>)}
      </select>
      <select aria-label={t("rules.is_of", { n: number })} value={one.negated ? "not" : "is"} onChange={(event) => onChange({ ...one, negated: event.target.value === "not" })}>
        <option value="is">{t(`rules.is.${one.field}`)}</option>
        <option value="not">{t(`rules.is_not.${one.field}`)}</option>
      </select>
      {PLAIN.includes(one.field) ? null
        : one.field === "followers" ? <input type="number" aria-label={label} required min={1} max={1_000_000_000} value={one.values[0] ?? ""} onChange={(event) => onChange({ ...one, values: event.target.value ? [event.target.value] : [] })} />
        : one.field === "severity" ? <One label={label} from={from ?? []} value={one.values[0] ?? ""} onChange={(value) => onChange({ ...one, values: [value] })} />
        : from ? <Several from={from} values={one.values} onChange={(values) => onChange({ ...one, values })} />
        : (
          <span className="grow">
            <input key={one.field} aria-label={label} aria-describedby={help} required dir="auto" defaultValue={one.values.join(", ")} onChange={(event) => onChange({ ...one, values: split(event.target.value) })} />
            <small id={help} className="quiet">{t(`rules.help.${one.field === "text" ? "text" : "others"}`)}</small>
          </span>
        )}
      {onRemove ? <button type="button" className="btn" aria-label={t("rules.remove_condition", { n: number })} onClick={onRemove}>×</button> : null}
    </div>
  );
}

export function ActLine({ one, number, onChange, onRemove }: Line & { one: Act; onChange: (one: Act) => void }) {
  const choices = useChoices();
  const { tags } = useDesk();
  const list = useId();
  const from = choices(one.do);
  const label = t("rules.what_of", { n: number });
  return (
    <div className="rule-line" role="group" aria-label={t("rules.act", { n: number })}>
      <select aria-label={t("rules.do_of", { n: number })} value={one.do} onChange={(event) => onChange({ do: DEEDS.find((name) => name === event.target.value) ?? "tag", value: "" })}>
        {DEEDS.map((deed) => <option key={deed} value={deed}>{t(`rules.deed.${deed}`)}</option>)}
      </select>
      {from ? <One label={label} from={from} value={one.value} onChange={(value) => onChange({ ...one, value })} /> : (
        <>
          <input className="grow" aria-label={label} required maxLength={50} list={list} value={one.value} onChange={(event) => onChange({ ...one, value: event.target.value })} />
          <datalist id={list}>{tags.map((tag) => <option key={tag.name} value={tag.name} />)}</datalist>
        </>
      )}
      {onRemove ? <button type="button" className="btn" aria-label={t("rules.remove_act", { n: number })} onClick={onRemove}>×</button> : null}
    </div>
  );
}
