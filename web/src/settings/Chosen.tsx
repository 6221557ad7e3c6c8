/** Some of many, behind a line that opens: who works in an inbox, who belongs to a team. */
import type { ReactNode } from "react";

interface Named {
  id: string;
  name: string;
}

interface OfProps {
  title: string;
  from: Named[];
  ids: string[];
  onChange: (ids: string[]) => void;
}

export function ChosenOf({ title, from, ids, onChange }: OfProps) {
  if (from.length === 0) return null;
  const toggled = (id: string): string[] => (ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]);
  return (
    <fieldset>
      <legend>{title}</legend>
      {from.map(({ id, name }) => (
        <label key={id} className="row-check"><input type="checkbox" checked={ids.includes(id)} onChange={() => onChange(toggled(id))} /> {name}</label>
      ))}
    </fieldset>
  );
}

export function Chosen({ words, children }: { words: string; children: ReactNode }) {
  return (
    <details className="chosen">
      <summary>{words}</summary>
      {children}
    </details>
  );
}
