/** A duty in the week: pressed for what can be done with it, dragged or moved by keys. */
import type { Agent } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { nextPlace, type Place } from "./moving";
import type { Duty } from "./types";
import { clock } from "./week";

export interface Moves {
  onDuty: (duty: Duty) => void;
  onMove: (duty: Duty, to: Place) => void;
  onGrab: (duty: Duty, event: React.PointerEvent) => void;
}

interface Props extends Moves {
  duty: Duty;
  agents: Agent[];
  edits: boolean;
  dragged: boolean;
}

let wanted = "";

/** Focus the chip of this key: now if it is there, else once it is. */
export function focusWhenShown(key: string): void {
  const there = document.querySelector<HTMLElement>(`[data-duty="${key}"]`);
  wanted = there ? "" : key;
  there?.focus();
}

function focusIfWanted(chip: HTMLElement | null): void {
  if (!chip || chip.dataset["duty"] !== wanted) return;
  wanted = "";
  chip.focus();
}

export const keyOf = (shift_id: string, day: string): string => `${shift_id} ${day}`;

export function Chip({ duty, agents, edits, dragged, onDuty, onMove, onGrab }: Props) {
  const { teams } = useDesk();
  const team = teams.find((one) => one.id === duty.team_id)?.name;
  const inside = (
    <>
      <b className="num">{clock(duty.starts_at)}–{clock(duty.ends_at)}</b>
      {duty.on_call ? <small>{t("roster.kind.on_call")}</small> : null}
      {team ? <small>{team}</small> : null}
    </>
  );
  const kind = `duty${duty.on_call ? " call" : ""}${dragged ? " dragged" : ""}`;
  if (!edits) return <span className={kind}>{inside}</span>;
  const byKey = (event: React.KeyboardEvent): void => {
    const to = event.altKey ? nextPlace(duty, event.key, agents) : null;
    if (!to) return;
    event.preventDefault();
    onMove(duty, to);
  };
  return (
    <button
      ref={focusIfWanted}
      className={kind}
      data-duty={keyOf(duty.shift_id, duty.day)}
      aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight Alt+ArrowUp Alt+ArrowDown"
      onClick={() => onDuty(duty)}
      onKeyDown={byKey}
      onPointerDown={(event) => onGrab(duty, event)}
    >
      {inside}
    </button>
  );
}
