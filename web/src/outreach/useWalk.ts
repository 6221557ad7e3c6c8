/** Walking the queue: whom the reader is at, what her keys do, what she has begun to write. */
import { useEffect, useState } from "react";
import { go } from "../desk/route";
import type { Command } from "../keys/keymap";
import { useDesk } from "../live/store";
import { there } from "../mentions/there";
import { useActs, type Acts } from "./useActs";
import { useQueue, type Queue } from "./useQueue";
import type { Candidate } from "./types";

export interface Walk {
  queue: Queue;
  /** Null for who may only read. */
  acts: Acts | null;
  chosen: string | null;
  /** By mention, what is being written. */
  texts: Record<string, string>;
  write: (id: string, text: string) => void;
  choose: (id: string) => void;
  sent: (id: string) => void;
  commands: Partial<Record<Command, () => void>>;
}

const rowOf = (id: string): HTMLElement | null => document.getElementById(`o-${id}`);

/** Who comes back from a conversation finds what she had begun. */
let begun: Record<string, string> = {};

export function useWalk(): Walk {
  const { me } = useDesk();
  const queue = useQueue();
  const done = useActs(queue);
  const [wanted, setChosen] = useState<string | null>(null);
  const [texts, setTexts] = useState(begun);
  /** Where the focus goes once the screen has changed. */
  const [to, setTo] = useState<{ id: string; field: boolean } | null>(null);
  const { items } = queue;
  const chosen = items.some((one) => one.mention_id === wanted) ? wanted : (items[0]?.mention_id ?? null);
  const at = items.findIndex((one) => one.mention_id === chosen);
  const here = items[at];
  useEffect(() => {
    if (!to) return;
    const row = rowOf(to.id);
    const goal = to.field ? row?.querySelector<HTMLElement>("textarea") : row;
    goal?.focus();
    row?.scrollIntoView({ block: "nearest" });
  }, [to]);
  const keep = (next: Record<string, string>): void => {
    begun = next;
    setTexts(next);
  };
  const lead = (id: string | undefined): void => {
    if (!id) return;
    setChosen(id);
    setTo({ id, field: false });
  };
  const next = (): void => lead((items[at + 1] ?? items[at - 1])?.mention_id);
  const write = (id: string, text: string): void => {
    if (!(id in texts)) {
      setChosen(id);
      setTo({ id, field: true });
    }
    keep({ ...texts, [id]: text });
  };
  const drop = (id: string): void => keep(Object.fromEntries(Object.entries(texts).filter(([key]) => key !== id)));
  const onward = (act: (one: Candidate) => Promise<void>) => (one: Candidate): Promise<void> => {
    if (one.mention_id === chosen) next();
    drop(one.mention_id);
    return act(one);
  };
  const acts: Acts = { aside: onward(done.aside), alone: onward(done.alone), undo: done.undo };
  const goThere = (): void => {
    const url = there(here?.url ?? "");
    if (url) window.open(url, "_blank", "noreferrer,noopener");
  };
  const commands: Walk["commands"] = {
    down: () => lead(items[Math.min(items.length - 1, at + 1)]?.mention_id),
    up: () => lead(items[Math.max(0, at - 1)]?.mention_id),
    open: goThere,
    there: goThere,
    back: () => go("/"),
  };
  const may = me.agent.role !== "viewer";
  if (may && here) {
    commands.reply = () => {
      if (here.refusal) return;
      setTo({ id: here.mention_id, field: true });
      keep({ [here.mention_id]: "", ...texts });
    };
    commands.resolve = () => void acts.aside(here);
    commands.select = () => void acts.alone(here);
  }
  if (may) commands.undo = () => void acts.undo();
  return {
    queue,
    acts: may ? acts : null,
    chosen,
    texts,
    write,
    choose: setChosen,
    sent: (id) => {
      next();
      drop(id);
      queue.leave(id);
    },
    commands,
  };
}
