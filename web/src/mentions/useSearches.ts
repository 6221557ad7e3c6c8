/** The saved searches, which everybody who reads mentions sees the names of. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { get } from "../api/client";
import { onEvent } from "../live/store";
import type { Search } from "./types";

export const SEARCHES = "/searches";

export function useSearches() {
  const client = useQueryClient();
  const found = useQuery({ queryKey: [SEARCHES], queryFn: () => get<Search[]>(SEARCHES), staleTime: Infinity });
  useEffect(
    () => onEvent(({ kind }) => {
      if (kind === "search.changed") void client.invalidateQueries({ queryKey: [SEARCHES] });
    }),
    [client],
  );
  return found;
}
