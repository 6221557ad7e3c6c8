/** Which languages count: none chosen is any. Those of the desk's people first, the rest on request. */
import { t } from "../../i18n/t";

const CODES = ["en", "es", "pt", "fr", "de", "it", "nl", "pl", "tr", "ru", "uk", "ar", "he", "fa", "hi", "bn", "ur", "id", "vi", "th", "ja", "ko", "zh", "sv", "da", "no", "fi", "cs", "el", "ro", "hu"];

function nameOf(code: string): string {
  try {
    return new Intl.DisplayNames(undefined, { type: "language" }).of(code) ?? code;
  } catch {
    return code;
  }
}

export function Languages({ chosen, onChange }: { chosen: string[]; onChange: (languages: string[]) => void }) {
  const all = [...new Set([...CODES, ...chosen])].map((code) => ({ code, name: nameOf(code) })).sort((a, b) => a.name.localeCompare(b.name));
  const said = chosen.length ? all.filter(({ code }) => chosen.includes(code)).map(({ name }) => name).join(", ") : t("searches.any_language");
  return (
    <details className="languages">
      <summary>{t("searches.languages")}: <b>{said}</b></summary>
      <fieldset>
        <legend className="hidden">{t("searches.languages")}</legend>
        <div className="ticks">
          {all.map(({ code, name }) => (
            <label key={code} className="row-check">
              <input type="checkbox" checked={chosen.includes(code)} onChange={(event) => onChange(event.target.checked ? [...chosen, code] : chosen.filter((one) => one !== code))} /> {name}
            </label>
          ))}
        </div>
      </fieldset>
    </details>
  );
}
