/** Dragging a duty with the mouse or a pen. A finger scrolls: its way is the dialog. */
import { useState } from "react";
import type { Place } from "./moving";
import type { Duty } from "./types";

const BEGINS_AFTER = 6;

const cellAt = (event: PointerEvent): HTMLElement | null =>
  document.elementFromPoint(event.clientX, event.clientY)?.closest<HTMLElement>("td[data-agent]") ?? null;

/** What a drag ends with is no click on what lies there. */
function swallowClick(): void {
  const swallow = (event: MouseEvent): void => { event.stopPropagation(); event.preventDefault(); };
  window.addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => window.removeEventListener("click", swallow, { capture: true }), 0);
}

export function useDrag(drop: (duty: Duty, to: Place) => void) {
  const [over, setOver] = useState<Place | null>(null);
  const [dragged, setDragged] = useState<Duty | null>(null);
  const begin = (duty: Duty, down: React.PointerEvent): void => {
    if (down.pointerType === "touch" || down.button !== 0) return;
    const { clientX, clientY } = down;
    let dragging = false;
    const placeAt = (event: PointerEvent): Place | null => {
      const { agent, on } = cellAt(event)?.dataset ?? {};
      return agent && on ? { agent_id: agent, day: on } : null;
    };
    const move = (event: PointerEvent): void => {
      if (!dragging && Math.hypot(event.clientX - clientX, event.clientY - clientY) < BEGINS_AFTER) return;
      dragging = true;
      setDragged(duty);
      setOver(placeAt(event));
    };
    const controller = new AbortController();
    const end = (): void => {
      controller.abort();
      setDragged(null);
      setOver(null);
    };
    const up = (event: PointerEvent): void => {
      const to = dragging ? placeAt(event) : null;
      if (dragging) swallowClick();
      end();
      if (to) drop(duty, to);
    };
    const { signal } = controller;
    window.addEventListener("pointermove", move, { signal });
    window.addEventListener("pointerup", up, { signal });
    window.addEventListener("pointercancel", end, { signal });
    window.addEventListener("keydown", (event) => { if (event.key === "Escape") end(); }, { signal });
  };
  return { over, dragged, begin };
}
