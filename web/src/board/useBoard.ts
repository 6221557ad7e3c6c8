/** The board: one read, renewed soon after something happened, and now and then as time goes by. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { get } from "../api/client";
import type { Card } from "../api/types";
import { onEvent, takeCards } from "../live/store";
import type { Status } from "../roster/types";
import { here } from "../roster/week";

export const WITHIN = 15;
/** However much happens, it is fetched once in so many milliseconds. */
const AT_MOST_EVERY = 2_000;
/** A clock runs out and a shift ends without an event. */
const AT_LEAST_EVERY = 30_000;

export interface Person {
  id: string;
  name: string;
  status: Status;
  since: string | null;
  on_shift: boolean;
  load: number;
  late: number;
  capacity: number | null;
}

export interface Board {
  at: string;
  within: number;
  waiting: number;
  unassigned: number;
  late_count: number;
  near_count: number;
  oldest: Card[];
  late: Card[];
  near: Card[];
  people: Person[];
  rostered: boolean;
  gaps: { starts_at: string; ends_at: string }[];
}

async function fetched(): Promise<Board> {
  const asked = new URLSearchParams({ within: String(WITHIN), zone: here() }).toString();
  const board = await get<Board>(`/board?${asked}`);
  takeCards([...board.oldest, ...board.late, ...board.near]);
  return board;
}

export function useBoard() {
  const query = useQuery({ queryKey: ["board"], queryFn: fetched, refetchInterval: AT_LEAST_EVERY, staleTime: 0 });
  const { refetch } = query;
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    const off = onEvent(() => {
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        void refetch();
      }, AT_MOST_EVERY);
    });
    return () => {
      off();
      clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [refetch]);
  return query;
}
