import { useEffect, useRef } from "react";
import { useDesk } from "../live/store";
import { commandOf, type Command } from "./keymap";

/** Run handlers by key, unless a dialog is open. */
export function useCommands(handlers: Partial<Record<Command, () => void>>): void {
  const { keymap = {}, keys_off: off = false } = useDesk().me.preferences;
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
      const command = commandOf(event, keymap, off);
      const run = command && latest.current[command];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [keymap, off]);
}
