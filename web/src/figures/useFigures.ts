/** The figures of some days until today, renewed each minute. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import { dayOf, here, plus } from "../roster/week";
import type { Figures, Split } from "./figure";

const EVERY = 60_000;

export interface Asked {
  days: number;
  by: Split;
  only: Record<string, string>;
}

/** The query of a request: days on this wall until today. */
export function queryOf({ days, by, only }: Asked): string {
  const to = dayOf(new Date());
  return new URLSearchParams({ from: plus(to, 1 - days), to, zone: here(), by, ...only }).toString();
}

export function useFigures(asked: Asked) {
  return useQuery({
    queryKey: ["figures", asked],
    queryFn: () => get<Figures>(`/figures?${queryOf(asked)}`),
    refetchInterval: EVERY,
    placeholderData: keepPreviousData,
  });
}
