/** Where a conversation is beside here: with which other desk, and what that says of it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { get } from "../api/client";
import { onEvent } from "../live/store";

export interface OtherDesk {
  id: string;
  kind: string;
  title: string;
  name: string;
  url: string;
}

export interface Handoff {
  id: string;
  conversation_id: string;
  desk: string;
  state: "queued" | "sending" | "handed" | "closed" | "uncertain" | "failed" | "ended";
  error: string;
  number: string;
  url: string;
  status: "" | "open" | "pending" | "closed";
  owner: string;
  closing_line: string;
}

export function useOtherDesks(): OtherDesk[] {
  return useQuery({ queryKey: ["/desks"], queryFn: () => get<OtherDesk[]>("/desks"), staleTime: 60_000 }).data ?? [];
}

const keyOf = (id: string): string[] => ["handoff", id];

export function useHandoff(id: string): { handoff: Handoff | null; again: () => Promise<void> } {
  const client = useQueryClient();
  const found = useQuery({ queryKey: keyOf(id), queryFn: () => get<Handoff | null>(`/conversations/${id}/handoff`).then((one) => one ?? null) });
  const again = (): Promise<void> => client.invalidateQueries({ queryKey: keyOf(id) });
  useEffect(
    () =>
      onEvent((event) => {
        if (event.kind === "handoff.changed" && event.conversation_id) void client.invalidateQueries({ queryKey: keyOf(event.conversation_id) });
        if (event.kind === "desk.added" || event.kind === "desk.removed") void client.invalidateQueries({ queryKey: ["/desks"] });
      }),
    [client],
  );
  return { handoff: found.data ?? null, again };
}
