/** One reply to each of many: who may get one, what it says, and sending them one by one. */
import { del, post, Problem, words } from "../api/client";
import type { Card } from "../api/types";
import { fill } from "../desk/count";
import type { Gone } from "../desk/useSend";

/** Seconds in which all of them can be taken back, counted for each from when it was asked for. */
export const UNDO_FOR = 30;
/** As many are on their way to the desk at once. */
const ABREAST = 4;

export interface Writer {
  id: string;
  name: string;
  sign_off: string;
}

/** Who waits, and nobody else is on them. */
export function answerable(cards: readonly Card[], me: { id: string }): Card[] {
  return cards.filter((card) => card.status === "open" && card.unanswered > 0 && card.sending === 0 && (card.assignee_id === null || card.assignee_id === me.id));
}

export function textFor(text: string, card: Card, me: Writer, called: (network: string, handle: string) => string): string {
  return fill(text, {
    "customer.name": card.contact.name,
    "customer.handle": called(card.network, card.contact.handle),
    "agent.name": me.name,
    "agent.sign_off": me.sign_off,
  });
}

export interface Sent {
  deliveries: string[];
  refused: Map<string, string>;
}

interface Asked {
  cards: readonly Card[];
  textOf: (card: Card) => string;
  /** Names this go: asked for again, nobody gets a second reply. */
  go: string;
  onSent: (done: Gone) => void;
  /** Asked before each; true ends it there. */
  stopped: () => boolean;
}

async function reply(card: Card, text: string, go: string): Promise<Gone> {
  const ask = (): Promise<Gone> =>
    post<Gone>(`/conversations/${card.id}/replies`, { text, seen_version: card.version, unanswered: card.unanswered, undo_for: UNDO_FOR }, undefined, `${go}:${card.id}`);
  try {
    return await ask();
  } catch (error) {
    // The answer may have been lost, and not the question: by its key it is asked again without harm.
    if (error instanceof Problem && error.status === 0) return ask();
    throw error;
  }
}

/** Each by itself: what is refused to one is sent to the others. */
export async function answerEach({ cards, textOf, go, onSent, stopped }: Asked): Promise<Sent> {
  const waiting = [...cards];
  const sent: Sent = { deliveries: [], refused: new Map() };
  const work = async (): Promise<void> => {
    for (let card = waiting.shift(); card; card = waiting.shift()) {
      if (stopped()) {
        sent.refused.set(card.id, "");
        continue;
      }
      try {
        const done = await reply(card, textOf(card), go);
        if (done.message.delivery) sent.deliveries.push(done.message.delivery.id);
        onSent(done);
      } catch (error) {
        sent.refused.set(card.id, words(error));
      }
    }
  };
  await Promise.all(Array.from({ length: ABREAST }, work));
  return sent;
}

/** Takes back what has not left. Gives how many had. */
export async function takeBack(deliveries: readonly string[]): Promise<number> {
  const waiting = [...deliveries];
  let late = 0;
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id; id = waiting.shift()) await del(`/deliveries/${id}`).catch(() => late++);
  };
  await Promise.all(Array.from({ length: ABREAST }, work));
  return late;
}
