import { useDesk } from "../live/store";
import { KEYMAP, keysOf, pretty, type Command } from "./keymap";

/** All keys as this agent has them, for words that name one. */
export function useKeys(): Record<string, string> {
  const { keymap } = useDesk().me.preferences;
  return Object.fromEntries(KEYMAP.map(({ command }) => [command, pretty(keysOf(command, keymap))]));
}

/** The key of a command, as this agent has it. */
export function Key({ of }: { of: Command }) {
  return <kbd>{pretty(keysOf(of, useDesk().me.preferences.keymap))}</kbd>;
}
