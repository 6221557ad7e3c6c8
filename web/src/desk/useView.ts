/** The cards of a view: what is known, page after page as one scrolls. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { words } from "../api/client";
import type { Card, Filter } from "../api/types";
import { loadPage, useDesk, useStore } from "../live/store";
import { eyesOf, listed, STANDING } from "../live/views";

interface View {
  cards: Card[];
  filter: Filter;
  loading: boolean;
  failed: string;
  more: () => void;
}

export function useView(view: string): View {
  const desk = useDesk();
  const saved = desk.views.find((one) => one.id === view)?.filter;
  const filter = useMemo(() => STANDING[view] ?? saved ?? {}, [view, saved]);
  const live = useStore((state) => state.connection === "live");
  /** Where the next page starts, and of which view: one view's place means nothing to another. */
  const next = useRef<{ view: string; after: string } | null>(null);
  const turn = useRef(0);
  const busy = useRef(false);
  const [loading, setLoading] = useState(true);
  const [failed, setFailed] = useState("");
  const load = useCallback(
    async (after: string) => {
      const mine = (turn.current += 1);
      busy.current = true;
      setLoading(true);
      setFailed("");
      const from = after && `&after=${encodeURIComponent(after)}`;
      try {
        const page = await loadPage(`/conversations?view=${view}&limit=100${from}`);
        if (mine === turn.current) next.current = page.next === null ? null : { view, after: page.next };
      } catch (error) {
        if (mine === turn.current) setFailed(words(error));
      }
      if (mine !== turn.current) return;
      busy.current = false;
      setLoading(false);
    },
    [view],
  );
  useEffect(() => {
    next.current = null;
    void load("");
  }, [load, live]);
  const more = useCallback(() => {
    if (!busy.current && next.current?.view === view) void load(next.current.after);
  }, [load, view]);
  const { cards: known, me, teams } = desk;
  const cards = useMemo(() => listed(known, filter, eyesOf({ me, teams })), [known, me, teams, filter]);
  return { cards, filter, loading, failed, more };
}
