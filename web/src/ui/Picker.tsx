/** One way to choose from a list: type to narrow, arrows to move, Enter to take. */
import { flushSync } from "react-dom";
import { useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { t } from "../i18n/t";
import { Dialog } from "./Dialog";
import { Failed } from "./Failed";
import { useAnswer } from "./useAnswer";

export interface Choice {
  id: string;
  label: string;
  hint?: string;
  on?: boolean;
  /** What it does at once, after the list has closed. */
  act?: () => void;
  /** What takes its time: the list stays until the answer. */
  work?: () => Promise<unknown>;
  /** What comes after the work, when the list has closed. */
  after?: () => void;
  /** It goes on in the same list. */
  stays?: boolean;
}

interface Props {
  title: string;
  choices: Choice[];
  onClose: () => void;
  onType?: (text: string) => void;
  placeholder?: string;
  empty?: string;
  filtered?: boolean;
  foot?: ReactNode;
}

/** As many are drawn at once; whoever looks for another types. */
const MOST = 100;

export function Picker({ title, choices, onClose, onType, placeholder, empty, filtered = false, foot }: Props) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const [taken, setTaken] = useState("");
  const answer = useAnswer(() => flushSync(onClose));
  const list = useId();
  const fitting = filtered
    ? choices
    : choices.filter((choice) => choice.label.toLowerCase().includes(text.trim().toLowerCase()));
  const shown = fitting.slice(0, MOST);
  const active = Math.min(at, Math.max(0, shown.length - 1));
  const take = (choice: Choice | undefined): void => {
    if (!choice || answer.busy) return;
    setTaken(choice.id);
    const { work } = choice;
    if (work) return void answer.run(work).then(choice.after);
    // Closed first, or what the act gives the focus to is still behind the dialog.
    if (!choice.stays) flushSync(onClose);
    choice.act?.();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "ArrowDown") setAt(Math.min(active + 1, shown.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(active - 1, 0));
    else if (event.key === "Enter") take(shown[active]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <input
        className="picker-text"
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={shown[active] ? `${list}-${active}` : undefined}
        aria-label={title}
        placeholder={placeholder ?? ""}
        value={text}
        autoFocus data-first
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          onType?.(event.target.value);
        }}
        onKeyDown={onKey}
      />
      <ul id={list} role="listbox" aria-label={title} className="picker">
        {shown.map((choice, index) => (
          <li
            key={choice.id}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === active}
            aria-busy={(answer.busy && choice.id === taken) || undefined}
            className={index === active ? "on" : ""}
            onMouseMove={() => setAt(index)}
            onClick={() => take(choice)}
          >
            <span dir="auto">{choice.on ? `✓ ${choice.label}` : choice.label}</span>
            {choice.hint ? <small dir="auto">{choice.hint}</small> : null}
          </li>
        ))}
      </ul>
      {fitting.length > MOST ? <p className="quiet">{t("picker.more", { n: fitting.length - MOST })}</p> : null}
      {shown.length === 0 && empty ? <p className="quiet">{empty}</p> : null}
      <Failed why={answer.failed} />
      {foot}
    </Dialog>
  );
}
