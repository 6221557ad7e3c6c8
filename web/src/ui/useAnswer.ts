/** What a dialog waits for: it stays until the answer, closes on a good one, says a bad one inside. */
import { useEffect, useRef, useState } from "react";
import { words } from "../api/client";
import { toast } from "./toast";

export interface Answer {
  busy: boolean;
  /** Why it did not work; "" when nothing went wrong. */
  failed: string;
  run: (act: () => Promise<unknown>) => Promise<void>;
}

export function useAnswer(onClose: () => void): Answer {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");
  // The second click of a double one comes before the screen has changed.
  const running = useRef(false);
  const here = useRef(false);
  useEffect(() => {
    here.current = true;
    return () => {
      here.current = false;
    };
  }, []);
  const run = async (act: () => Promise<unknown>): Promise<void> => {
    if (running.current) return;
    running.current = true;
    setBusy(true);
    setFailed("");
    try {
      await act();
      if (here.current) onClose();
    } catch (error) {
      // Who closed the dialog meanwhile is told all the same.
      if (here.current) setFailed(words(error));
      else toast(words(error), { bad: true });
    }
    running.current = false;
    setBusy(false);
  };
  return { busy, failed, run };
}
