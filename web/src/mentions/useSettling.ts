/** Taking in and dismissing: at once on screen, put back when the desk refuses, undone while one skims on. */
import { useEffect, useRef } from "react";
import { del, put, words } from "../api/client";
import { go } from "../desk/route";
import { begin } from "../desk/begun";
import { t } from "../i18n/t";
import { toast } from "../ui/toast";
import type { Mentions } from "./useMentions";
import { putBack, settled, type Shown } from "./stream";

export interface Settling {
  /** Takes it in; `open` goes into its conversation, to answer. */
  take: (mention: Shown, open: boolean) => Promise<void>;
  dismiss: (mention: Shown) => Promise<void>;
  /** Into the queue of people one might write to. */
  reach: (mention: Shown) => Promise<void>;
  /** Back among the new ones: the one given, or the one dismissed last. */
  restore: (mention?: Shown) => Promise<void>;
}

interface Gone {
  mention: Shown;
  at: number;
  /** Of which filter it went: it comes back on screen only there. */
  from: string;
  /** Whether the desk has taken it; undone only then, or the two might overtake each other. */
  done: Promise<boolean>;
}

const refused = (error: unknown): null => {
  toast(words(error), { bad: true });
  return null;
};

export function useSettling(filter: string, { stream, change }: Mentions, onBack: (id: string) => void): Settling {
  const dismissed = useRef<Gone[]>([]);
  const drop = useRef<() => void>(() => undefined);
  const shown = useRef(filter);
  useEffect(() => {
    shown.current = filter;
  });
  const say = (text: string, label: string, run: () => void): void => {
    drop.current();
    drop.current = toast(text, { act: { label, run } });
  };
  /** Goes at once; stands again where the desk refuses. */
  const leave = async <T>(mention: Shown, run: () => Promise<T>): Promise<T | null> => {
    const at = stream.items.findIndex((one) => one.id === mention.id);
    change((now) => settled(now, mention.id));
    const done = await run().catch(refused);
    if (done === null && shown.current === filter) change((now) => putBack(now, mention, at));
    return done;
  };
  const undo = async (): Promise<void> => {
    const last = dismissed.current.pop();
    if (!last) return;
    drop.current();
    const { id } = last.mention;
    const here = shown.current === last.from;
    if (here) {
      change((now) => putBack(now, last.mention, last.at));
      onBack(id);
    }
    if (!(await last.done)) return;
    const back = await del(`/mentions/${id}/dismissed`).then(() => true, refused);
    if (back === null && here) change((now) => settled(now, id));
    if (back && !here) toast(t("mentions.restored"));
  };
  return {
    take: async (mention, open) => {
      const done = await leave(mention, () => put<{ conversation_id: string }>(`/mentions/${mention.id}/taken`));
      if (!done) return;
      const { conversation_id: id } = done;
      if (!open) return say(t("mentions.taken_done", { name: mention.author.name }), t("mentions.open_it"), () => go(`/c/${id}`));
      begin(id);
      go(`/c/${id}`);
    },
    reach: async (mention) => {
      const done = await leave(mention, () => put(`/mentions/${mention.id}/outreach`).then(() => true));
      if (done) say(t("outreach.put", { name: mention.author.name }), t("nav.outreach"), () => go("/outreach"));
    },
    dismiss: async (mention) => {
      const at = stream.items.findIndex((one) => one.id === mention.id);
      const done = leave(mention, () => put(`/mentions/${mention.id}/dismissed`).then(() => true));
      const gone: Gone = { mention, at, from: filter, done: done.then((well) => well !== null) };
      dismissed.current.push(gone);
      say(t("mentions.dismissed_done", { name: mention.author.name }), t("act.undo"), () => void undo());
      if (await gone.done) return;
      drop.current();
      dismissed.current = dismissed.current.filter((one) => one !== gone);
    },
    restore: async (mention) => {
      if (!mention) return undo();
      if (await leave(mention, () => del(`/mentions/${mention.id}/dismissed`).then(() => true))) toast(t("mentions.restored"));
    },
  };
}
