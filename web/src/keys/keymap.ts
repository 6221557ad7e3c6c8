/** The one keymap: it feeds the keys, the sheet and the palette. */
import type { Key } from "../i18n/en";

export type Command =
  | "down" | "up" | "open" | "reply" | "note" | "assign" | "snooze" | "resolve" | "severity"
  | "tag" | "merge" | "summary" | "select" | "search" | "palette" | "sheet" | "send" | "send_next" | "back"
  | "direct" | "move" | "close_public" | "another" | "follow" | "promise" | "have" | "figures" | "word" | "correct"
  | "fold" | "unfold"
  | "mentions" | "outreach" | "radar" | "there" | "undo" | "fresh";

/** A screen where keys mean something of their own. */
export type Room = "mentions" | "outreach";

export interface Binding {
  command: Command;
  keys: string;
  words: Key;
  /** What it does in mentions, or in outreach, where that is something else. */
  mentions?: Key;
  outreach?: Key;
  /** Does nothing at the desk itself. */
  away?: boolean;
  /** Works in a text field too, and when single keys are switched off. */
  always?: boolean;
}

export const KEYMAP: Binding[] = [
  { command: "down", keys: "j", words: "key.down", mentions: "key.mentions_down", outreach: "key.outreach_down" },
  { command: "up", keys: "k", words: "key.up", mentions: "key.mentions_up", outreach: "key.outreach_up" },
  { command: "open", keys: "Enter", words: "key.open", mentions: "key.mentions_open", outreach: "key.outreach_open" },
  { command: "reply", keys: "r", words: "key.reply", mentions: "key.mentions_answer", outreach: "key.outreach_write" },
  { command: "note", keys: "n", words: "key.note" },
  { command: "assign", keys: "a", words: "key.assign", mentions: "key.mentions_take" },
  { command: "snooze", keys: "s", words: "key.snooze" },
  { command: "follow", keys: "u", words: "key.follow" },
  { command: "promise", keys: "w", words: "key.promise", mentions: "key.mentions_outreach" },
  { command: "resolve", keys: "e", words: "key.resolve", mentions: "key.mentions_dismiss", outreach: "key.outreach_aside" },
  { command: "severity", keys: "p", words: "key.severity" },
  { command: "tag", keys: "t", words: "key.tag" },
  { command: "summary", keys: "c", words: "key.summary" },
  { command: "merge", keys: "m", words: "key.merge" },
  { command: "select", keys: "x", words: "key.select", outreach: "key.outreach_alone" },
  { command: "fold", keys: "q", words: "key.fold" },
  { command: "unfold", keys: ",", words: "key.unfold" },
  { command: "search", keys: "/", words: "key.search" },
  { command: "palette", keys: "Ctrl+k", words: "key.palette", always: true },
  { command: "sheet", keys: "?", words: "key.sheet" },
  { command: "send", keys: "Ctrl+Enter", words: "key.send", always: true },
  { command: "send_next", keys: "Ctrl+Shift+Enter", words: "key.send_next", always: true },
  { command: "word", keys: "Alt+Enter", words: "key.word", always: true },
  { command: "direct", keys: "d", words: "key.direct" },
  { command: "move", keys: "v", words: "key.move" },
  { command: "close_public", keys: "f", words: "key.close_public" },
  { command: "another", keys: "i", words: "key.another" },
  { command: "have", keys: "b", words: "key.have" },
  { command: "correct", keys: "y", words: "key.correct" },
  { command: "figures", keys: "g", words: "key.figures" },
  { command: "mentions", keys: "l", words: "key.mentions" },
  { command: "outreach", keys: ";", words: "key.outreach" },
  { command: "radar", keys: "h", words: "key.radar" },
  { command: "there", keys: "o", words: "key.there", mentions: "key.there", away: true },
  { command: "undo", keys: "z", words: "key.undo", mentions: "key.undo", outreach: "key.outreach_undo", away: true },
  { command: "fresh", keys: ".", words: "key.fresh", mentions: "key.fresh", away: true },
  { command: "back", keys: "Escape", words: "key.back", always: true },
];

/** What a key does where one is. */
export function wordsIn(binding: Binding, room?: Room): Key {
  return (room && binding[room]) ?? binding.words;
}

export function keysOf(command: Command, custom: Record<string, string> = {}): string {
  return custom[command] ?? KEYMAP.find((binding) => binding.command === command)?.keys ?? "";
}

const SIGNS: Record<string, string> = { Enter: "↵", Escape: "Esc", ArrowUp: "↑", ArrowDown: "↓", ArrowLeft: "←", ArrowRight: "→", " ": "␣" };

/** "Ctrl ↵" for "Ctrl+Enter": how a key is shown. */
export function pretty(keys: string): string {
  return keys.replace(/\+$/, "+plus").split("+").filter(Boolean)
    .map((part) => (part === "plus" ? "+" : (SIGNS[part] ?? (part.length === 1 ? part.toUpperCase() : part)))).join(" ");
}

/** The other command that has these keys, if any. */
export function rival(command: Command, keys: string, custom: Record<string, string>): Command | null {
  return KEYMAP.find((binding) => binding.command !== command && keysOf(binding.command, custom) === keys)?.command ?? null;
}

/** Why a command can't have these keys; null when it can. */
export function unfit(command: Command, keys: string): Key | null {
  const binding = KEYMAP.find((one) => one.command === command);
  // What works while one types must not be a letter of the text.
  if (binding?.always && keys.length === 1) return "keys.needs_ctrl";
  return null;
}

/** "Ctrl+Shift+Enter" for a key event; Cmd counts as Ctrl. */
export function named(event: KeyboardEvent): string {
  const parts: string[] = [];
  if (event.ctrlKey || event.metaKey) parts.push("Ctrl");
  if (event.altKey) parts.push("Alt");
  if (event.shiftKey && (event.key.length > 1 || parts.length)) parts.push("Shift");
  parts.push(event.key.length === 1 && event.key !== "?" ? event.key.toLowerCase() : event.key);
  return parts.join("+");
}

export function commandOf(
  event: KeyboardEvent,
  custom: Record<string, string>,
  off: boolean,
): Command | null {
  const pressed = named(event);
  const found = KEYMAP.find((binding) => (custom[binding.command] ?? binding.keys) === pressed);
  if (!found) return null;
  const target = event.target as HTMLElement | null;
  const typing = target?.closest("input, textarea, select, [contenteditable]") != null;
  if ((typing || off) && !found.always) return null;
  if (found.command === "open" && target?.closest("button, a, summary")) return null;
  return found.command;
}
