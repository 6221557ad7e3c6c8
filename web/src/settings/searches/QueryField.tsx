/** The field of a query: help in words, examples to click, and what is wrong where it is wrong. */
import { useId, useRef } from "react";
import { t } from "../../i18n/t";
import { useDesk } from "../../live/store";
import type { Wrong } from "./useTrial";

const EXAMPLES = ["names", "product", "site", "near", "without"] as const;
/** As many characters are shown on each side of the place that is wrong. */
const AROUND = 24;

/** The workspace's name as one writes it in a query: in quotes if it is more than a word. */
function quoted(name: string): { q: string; w: string } {
  const words = name.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ["northwind"];
  return { q: words.length > 1 ? `"${words.join(" ")}"` : words.join(""), w: words.join("") };
}

/** The query around the place that is wrong, with what stands there marked. */
function Place({ query, at }: { query: string; at: number }) {
  const from = Math.max(0, at - AROUND);
  const there = query.slice(at, at + 1);
  return (
    <code className="place" dir="ltr">
      {from > 0 ? "…" : ""}{query.slice(from, at)}<mark>{there.trim() || "␣"}</mark>{query.slice(at + 1, at + 1 + AROUND)}{at + 1 + AROUND < query.length ? "…" : ""}
    </code>
  );
}

function Examples({ onChange }: { onChange: (query: string) => void }) {
  const { workspace } = useDesk().me;
  const names = quoted(workspace.name);
  return (
    <details className="examples">
      <summary>{t("searches.examples")}</summary>
      <ul>
        {EXAMPLES.map((one) => {
          const example = t(`searches.example.${one}`, names);
          return (
            <li key={one}>
              <button type="button" className="plain" onClick={() => onChange(example)}><code dir="ltr">{example}</code></button>
              <small className="quiet">{t(`searches.example_is.${one}`)}</small>
            </li>
          );
        })}
      </ul>
    </details>
  );
}

export function QueryField({ query, wrong, onChange }: { query: string; wrong: Wrong | null; onChange: (query: string) => void }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const id = useId();
  const goThere = (at: number): void => {
    field.current?.focus();
    field.current?.setSelectionRange(at, Math.min(at + 1, query.length));
  };
  return (
    <div className="query">
      <label htmlFor={id}>{t("searches.query")}</label>
      <small id={`${id}-help`} className="quiet">{t("searches.query_help")}</small>
      <textarea ref={field} id={id} rows={3} required dir="auto" spellCheck={false} autoComplete="off" maxLength={1000} aria-invalid={wrong !== null} aria-describedby={wrong ? `${id}-wrong` : `${id}-help`} value={query} onChange={(event) => onChange(event.target.value)} />
      {wrong ? (
        <div id={`${id}-wrong`} role="alert" className="wrong">
          <span className="hot">{wrong.words}</span>
          {wrong.at === null ? null : <button type="button" className="plain" onClick={() => goThere(wrong.at ?? 0)}><span className="hidden">{t("searches.go_there")}</span><Place query={query} at={wrong.at} /></button>}
        </div>
      ) : null}
      <Examples onChange={onChange} />
    </div>
  );
}
