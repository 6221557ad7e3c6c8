/** Where we are, in the address: /, /v/<view>, /c/<conversation>, /board, /figures, /radar, /mentions, /outreach, /settings/<page>. */
import { useSyncExternalStore } from "react";

/** Whether one may leave now; if not, it keeps `on` and calls it when one may. */
type Guard = (on: () => void) => boolean;

const listeners = new Set<() => void>();
let here = window.location.pathname;
let guard: Guard = () => true;

function tell(): void {
  here = window.location.pathname;
  listeners.forEach((listener) => listener());
}

window.addEventListener("popstate", () => {
  const wanted = window.location.pathname;
  if (wanted === here || guard(() => go(wanted))) tell();
  else window.history.pushState(null, "", here);
});

export function guardLeaving(next: Guard): void {
  guard = next;
}

export function go(path: string, replace = false): void {
  if (path === window.location.pathname || !guard(() => go(path, replace))) return;
  if (replace) window.history.replaceState(null, "", path);
  else window.history.pushState(null, "", path);
  tell();
}

export function usePath(): string {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => window.location.pathname,
  );
}
