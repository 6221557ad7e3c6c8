/** One stop for Tab in a long list; the arrow keys lead from row to row. */
import { useEffect, useRef, useState, type FocusEvent, type KeyboardEvent } from "react";

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

/** A row that keys were pressed to come to; each press is a value of its own. */
export interface Led {
  id: string;
}

const rowIn = (box: HTMLElement | null, index: number): HTMLElement | null => box?.querySelector(`[data-index="${index}"] .row-in`) ?? null;

/** The focus follows the keys that lead from conversation to conversation, once per press. */
export function useFollowed(box: React.RefObject<HTMLElement | null>, led: Led | null, index: number, show: (index: number) => void): void {
  const followed = useRef(led);
  // After every drawing: a row far away is only there when the list has come to it.
  useEffect(() => {
    if (!led || led === followed.current) return;
    const row = rowIn(box.current, index);
    const writing = document.activeElement?.matches("textarea, input[type=text]");
    if (row || index < 0 || writing) followed.current = led;
    if (writing) return;
    if (row) row.focus({ preventScroll: true });
    else if (index >= 0) show(index);
  });
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
        const next = rowIn(event.currentTarget, from + step);
        if (!next) return;
        show(from + step);
        next.focus({ preventScroll: true });
      },
    },
  };
}
