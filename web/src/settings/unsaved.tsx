/** What was typed and not saved is not lost by a click: who leaves is asked. */
import { useEffect, useId, useSyncExternalStore } from "react";
import { guardLeaving } from "../desk/route";
import { t } from "../i18n/t";
import { Dialog } from "../ui/Dialog";

const unsaved = new Set<string>();
const listeners = new Set<() => void>();
let onward: (() => void) | null = null;

function setOnward(next: (() => void) | null): void {
  onward = next;
  listeners.forEach((listener) => listener());
}

guardLeaving((on) => {
  if (unsaved.size === 0) return true;
  setOnward(on);
  return false;
});

window.addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});

/** Ask before leaving while `dirty`. */
export function useUnsaved(dirty: boolean): void {
  const id = useId();
  useEffect(() => {
    if (!dirty) return undefined;
    unsaved.add(id);
    return () => void unsaved.delete(id);
  }, [dirty, id]);
}

/** Leave without being asked: what was typed has been taken. */
export function forgetUnsaved(): void {
  unsaved.clear();
}

export function Leaving() {
  const asked = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => onward,
  );
  if (!asked) return null;
  const leave = (): void => {
    unsaved.clear();
    setOnward(null);
    asked();
  };
  return (
    <Dialog title={t("unsaved.title")} onClose={() => setOnward(null)}>
      <p>{t("unsaved.words")}</p>
      <div className="acts">
        <button className="btn go" autoFocus data-first onClick={() => setOnward(null)}>{t("unsaved.stay")}</button>
        <button className="btn" onClick={leave}>{t("unsaved.leave")}</button>
      </div>
    </Dialog>
  );
}
