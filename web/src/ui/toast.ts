/** Short messages at the foot of the screen, with at most one act each. */
import { useSyncExternalStore } from "react";

export interface Toast {
  id: number;
  text: string;
  act?: { label: string; run: () => void };
  bad?: boolean;
}

let toasts: Toast[] = [];
let count = 0;
const listeners = new Set<() => void>();

function set(next: Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}

export function toast(text: string, more: Omit<Toast, "id" | "text"> = {}, forMs = 6000): () => void {
  const id = (count += 1);
  const drop = (): void => set(toasts.filter((one) => one.id !== id));
  set([...toasts.slice(-2), { id, text, ...more }]);
  setTimeout(drop, forMs);
  return drop;
}

export function useToasts(): Toast[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
}
