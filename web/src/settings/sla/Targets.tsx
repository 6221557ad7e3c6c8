/** How long, for each severity and kind, and whether by the hours or around the clock. */
import { t } from "../../i18n/t";
import { KINDS, type Kind, type Promised, type Target, type Terms } from "./types";

const UNITS = { m: 60, h: 3600, d: 86_400 } as const;
type Unit = keyof typeof UNITS;

/** The largest unit that says a length in whole numbers. */
export function unitOf(seconds: number): Unit {
  if (seconds % UNITS.d === 0) return "d";
  return seconds % UNITS.h === 0 ? "h" : "m";
}

interface CellProps {
  label: string;
  target: Target | null | undefined;
  onChange: (target: Target | null) => void;
}

/** A length with its unit. */
export function Length({ label, seconds, onChange }: { label: string; seconds: number; onChange: (seconds: number) => void }) {
  const unit = unitOf(seconds);
  return (
    <>
      <input type="number" min={1} step="any" required aria-label={label} value={Math.round((seconds / UNITS[unit]) * 100) / 100} onChange={(event) => onChange(Number(event.target.value) * UNITS[unit])} />
      <select aria-label={t("sla.unit", { of: label })} value={unit} onChange={(event) => onChange((seconds / UNITS[unit]) * UNITS[event.target.value as Unit])}>
        {(Object.keys(UNITS) as Unit[]).map((one) => <option key={one} value={one}>{t(`unit.${one}`)}</option>)}
      </select>
    </>
  );
}

function Cell({ label, target, onChange }: CellProps) {
  if (!target) return <button type="button" className="plain add" aria-label={t("sla.add_target", { of: label })} onClick={() => onChange({ within: 3600, counts: "calendar" })}>{t("sla.none")}</button>;
  return (
    <span className="target">
      <Length label={label} seconds={target.within} onChange={(within) => onChange({ ...target, within })} />
      <select aria-label={t("sla.counts", { of: label })} value={target.counts} onChange={(event) => onChange({ ...target, counts: event.target.value as Target["counts"] })}>
        <option value="business">{t("sla.business")}</option>
        <option value="calendar">{t("sla.calendar")}</option>
      </select>
      <button type="button" className="plain" aria-label={t("sla.remove_target", { of: label })} onClick={() => onChange(null)}>×</button>
    </span>
  );
}

export function Targets({ terms, onChange }: { terms: Terms; onChange: (severities: Terms["severities"]) => void }) {
  const set = (severity: string, kind: Kind, target: Target | null): void => {
    const promised: Promised = { ...terms.severities[severity], [kind]: target };
    const others = Object.entries(terms.severities).filter(([key]) => key !== severity);
    const some = KINDS.some((one) => promised[one]);
    onChange(Object.fromEntries(some ? [...others, [severity, promised]] : others));
  };
  return (
    <table className="targets">
      <thead><tr><th scope="col">{t("sla.severity")}</th>{KINDS.map((kind) => <th key={kind} scope="col">{t(`sla.${kind}`)}</th>)}</tr></thead>
      <tbody>
        {(["1", "2", "3", "4", "5"] as const).map((severity) => (
          <tr key={severity}>
            <th scope="row">{severity} <small className="quiet">{t(`sla.severity.${severity}`)}</small></th>
            {KINDS.map((kind) => <td key={kind} data-label={t(`sla.${kind}`)}><Cell label={`${severity}, ${t(`sla.${kind}`)}`} target={terms.severities[severity]?.[kind]} onChange={(target) => set(severity, kind, target)} /></td>)}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
