/** Where outreach is on, and how much of its bounds is used. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { get } from "../api/client";
import { onEvent } from "../live/store";
import type { NetworkRules } from "./types";

export const RULES = "/outreach-rules";

export function useRules() {
  const client = useQueryClient();
  const found = useQuery({ queryKey: [RULES], queryFn: () => get<NetworkRules[]>(RULES), staleTime: Infinity });
  useEffect(
    () => onEvent(({ kind }) => {
      if (kind === "outreach.changed" || kind === "outreach.contacted") void client.invalidateQueries({ queryKey: [RULES] });
    }),
    [client],
  );
  return found;
}

/** Whether anybody may be written to unasked at all. */
export function useReaches(): boolean {
  return useRules().data?.some((one) => one.rules.on) ?? false;
}
