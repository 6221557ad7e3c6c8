/** Which kinds of posts a search takes in by itself: none chosen, a person takes in each. */
import { t } from "../../i18n/t";

const KINDS = ["question", "request", "complaint", "praise", "chatter"] as const;

/** The kinds in words, as one says them. */
export function takenBy(kinds: string[]): string {
  const said = KINDS.filter((kind) => kinds.includes(kind)).map((kind) => t(`searches.kind.${kind}`));
  return new Intl.ListFormat(undefined, { type: "conjunction" }).format(said);
}

const capital = (words: string): string => words.charAt(0).toLocaleUpperCase() + words.slice(1);

export function TakeIn({ chosen, onChange }: { chosen: string[]; onChange: (kinds: string[]) => void }) {
  return (
    <fieldset>
      <legend>{t("searches.take_in")}</legend>
      <small className="quiet">{t("searches.take_in_help")}</small>
      <div className="ticks">
        {KINDS.map((kind) => (
          <label key={kind} className="row-check">
            <input type="checkbox" checked={chosen.includes(kind)} onChange={(event) => onChange(event.target.checked ? [...chosen, kind] : chosen.filter((one) => one !== kind))} /> {capital(t(`searches.kind.${kind}`))}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
