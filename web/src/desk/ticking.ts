/** What clocks in business time are counted by: policies with the stretches in which somebody is there. */
import { useEffect, useMemo } from "react";
import { get } from "../api/client";
import type { Card } from "../api/types";
import { useDesk } from "../live/store";

export interface Ticking {
  /** Severities that are counted in business time. */
  business: number[];
  /** Shares of the time left at which it warns, the largest first. */
  shares: number[];
  /** From, until, in milliseconds since the epoch. */
  open: [number, number][];
}

interface Told {
  id: string;
  business: number[];
  shares: number[];
  open: [string, string][];
}

const AGAIN = 30 * 60_000;
const known = new Map<string, Ticking>();

export function learn(told: Told[]): void {
  for (const { id, business, shares, open } of told) {
    known.set(id, { business, shares, open: open.map(([from, until]) => [Date.parse(from), Date.parse(until)]) });
  }
}

export function tickingOf(card: Card): Ticking | undefined {
  return card.clock?.policy_id ? known.get(card.clock.policy_id) : undefined;
}

/** Milliseconds in which somebody is there, between two instants. */
export function openBetween(open: [number, number][], from: number, until: number): number {
  return open.reduce((sum, [opens, closes]) => sum + Math.max(0, Math.min(closes, until) - Math.max(opens, from)), 0);
}

/** Fetches what the clocks on this screen need and is not known yet; rows read it when they tick. */
export function useTicking(): void {
  const { cards } = useDesk();
  const missing = useMemo(() => {
    for (const { clock } of cards.values()) if (clock?.policy_id && !known.has(clock.policy_id)) return clock.policy_id;
    return undefined;
  }, [cards]);
  useEffect(() => {
    const load = (): void => void get<Told[]>("/clocks").then(learn, () => undefined);
    if (missing) load();
    const again = setInterval(() => {
      if (known.size) load();
    }, AGAIN);
    return () => clearInterval(again);
  }, [missing]);
}
