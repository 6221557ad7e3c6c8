/** Moves a duty, says where it went, and takes it back if asked to. */
import { put, words } from "../api/client";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { toast } from "../ui/toast";
import { focusWhenShown, keyOf } from "./Chip";
import { moveBody, placeOf, type Place } from "./moving";
import type { Duty, Shift } from "./types";
import { shortDay } from "./week";

type Change = (act: () => Promise<unknown>) => Promise<void>;

export function useMove(change: Change): (duty: Duty, to: Place) => void {
  const { agents } = useDesk();
  const ask = async (shift_id: string, body: object): Promise<Shift> => {
    let made: Shift | undefined;
    await change(async () => {
      made = await put<Shift>(`/shifts/${shift_id}/day`, body);
      // Whoever moves it by key goes on with it where it is then.
      focusWhenShown(keyOf(made.id, made.from_day));
    });
    if (!made) throw new Error("not moved");
    return made;
  };
  const failed = (error: unknown): void => void toast(words(error), { bad: true });
  const move = async (duty: Duty, to: Place): Promise<void> => {
    const from = placeOf(duty);
    if (from.agent_id === to.agent_id && from.day === to.day) return;
    const made = await ask(duty.shift_id, moveBody(duty, to));
    const name = agents.find((agent) => agent.id === to.agent_id)?.name ?? "";
    const back = { day: made.from_day, agent_id: duty.agent_id, to: duty.day };
    toast(t("roster.moved", { name, day: shortDay(to.day) }), { act: { label: t("act.undo"), run: () => void ask(made.id, back).catch(failed) } });
  };
  return (duty, to) => void move(duty, to).catch(failed);
}
