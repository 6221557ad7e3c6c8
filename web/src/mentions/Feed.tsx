/** The stream as rows: as many are drawn as one sees, each as high as its words. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useRef } from "react";
import { useFollowed, useRoving, type Led } from "../desk/useRoving";
import { t } from "../i18n/t";
import { Mention } from "./Mention";
import type { MentionState, Search } from "./types";
import type { Mentions } from "./useMentions";
import type { Settling } from "./useSettling";

interface Props {
  mentions: Mentions;
  asked: MentionState;
  searches: Search[];
  chosen: string | null;
  /** Where keys have just led to: the focus follows. */
  led: Led | null;
  settling: Settling | null;
  onChoose: (id: string) => void;
}

const ROW = 150;

export function Feed({ mentions, asked, searches, chosen, led, settling, onChoose }: Props) {
  const { stream: { items, next }, more } = mentions;
  const box = useRef<HTMLDivElement>(null);
  const keyAt = useCallback((index: number) => items[index]?.id ?? index, [items]);
  const rows = useVirtualizer({ count: items.length, getScrollElement: () => box.current, estimateSize: () => ROW, getItemKey: keyAt, overscan: 5 });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= items.length - 10) more();
  }, [last, items.length, more]);
  const at = items.findIndex((one) => one.id === chosen);
  const show = (index: number): void => rows.scrollToIndex(index, { align: "auto" });
  useEffect(() => {
    if (led && at >= 0) show(at);
    // Only when keys lead somewhere: what is read must not jump because something else changed.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [led]);
  const roving = useRoving(shown.map((item) => item.index), at, show);
  useFollowed(box, led, led ? items.findIndex((one) => one.id === led.id) : -1, show);
  const choose = (target: EventTarget): void => {
    const row = target instanceof HTMLElement ? target.closest<HTMLElement>("[data-index]")?.dataset["index"] : undefined;
    const mention = items[Number(row ?? -1)];
    if (mention) onChoose(mention.id);
  };
  /** What is pressed in a row acts by itself, and may lead on. */
  const pressed = (target: EventTarget): void => {
    if (!(target instanceof Element && target.closest("button, a"))) choose(target);
  };
  const { onFocus, onKeyDown } = roving.handlers;
  return (
    <div className="rows" ref={box} tabIndex={-1} onKeyDown={onKeyDown} onClick={(event) => pressed(event.target)} onFocus={(event) => { onFocus(event); choose(event.target); }}>
      <div className="track" role="feed" aria-label={t("mentions.title")} aria-busy={mentions.loading} style={{ height: rows.getTotalSize() }}>
        {shown.map((item) => {
          const mention = items[item.index];
          return mention ? (
            <div key={item.key} data-index={item.index} ref={rows.measureElement} className="slot" style={{ transform: `translateY(${item.start}px)` }}>
              <Mention mention={mention} at={item.index} of={next ? -1 : items.length} asked={asked} stop={item.index === roving.stop} on={mention.id === chosen} searches={searches} settling={settling} />
            </div>
          ) : null;
        })}
      </div>
      {next ? <p className="quiet center" role="status">{t("list.more")}</p> : null}
    </div>
  );
}
