/** Whom a reply answers: the message chosen, or the newest that waits; the desk's rule too. */
import type { Message } from "../api/types";

function waits(message: Message): boolean {
  return message.direction === "incoming" && !message.disposition && !message.deleted_at;
}

export function targetOf(messages: Message[], chosen: string | null): Message | undefined {
  const there = messages.filter((message) => message.direction === "incoming" && message.external_id && !message.deleted_at);
  return there.find((message) => message.id === chosen) ?? there.findLast(waits) ?? there.at(-1);
}

/** The newest message of each other person who still waits when `target` is answered. */
export function stillWaiting(messages: Message[], target: Message | undefined): Message[] {
  const newest = new Map<string, Message>();
  for (const message of messages)
    if (waits(message) && message.author.id !== target?.author.id) newest.set(message.author.id ?? message.id, message);
  return [...newest.values()];
}

/** Public answers to one conversation after which a private talk, or a mail, is proposed: "three and an email". */
export const TOUCHES = 3;

/** How often a colleague has answered in public here; what failed or was taken back is no touch. */
export function touchesOf(messages: Message[]): number {
  return messages.filter((one) => one.direction === "outgoing" && one.visibility === "public" && one.author.kind !== "system" && !one.deleted_at && !OVER.has(one.delivery?.state ?? "sent")).length;
}

const OVER = new Set(["failed", "undone"]);

const ANSWERED = /^(?:\s*(?:re|aw|sv|antw|odp|vs|ref|rif|res)(?:\[\d+\])?\s*[:：])+\s*/i;
const TOKEN = /\s*\[ref:[a-z2-7]{26}\]/gi;

/** What stands above a mail that answers `target`: its subject, else the last one there; as the desk writes it. */
export function subjectOf(messages: Message[], target: Message | undefined): string {
  const said = target?.extra?.subject ?? messages.findLast((message) => message.extra?.subject)?.extra?.subject ?? "";
  return `Re: ${said.replace(TOKEN, "").replace(ANSWERED, "").trim() || "your mail"}`;
}

const NAMED = /(?<![\p{L}\p{N}_.@/-])@([\p{L}\p{N}_][\p{L}\p{N}_.-]*(?:@[\p{L}\p{N}_.-]+)?)/gu;

/** The handles an answer names that nobody in the conversation has, and we neither: a slip is public at once. */
export function strangers(text: string, messages: Message[], channels: { handle: string }[]): string[] {
  const there = messages.filter((message) => message.direction === "incoming" || message.direction === "outgoing");
  const said = there.flatMap((message) => [message.author.handle, ...handlesIn(message.text)]);
  const known = new Set([...said, ...channels.map((channel) => channel.handle)].map((handle) => handle.toLowerCase()));
  return [...new Set(handlesIn(text))].filter((handle) => !known.has(handle.toLowerCase())).map((handle) => `@${handle}`);
}

function handlesIn(text: string): string[] {
  return [...text.matchAll(NAMED)].map((found) => (found[1] ?? "").replace(/[.-]+$/, ""));
}
