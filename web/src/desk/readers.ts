/** Who reads what is written: what is meant for the one is never shown to the other. */
import type { Card, Channel, Draft, Limits } from "../api/types";

export type Mode = Draft["mode"];

/** In a private conversation a reply is private, whatever a draft of before says. */
export function modeOf(card: Pick<Card, "visibility">, mode: Mode): Mode {
  return mode === "note" || card.visibility === "public" ? mode : "direct";
}

export function modesOf(card: Pick<Card, "visibility">, channel: Channel | undefined): Mode[] {
  if (card.visibility !== "public") return ["direct", "note"];
  return channel?.can.direct ? ["public", "direct", "note"] : ["public", "note"];
}

/** The draft for other readers: what was begun for these is put aside, and found again. */
export function turned(draft: Draft, from: Mode, to: Mode): Draft {
  if (from === to) return { ...draft, mode: to };
  const { text, media, in_reply_to, warning, then, move } = draft;
  const others = { ...draft.others };
  if (text.trim() || media.length) others[from] = { text, media, in_reply_to, warning, then, move };
  const next = others[to];
  delete others[to];
  return { text: "", in_reply_to: null, media: [], warning: undefined, then: "", move: null, ...next, mode: to, others };
}

/** What a message that these read may have. */
export function limitsOf(channel: Channel | undefined, mode: Mode): Limits | undefined {
  const direct = mode === "direct" ? channel?.can.direct : null;
  if (!channel || !direct) return channel?.limits;
  return { ...channel.limits, length: direct.length, images: direct.images, threads: false };
}

/** The invitation that a text carries, as long as its link stands in it. */
export function moveIn(draft: Draft): string | null {
  const [id, link] = (draft.move ?? "").split(" ");
  return id && (!link || draft.text.includes(link)) ? id : null;
}
