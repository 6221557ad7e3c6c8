/** A message somebody looks for: its conversation is read back until it is met, then it is shown. */
import { useEffect, useRef, useState, useSyncExternalStore, type RefObject } from "react";
import { words } from "../api/client";
import { toast } from "../ui/toast";

interface Sought {
  conversation: string;
  message: string;
}

const listeners = new Set<() => void>();
let sought: Sought | null = null;

export function seek(next: Sought | null): void {
  sought = next;
  listeners.forEach((listener) => listener());
}

function useWanted(conversation: string): string | null {
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => sought,
  );
  return now?.conversation === conversation ? now.message : null;
}

function show(box: HTMLElement | null, message: string): boolean {
  const there = box?.querySelector<HTMLElement>(`[data-message="${CSS.escape(message)}"]`);
  there?.scrollIntoView({ block: "center" });
  there?.focus({ preventScroll: true });
  return Boolean(there);
}

/** Brings the sought message into sight; true while the conversation is read back for it. */
export function useSought(flow: RefObject<HTMLElement | null>, conversation: string, earlier: (() => Promise<void>) | undefined): boolean {
  const wanted = useWanted(conversation);
  const reading = useRef(false);
  const [, setPages] = useState(0);
  // After every picture of the conversation: each page that comes may hold it.
  useEffect(() => {
    if (!wanted || reading.current) return;
    if (show(flow.current, wanted) || !earlier) {
      seek(null);
      return;
    }
    reading.current = true;
    const done = (): void => {
      reading.current = false;
      setPages((pages) => pages + 1);
    };
    earlier().catch((error: unknown) => {
      seek(null);
      toast(words(error), { bad: true });
    }).finally(done);
  });
  return wanted !== null;
}
