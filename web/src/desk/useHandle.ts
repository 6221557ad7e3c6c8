/** What others can have the composer do. */
import { useImperativeHandle, type ForwardedRef, type RefObject } from "react";
import type { Card, Draft } from "../api/types";
import { fill } from "./count";
import { modeOf, turned, type Mode } from "./readers";

export interface ComposerHandle {
  focus: (mode: Mode) => void;
  insert: (macro: string) => void;
  /** A public reply that asks them to come along. */
  invite: (text: string, move: string) => void;
  /** Words for them alone, in a private conversation. */
  whisper: (text: string) => void;
  /** A public reply after which it is resolved. */
  close: (text: string) => void;
}

interface Given {
  card: Card;
  mode: Mode;
  area: RefObject<HTMLTextAreaElement | null>;
  values: Record<string, string>;
  change: (change: Partial<Draft> | ((now: Draft) => Partial<Draft>)) => void;
}

/** Returns what inserts a text where one writes. */
export function useHandle(ref: ForwardedRef<ComposerHandle>, { card, mode, area, values, change }: Given): (text: string) => void {
  const add = (to: Mode, text: string, more: Partial<Draft> = {}): void => {
    change((now) => {
      const draft = turned(now, mode, to);
      const gap = draft.text && !draft.text.endsWith(" ") ? " " : "";
      return { ...draft, text: draft.text + gap + fill(text, values), ...more };
    });
    area.current?.focus();
  };
  useImperativeHandle(ref, () => ({
    focus: (wanted) => {
      const to = modeOf(card, wanted);
      if (to !== mode) change((now) => turned(now, mode, to));
      area.current?.focus();
    },
    insert: (macro) => add(mode, macro),
    invite: (text, move) => add("public", text, { move }),
    whisper: (text) => add(modeOf(card, "direct"), text),
    close: (text) => add("public", text, { then: "resolve" }),
  }));
  return (text) => add(mode, text);
}
