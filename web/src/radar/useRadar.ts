/** The picture of a day or week, and what stands beside it; renewed now and then, as the desk draws it anew. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import { plus } from "../roster/week";
import type { Overview, Picture, Span } from "./types";

const EVERY = 60_000;
/** Days that the desk keeps. */
export const KEPT = 28;

/** Today, as the desk counts days. */
export const today = (): string => new Date().toISOString().slice(0, 10);

export const keptDays = (): string[] => Array.from({ length: KEPT }, (_, back) => plus(today(), -back));

export const queryOf = (day: string, span: Span): string => new URLSearchParams({ ...(day ? { day } : {}), span }).toString();

export function usePicture(day: string, span: Span) {
  const query = queryOf(day, span);
  return useQuery({ queryKey: ["radar", query], queryFn: () => get<Picture>(`/insights/themes?${query}`), refetchInterval: EVERY, placeholderData: keepPreviousData });
}

export function useOverview() {
  return useQuery({ queryKey: ["radar-overview"], queryFn: () => get<Overview>("/insights/overview"), refetchInterval: EVERY });
}
