/** What is done to somebody in the queue: at once on screen, put back where the desk refuses, undone by one key. */
import { useRef } from "react";
import { del, put, words } from "../api/client";
import { t } from "../i18n/t";
import { toast } from "../ui/toast";
import type { Candidate } from "./types";
import type { Queue } from "./useQueue";

export interface Acts {
  aside: (one: Candidate) => Promise<void>;
  alone: (one: Candidate) => Promise<void>;
  undo: () => Promise<void>;
}

const said = (error: unknown): false => {
  toast(words(error), { bad: true });
  return false;
};

export function useActs({ leave, stay }: Queue): Acts {
  const last = useRef<(() => Promise<void>) | null>(null);
  const undo = async (): Promise<void> => {
    const back = last.current;
    last.current = null;
    await back?.();
  };
  const act = async (one: Candidate, done: string, run: () => Promise<unknown>, back: () => Promise<unknown>): Promise<void> => {
    leave(one.mention_id);
    let drop = (): void => undefined;
    const ran = run().then(() => true, said);
    // Undone only once the desk has taken it, or the two might overtake each other.
    last.current = async () => {
      drop();
      if (!(await ran) || !(await back().then(() => true, said))) return;
      stay(one.mention_id);
      toast(t("outreach.back"));
    };
    drop = toast(done, { act: { label: t("act.undo"), run: () => void undo() } });
    if (await ran) return;
    drop();
    stay(one.mention_id);
  };
  const named = ({ name, handle }: Candidate): { name: string } => ({ name: name || handle });
  return {
    aside: (one) => {
      const path = `/mentions/${one.mention_id}`;
      return act(one, t("outreach.asided", named(one)), () => put(`${path}/dismissed`), () => put(`${path}/outreach`));
    },
    alone: (one) => {
      const path = `/mentions/${one.mention_id}/left-alone`;
      return act(one, t("outreach.aloned", named(one)), () => put(path), () => del(path));
    },
    undo,
  };
}
