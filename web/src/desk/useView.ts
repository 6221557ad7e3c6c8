/** The cards of a view: what is known, page after page as one scrolls. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { words } from "../api/client";
import type { Card, Filter } from "../api/types";
import { loadPage, useDesk, useStore } from "../live/store";
import { listed, STANDING } from "../live/views";
import { toast } from "../ui/toast";

export function useView(view: string): { cards: Card[]; filter: Filter; loading: boolean; more: () => void } {
  const desk = useDesk();
  const saved = desk.views.find((one) => one.id === view)?.filter;
  const filter = useMemo(() => STANDING[view] ?? saved ?? {}, [view, saved]);
  const live = useStore((state) => state.connection === "live");
  const next = useRef<string | null>(null);
  const busy = useRef(false);
  const [loading, setLoading] = useState(true);
  const load = useCallback(
    async (first: boolean) => {
      if (busy.current || (!first && next.current === null)) return;
      busy.current = true;
      setLoading(true);
      const after = first || !next.current ? "" : `&after=${encodeURIComponent(next.current)}`;
      try {
        next.current = (await loadPage(`/conversations?view=${view}&limit=100${after}`)).next;
      } catch (error) {
        toast(words(error), { bad: true });
      } finally {
        busy.current = false;
        setLoading(false);
      }
    },
    [view],
  );
  useEffect(() => {
    next.current = null;
    void load(true);
  }, [load, live]);
  const more = useCallback(() => void load(false), [load]);
  const cards = useMemo(() => listed(desk.cards, filter, desk.me.agent.id), [desk.cards, desk.me.agent.id, filter]);
  return { cards, filter, loading, more };
}
