import { put, words } from "../api/client";
import type { Preferences } from "../api/types";
import { t } from "../i18n/t";
import { current, setPreferences } from "../live/store";
import { toast } from "../ui/toast";

/** Keep a change of the preferences, here at once and on the desk. */
export async function prefer(change: Preferences): Promise<void> {
  const before = current()?.me.preferences ?? {};
  const next = { ...before, ...change };
  setPreferences(next);
  try {
    await put("/me/preferences", next);
  } catch (error) {
    setPreferences(before);
    toast(words(error), { bad: true });
  }
}

/** Whether to ask for notifications: not answered yet, or wished for in another browser only. */
export function mayTell(wished: boolean | undefined): boolean {
  if (!("Notification" in window) || Notification.permission === "denied") return false;
  return wished === undefined || (wished && Notification.permission === "default");
}

/** Have the browser ask whether it may notify, after a click alone; keep the wish when it may. */
export async function tellMe(): Promise<void> {
  const allowed = "Notification" in window && (await Notification.requestPermission()) === "granted";
  if (!allowed) toast(t("settings.notify_denied"), { bad: true });
  await prefer({ notifications: allowed });
}
