/** Skimming: which mention the reader is at, what her keys do to it, and where they lead then. */
import { useState } from "react";
import { go } from "../desk/route";
import type { Led } from "../desk/useRoving";
import type { Command } from "../keys/keymap";
import { useDesk } from "../live/store";
import { useReaches } from "../outreach/useRules";
import { there } from "./there";
import { after, type Shown } from "./stream";
import { useMentions, type Filter, type Mentions } from "./useMentions";
import { useSettling, type Settling } from "./useSettling";

/** Who comes back from a conversation reads on where she was. */
let kept: { filter: Filter; chosen: string | null } = { filter: { state: "new", search: "" }, chosen: null };

export interface Skim {
  filter: Filter;
  mentions: Mentions;
  /** Null for who may only read. */
  settling: Settling | null;
  chosen: string | null;
  led: Led | null;
  narrow: (filter: Filter) => void;
  choose: (id: string) => void;
  reveal: () => void;
  commands: Partial<Record<Command, () => void>>;
}

export function useSkim(): Skim {
  const { me } = useDesk();
  const [{ filter, chosen }, set] = useState(kept);
  const [led, setLed] = useState<Led | null>(() => (kept.chosen ? { id: kept.chosen } : null));
  const mentions = useMentions(filter);
  const { items, fresh } = mentions.stream;
  const keep = (next: typeof kept): void => {
    kept = next;
    set(next);
  };
  const lead = (id: string | null): void => {
    keep({ filter, chosen: id });
    if (id) setLed({ id });
  };
  const settling = useSettling(`${filter.state} ${filter.search}`, mentions, lead);
  const at = items.findIndex((one) => one.id === chosen);
  const here = items[at];
  const step = (by: number): void => lead(items[at < 0 ? 0 : Math.max(0, Math.min(items.length - 1, at + by))]?.id ?? null);
  /** What is done to a mention leads on from it, if the reader was at it. */
  const onward = (act: (mention: Shown) => Promise<void>) => (mention: Shown): Promise<void> => {
    if (mention.id === chosen) lead(after(items, chosen));
    return act(mention);
  };
  const acts: Settling = {
    take: (mention, open) => onward((one) => settling.take(one, open))(mention),
    dismiss: onward(settling.dismiss),
    reach: onward(settling.reach),
    restore: (mention) => (mention ? onward(settling.restore)(mention) : settling.restore()),
  };
  const reveal = (): void => {
    mentions.reveal();
    lead(fresh[0]?.id ?? chosen);
  };
  const isNew = here?.state === "new";
  const reaches = useReaches();
  const goThere = (): void => {
    const url = there(here?.url ?? "");
    if (url) window.open(url, "_blank", "noreferrer,noopener");
  };
  const commands: Skim["commands"] = {
    down: () => step(1),
    up: () => step(-1),
    open: () => (here?.conversation_id ? go(`/c/${here.conversation_id}`) : goThere()),
    there: goThere,
    fresh: reveal,
    back: () => go("/"),
  };
  if (me.agent.role !== "viewer") {
    commands.assign = () => here && isNew && void acts.take(here, false);
    commands.reply = () => here && isNew && void acts.take(here, true);
    if (reaches) commands.promise = () => here && isNew && void acts.reach(here);
    commands.resolve = () => {
      if (here && isNew) void acts.dismiss(here);
      else if (here?.state === "dismissed") void acts.restore(here);
    };
    commands.undo = () => void acts.restore();
  }
  return {
    filter,
    mentions,
    settling: me.agent.role === "viewer" ? null : acts,
    chosen,
    led,
    narrow: (next) => keep({ filter: next, chosen: null }),
    choose: (id) => keep({ filter, chosen: id }),
    reveal,
    commands,
  };
}
