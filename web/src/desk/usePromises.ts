/** What was promised in a conversation, by whom and until when. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { get } from "../api/client";
import { onEvent } from "../live/store";

export interface Promised {
  id: string;
  kind: "answer" | "word";
  words: string;
  owner_id: string | null;
  due_at: string;
  state: "open" | "kept" | "broken" | "withdrawn";
  evidence: string;
  done_at: string | null;
}

const keyOf = (id: string): string[] => ["promises", id];

export function usePromises(id: string): { promises: Promised[]; again: () => Promise<void> } {
  const client = useQueryClient();
  const found = useQuery({ queryKey: keyOf(id), queryFn: () => get<Promised[]>(`/conversations/${id}/promises`) });
  useEffect(
    () =>
      onEvent((event) => {
        if (event.conversation_id && event.kind.startsWith("promise.")) void client.invalidateQueries({ queryKey: keyOf(event.conversation_id) });
      }),
    [client],
  );
  return { promises: found.data ?? [], again: () => client.invalidateQueries({ queryKey: keyOf(id) }) };
}
