/** A week of the roster, and what changes it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get } from "../api/client";
import type { Absence, Duty, Shift } from "./types";
import { plus, startOf } from "./week";

export interface Week {
  duties: Duty[];
  absences: Absence[];
  shifts: Shift[];
}

async function fetched(monday: string): Promise<Week> {
  const stretch = new URLSearchParams({ start: startOf(monday), end: startOf(plus(monday, 7)) }).toString();
  const [duties, absences, shifts] = await Promise.all([
    get<Duty[]>(`/roster?${stretch}`),
    get<Absence[]>(`/absences?${stretch}`),
    get<Shift[]>("/shifts"),
  ]);
  return { duties, absences, shifts };
}

export function useWeek(monday: string) {
  const client = useQueryClient();
  const query = useQuery({ queryKey: ["roster", monday], queryFn: () => fetched(monday) });
  return {
    query,
    /** Run a change and fetch the roster again; what it raises goes to whoever asked. */
    change: async (act: () => Promise<unknown>): Promise<void> => {
      await act();
      await client.invalidateQueries({ queryKey: ["roster"] });
    },
  };
}
