/** The open list with alike posts folded: the gravest of each fold stands for it. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useState } from "react";
import { get, words } from "../api/client";
import type { Card } from "../api/types";
import { takeCards, useDesk } from "../live/store";
import { toast } from "../ui/toast";

export interface Fold {
  /** What unfolds it; null where nobody else says it. */
  id: string | null;
  card: Card;
  conversations: number;
  people: number;
}

interface Folds { items: Fold[]; next: string | null }
interface Unfolded { items: Card[]; next: string | null }

export interface Folded {
  cards: Card[];
  /** By the conversation that stands for it. */
  folds: ReadonlyMap<string, Fold>;
  opened: ReadonlySet<string>;
  toggle: (fold: Fold) => void;
  /** Ids of all that are shown of a fold, its face among them. */
  idsOf: (fold: Fold) => string[];
  loading: boolean;
  failed: string;
  more: () => void;
}

const AGAIN_MS = 5000;
const AT_ONCE = 200;
/** As many of a fold are shown: a bulk act takes no more at once. */
const MOST = 500;

/** From as many on, a list is better read folded. */
export const ADVISED = 200;

async function unfold(view: string, id: string): Promise<Card[]> {
  const found: Card[] = [];
  let next: string | null = "";
  while (next !== null && found.length < MOST) {
    const page: Unfolded = await get<Unfolded>(`/folds/${id}/conversations?view=${view}&limit=${AT_ONCE}&after=${encodeURIComponent(next)}`.replace(/&after=$/, ""));
    found.push(...page.items);
    next = page.next;
  }
  return found;
}

/** The rows in order: each face, and below it what is unfolded and still waits. */
export function rowsOf(folds: Fold[], opened: Readonly<Record<string, Card[]>>, known: ReadonlyMap<string, Card>): Card[] {
  const seen = new Set<string>();
  const waits = (card: Card): boolean => card.status === "open" && card.unanswered > 0 && !seen.has(card.id) && Boolean(seen.add(card.id));
  return folds.flatMap(({ id, card }) => [card, ...((id && opened[id]) || [])].map((one) => known.get(one.id) ?? one).filter(waits));
}

export function useFolds(view: string, on: boolean): Folded {
  const { cards: known } = useDesk();
  const [opened, setOpened] = useState<Record<string, Card[]>>({});
  const found = useInfiniteQuery({
    queryKey: ["/folds", view],
    queryFn: ({ pageParam }) => get<Folds>(`/folds?view=${view}&limit=100${pageParam && `&after=${encodeURIComponent(pageParam)}`}`),
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
    enabled: on,
    refetchInterval: on ? AGAIN_MS : false,
  });
  const folds = useMemo(() => found.data?.pages.flatMap((page) => page.items) ?? [], [found.data]);
  useEffect(() => {
    if (folds.length) takeCards(folds.map((fold) => fold.card));
  }, [folds]);
  const cards = useMemo(() => rowsOf(folds, opened, known), [folds, opened, known]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const toggle = (fold: Fold): void => {
    const { id } = fold;
    if (!id) return;
    if (opened[id]) return setOpened((before) => Object.fromEntries(Object.entries(before).filter(([one]) => one !== id)));
    unfold(view, id).then(
      (all) => {
        takeCards(all);
        setOpened((before) => ({ ...before, [id]: all }));
      },
      (error: unknown) => toast(words(error), { bad: true }),
    );
  };
  return {
    cards,
    folds: useMemo(() => new Map(folds.filter((fold) => fold.id && fold.conversations > 1).map((fold) => [fold.card.id, fold])), [folds]),
    opened: useMemo(() => new Set(Object.keys(opened)), [opened]),
    toggle,
    idsOf: (fold) => [fold.card.id, ...((fold.id && opened[fold.id]) || []).map((card) => card.id)],
    loading: on && found.isPending,
    failed: on && found.error ? words(found.error) : "",
    more,
  };
}
