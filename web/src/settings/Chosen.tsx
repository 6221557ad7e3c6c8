/** Some of many, behind a line that opens: who works in an inbox, who belongs to a team. */
import { useState, type ReactNode } from "react";

interface Named {
  id: string;
  name: string;
}

interface OfProps {
  title: string;
  from: Named[];
  ids: string[];
  onChange: (ids: string[]) => Promise<unknown>;
}

export function ChosenOf({ title, from, ids, onChange }: OfProps) {
  /** What was chosen here and is on its way: the next choice builds on it. */
  const [sent, setSent] = useState<string[] | null>(null);
  if (from.length === 0) return null;
  const now = sent ?? ids;
  const toggle = async (id: string): Promise<void> => {
    const next = now.includes(id) ? now.filter((one) => one !== id) : [...now, id];
    setSent(next);
    await onChange(next);
    setSent((latest) => (latest === next ? null : latest));
  };
  return (
    <fieldset>
      <legend>{title}</legend>
      {from.map(({ id, name }) => (
        <label key={id} className="row-check"><input type="checkbox" checked={now.includes(id)} onChange={() => void toggle(id)} /> {name}</label>
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
