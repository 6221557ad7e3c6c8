import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef } from "react";
import type { Card } from "../api/types";
import { has, t } from "../i18n/t";
import { Key, useKeys } from "../keys/Key";
import { useDesk } from "../live/store";
import { Others } from "../folds/Others";
import { ADVISED, type Folded } from "../folds/useFolds";
import type { Ask } from "./Menus";
import { Row } from "./Row";
import { useFollowed, useRoving, type Led } from "./useRoving";

interface Props {
  title: string;
  view: string;
  byTime: boolean;
  cards: Card[];
  /** Alike posts are folded; null where all are shown. */
  folded: Folded | null;
  /** Folds, or shows all; undefined where this list is never folded. */
  onFold: (() => void) | undefined;
  onPickAll: (ids: string[]) => void;
  chosen: string | null;
  /** Where keys have just led to: the focus follows. */
  led: Led | null;
  picked: Set<string>;
  loading: boolean;
  failed: string;
  more: () => void;
  onOpen: (id: string) => void;
  onPick: (id: string, range?: boolean) => void;
  onSwipe: (id: string, ask: Ask) => void;
}

const ROW = 104;

export function List({ title, view, byTime, cards, folded, onFold, onPickAll, chosen, led, picked, loading, failed, more, onOpen, onPick, onSwipe }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const { drafts } = useDesk();
  // One function as long as the rows are the same: with another, all of their places are counted anew.
  const keyAt = useCallback((index: number) => cards[index]?.id ?? index, [cards]);
  const rows = useVirtualizer({
    count: cards.length,
    getScrollElement: () => box.current,
    estimateSize: () => ROW,
    getItemKey: keyAt,
    overscan: 6,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= cards.length - 10) more();
  }, [last, cards.length, more]);
  const at = cards.findIndex((card) => card.id === chosen);
  useEffect(() => {
    if (at >= 0) rows.scrollToIndex(at, { align: "auto" });
    // Only when the choice moves: the list must not jump when others' clocks reorder it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [chosen]);
  const isFolded = folded !== null;
  useEffect(() => {
    // Another list: it begins with the gravest, wherever one stood in the one before.
    if (isFolded || at < 0) box.current?.scrollTo(0, 0);
    else rows.scrollToIndex(at, { align: "auto" });
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [isFolded]);
  const show = (index: number): void => rows.scrollToIndex(index, { align: "auto" });
  const roving = useRoving(shown.map((item) => item.index), at, show);
  useFollowed(box, led, led ? cards.findIndex((card) => card.id === led.id) : -1, show);
  const empty = `list.empty.${view}`;
  const keys = useKeys();
  return (
    <section className="list" role={chosen ? undefined : "main"} aria-label={title}>
      <div className="bar">
        <h1>{title}</h1>
        <span className="chip">{t(folded ? "folds.chip" : byTime ? "list.by_time" : "list.newest")}</span>
        {onFold && (folded || cards.length >= ADVISED / 2) ? <button className="plain" onClick={onFold}>{t(folded ? "folds.all" : "folds.fold")} <Key of="fold" /></button> : null}
        <span className="keys" aria-hidden="true"><Key of="down" /> <Key of="up" /></span>
      </div>
      <div className="rows" ref={box} tabIndex={-1} {...roving.handlers}>
        {failed ? <p className="empty hot" role="alert">{t("list.failed", { why: failed })}</p> : null}
        {cards.length === 0 && !loading && !failed ? <p className="empty">{has(empty) ? t(empty, keys) : t("list.empty")}</p> : null}
        <div className="track" style={{ height: rows.getTotalSize() }}>
          {shown.map((item) => {
            const card = cards[item.index];
            const fold = card && folded?.folds.get(card.id);
            return card ? (
              <div key={item.key} data-index={item.index} ref={rows.measureElement} className="slot" style={{ transform: `translateY(${item.start}px)` }}>
                <Row card={card} stop={item.index === roving.stop} on={card.id === chosen} picked={picked.has(card.id)} drafted={Boolean(drafts[card.id])} onOpen={onOpen} onPick={onPick} onSwipe={onSwipe} />
                {folded && fold ? <Others fold={fold} open={folded.opened.has(fold.id ?? "")} stop={item.index === roving.stop} onToggle={folded.toggle} onPickAll={(each) => onPickAll(folded.idsOf(each))} /> : null}
              </div>
            ) : null;
          })}
        </div>
        {loading ? <p className="quiet center" role="status">{t("list.more")}</p> : null}
      </div>
    </section>
  );
}
