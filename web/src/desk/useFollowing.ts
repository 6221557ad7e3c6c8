/** What comes after the answer: when to look again, and how the customer rated it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { get } from "../api/client";
import { onEvent } from "../live/store";

export interface FollowUp {
  id: string;
  agent_id: string | null;
  kind: "date" | "silence";
  state: "waiting" | "due";
  note: string;
  due_at: string;
}

export interface Rating {
  id: string;
  state: "due" | "asked" | "answered" | "dropped";
  reason: string;
  ask_at: string;
  asked_at: string | null;
  score: number | null;
  words: string;
}

interface Following {
  followUp: FollowUp | null;
  rating: Rating | null;
  again: () => Promise<void>;
}

const keyOf = (id: string): string[] => ["following", id];

async function fetched(id: string): Promise<{ followUp: FollowUp | null; rating: Rating | null }> {
  const of = `/conversations/${id}`;
  const [followUp, rating] = await Promise.all([get<FollowUp | null>(`${of}/follow-up`), get<Rating | null>(`${of}/rating`)]);
  return { followUp: followUp ?? null, rating: rating ?? null };
}

export function useFollowing(id: string): Following {
  const client = useQueryClient();
  const found = useQuery({ queryKey: keyOf(id), queryFn: () => fetched(id) });
  useEffect(
    () =>
      onEvent((event) => {
        if (event.conversation_id && /^(followup|rating)\./.test(event.kind)) void client.invalidateQueries({ queryKey: keyOf(event.conversation_id) });
      }),
    [client],
  );
  return { followUp: found.data?.followUp ?? null, rating: found.data?.rating ?? null, again: () => client.invalidateQueries({ queryKey: keyOf(id) }) };
}
