/** What was promised in a conversation, by whom and until when. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { onEvent } from "../live/store";
import { usePages } from "../settings/useThings";

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

const pathOf = (id: string): string => `/conversations/${id}/promises`;

/** The first page, those that are open in front; `more` fetches the next. */
export function usePromises(id: string): ReturnType<typeof usePages<Promised>> {
  const client = useQueryClient();
  const found = usePages<Promised>(pathOf(id));
  useEffect(
    () =>
      onEvent((event) => {
        // Also one of a conversation that was merged into this one stands here.
        if (event.kind.startsWith("promise.") || event.kind === "conversation.merged")
          void client.invalidateQueries({ predicate: ({ queryKey }) => typeof queryKey[0] === "string" && queryKey[0].endsWith("/promises") });
      }),
    [client],
  );
  return found;
}
