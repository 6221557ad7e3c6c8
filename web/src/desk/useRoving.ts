/** One stop for Tab in a long list; the arrow keys lead from row to row. */
import { useState, type FocusEvent, type KeyboardEvent } from "react";

interface Roving {
  /** Which row Tab stops at. */
  stop: number;
  handlers: {
    onFocus: (event: FocusEvent<HTMLElement>) => void;
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  };
}

const STEPS: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };

function rowOf(target: EventTarget): number {
  return target instanceof HTMLElement ? Number(target.closest<HTMLElement>("[data-index]")?.dataset["index"] ?? -1) : -1;
}

/** `shown` are the rows that are drawn, `chosen` the open one, -1 if there is none. */
export function useRoving(shown: number[], chosen: number, show: (index: number) => void): Roving {
  const [at, setAt] = useState(-1);
  const stop = [at, chosen].find((index) => shown.includes(index)) ?? shown[0] ?? 0;
  return {
    stop,
    handlers: {
      onFocus: ({ target }) => setAt(rowOf(target)),
      onKeyDown: (event) => {
        const step = STEPS[event.key];
        const from = rowOf(event.target);
        if (step === undefined || from < 0) return;
        event.preventDefault();
        const next = event.currentTarget.querySelector<HTMLElement>(`[data-index="${from + step}"] .row-in`);
        if (!next) return;
        show(from + step);
        next.focus({ preventScroll: true });
      },
    },
  };
}
