import { put, words } from "../api/client";
import type { Preferences } from "../api/types";
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
