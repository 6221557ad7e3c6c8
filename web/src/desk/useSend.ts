/** Sending: once, with a choice when something happened meanwhile, and an undo. */
import { useEffect, useRef, useState } from "react";
import { post, Problem, words } from "../api/client";
import type { Card, Draft, Message } from "../api/types";
import { t } from "../i18n/t";
import { takeCards, useDesk } from "../live/store";
import { toast } from "../ui/toast";
import { mentioned } from "./count";
import { delivery } from "./acts";
import { moveIn, type Mode } from "./readers";
import { go } from "./route";

export interface Changed {
  changes: string[];
  version: number;
  next: boolean;
}

interface Sending {
  busy: boolean;
  changed: Changed | null;
  dismiss: () => void;
  send: (next: boolean, force?: boolean) => Promise<void>;
}

export interface Gone {
  message: Message;
  card: Card;
}

interface Given {
  card: Card;
  draft: Draft;
  mode: Mode;
  warning: string;
  /** The message that is answered, as the composer says it. */
  target: string | null;
  restore: (draft: Draft) => void;
  clear: () => void;
  /** It is on its way, in the conversation where it stands. */
  onWay: (done: Gone) => void;
  onSent: (next: boolean) => void;
}

export function useSend({ card, draft, mode, warning, target, restore, clear, onWay, onSent }: Given): Sending {
  const { me, agents } = useDesk();
  const [busy, setBusy] = useState(false);
  const [changed, setChanged] = useState<Changed | null>(null);
  const path = `/conversations/${card.id}`;
  // What stood there when one began to write: what moves under one's hands meanwhile is not "seen".
  const seen = useRef(card.version);
  const written = draft.text.trim() !== "" || draft.media.length > 0;
  useEffect(() => {
    if (!written) seen.current = card.version;
  }, [written, card.version]);

  // A private message from here stands in a conversation of its own beside this one.
  const leaves = card.visibility === "public" && mode === "direct";
  const offerUndo = (message: Message): void => {
    const id = message.delivery?.id;
    if (!id || me.agent.undo_for === 0) return;
    const run = async (): Promise<void> => {
      if (!(await delivery("DELETE", id))) return;
      if (leaves) go(`/c/${card.id}`);
      else restore(draft);
      toast(t("undo.done"));
    };
    toast(t("undo.sent"), { act: { label: t("act.undo"), run: () => void run() } }, me.agent.undo_for * 1000);
  };

  const send = async (next: boolean, force = false): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setChanged(null);
    try {
      if (mode === "note") {
        await post<Message>(`${path}/notes`, { text: draft.text, mentions: mentioned(draft.text, agents) });
      } else {
        const { text, media } = draft;
        const body = { text, media, in_reply_to: target, seen_version: seen.current, force, then: draft.then || "pending", visibility: leaves ? "direct" : "", warning, move: moveIn(draft) };
        const done = await post<Gone>(`${path}/replies`, body);
        takeCards([done.card]);
        onWay(done);
        offerUndo(done.message);
        clear();
        if (leaves && !next) return go(`/c/${done.card.id}`);
      }
      if (mode === "note") clear();
      onSent(next);
    } catch (error) {
      if (error instanceof Problem && error.slug === "changed")
        setChanged({
          changes: (error.extra["changes"] as string[] | undefined) ?? [],
          version: Number(error.extra["version"]) || card.version,
          next,
        });
      else toast(words(error), { bad: true });
    } finally {
      setBusy(false);
    }
  };
  const dismiss = (): void => {
    if (changed) seen.current = changed.version;
    setChanged(null);
  };
  return { busy, changed, dismiss, send };
}
