/** A row drawn aside by a finger: to the right to snooze, to the left to resolve. */
import { useState, type TouchEvent } from "react";
import type { Ask } from "./Menus";

const FAR = 88;

interface Swipe {
  by: number;
  handlers: {
    onTouchStart: (event: TouchEvent) => void;
    onTouchMove: (event: TouchEvent) => void;
    onTouchEnd: () => void;
    onTouchCancel: () => void;
  };
}

export function useSwipe(done: (ask: Ask) => void): Swipe {
  const [from, setFrom] = useState<{ x: number; y: number } | null>(null);
  const [by, setBy] = useState(0);
  const stop = (): void => {
    setFrom(null);
    setBy(0);
  };
  return {
    by,
    handlers: {
      onTouchStart: ({ touches }) => {
        const touch = touches.length === 1 ? touches[0] : undefined;
        if (touch) setFrom({ x: touch.clientX, y: touch.clientY });
      },
      onTouchMove: ({ touches }) => {
        const touch = touches[0];
        if (!from || !touch) return;
        const x = touch.clientX - from.x;
        // A finger that goes down the list scrolls it.
        if (by === 0 && Math.abs(touch.clientY - from.y) > Math.abs(x)) setFrom(null);
        else if (by !== 0 || Math.abs(x) > 12) setBy(Math.max(-140, Math.min(140, x)));
      },
      onTouchEnd: () => {
        if (Math.abs(by) >= FAR) done(by > 0 ? "snooze" : "resolve");
        stop();
      },
      onTouchCancel: stop,
    },
  };
}
