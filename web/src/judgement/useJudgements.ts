/** What the customers' posts of a conversation were judged to be. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { get, put, words } from "../api/client";
import { onEvent } from "../live/store";
import { t } from "../i18n/t";
import { toast } from "../ui/toast";

export const KINDS = ["complaint", "question", "request", "praise", "chatter", "spam", "not_a_customer"] as const;
export type Kind = (typeof KINDS)[number];

export interface Judgement {
  message_id: string;
  kind: Kind;
  /** From -1 to 1. */
  sentiment: number;
  urgency: "now" | "today" | "none";
  needs_reply: boolean | null;
  severity: number;
  language: string;
  shaming: string;
  sensitive: string;
  entities: { kind: string; text: string }[];
  prior: { words?: string; times?: number | null; conversations?: string[] } | null;
  reasons: string[];
  corrected: string[];
}

export type Better = Partial<Pick<Judgement, "kind" | "sentiment" | "urgency" | "needs_reply">> & { sensitive?: false };

const pathOf = (id: string): string => `/conversations/${id}/judgements`;

/** The newest first; told anew when something is judged or corrected. */
export function useJudgements(id: string): { items: Judgement[]; correct: (one: Judgement, better: Better) => Promise<void> } {
  const client = useQueryClient();
  const path = pathOf(id);
  const kept = useQuery({ queryKey: [path], queryFn: () => get<Judgement[]>(path) });
  useEffect(
    () =>
      onEvent((event) => {
        if (event.conversation_id === id && event.kind.startsWith("message.judge")) void client.invalidateQueries({ queryKey: [path] });
      }),
    [client, id, path],
  );
  const show = (fresh: Judgement): void => {
    client.setQueryData<Judgement[]>([path], (before) => before?.map((one) => (one.message_id === fresh.message_id ? fresh : one)));
  };
  const correct = async (one: Judgement, better: Better): Promise<void> => {
    // At once, as every act here; the answer or the refusal has the last word.
    show(wished(one, better));
    try {
      show(await put<Judgement>(`/messages/${one.message_id}/judgement`, better));
      const undone = before(one, better);
      const act = Object.keys(undone).length ? { act: { label: t("act.undo"), run: () => void correct(wished(one, better), undone) } } : {};
      toast(t("judged.noted"), act);
    } catch (error) {
      show(one);
      toast(words(error), { bad: true });
    }
  };
  return { items: kept.data ?? [], correct };
}

function shown({ sensitive, ...rest }: Better): Partial<Judgement> {
  return sensitive === false ? { ...rest, sensitive: "" } : rest;
}

/** As it will be. */
export function wished(one: Judgement, better: Better): Judgement {
  return { ...one, ...shown(better), corrected: [...new Set([...one.corrected, ...Object.keys(better)])] };
}

/** What undoes it: the values of before. That a topic is sensitive can't be said again by hand. */
export function before(one: Judgement, better: Better): Better {
  const names = Object.keys(better).filter((name) => name !== "sensitive");
  return Object.fromEntries(names.map((name) => [name, one[name as keyof Judgement]]));
}

export type Mood = "pleased" | "neutral" | "displeased";

export function moodOf(sentiment: number): Mood {
  return sentiment > 0.25 ? "pleased" : sentiment < -0.25 ? "displeased" : "neutral";
}
