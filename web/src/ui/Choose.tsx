/** One of a few, side by side: one stop for Tab, arrows to move, as radio buttons do. */
import { useRef, type KeyboardEvent } from "react";

interface Props<T extends string> {
  label: string;
  value: T;
  /** `shut` says why it can't be chosen; empty where it can. */
  options: readonly { value: T; label: string; shut?: string }[];
  onChange: (value: T) => void;
}

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function Choose<T extends string>({ label, value, options, onChange }: Props<T>) {
  const group = useRef<HTMLDivElement>(null);
  const onKey = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const flipped = /Left|Right/.test(event.key) && getComputedStyle(event.currentTarget).direction === "rtl" ? -step : step;
    const open = options.filter((option) => !option.shut || option.value === value);
    const at = open.findIndex((option) => option.value === value);
    const option = open[(at + flipped + open.length) % open.length];
    if (!option) return;
    onChange(option.value);
    group.current?.querySelectorAll("button")[options.indexOf(option)]?.focus();
  };
  return (
    <div ref={group} className="tabs" role="radiogroup" aria-label={label} onKeyDown={onKey}>
      {options.map((option) => (
        <button
          key={option.value}
          role="radio"
          aria-checked={option.value === value}
          aria-disabled={option.shut ? true : undefined}
          title={option.shut || undefined}
          tabIndex={option.value === value ? 0 : -1}
          onClick={() => !option.shut && onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
