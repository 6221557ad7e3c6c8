/** What is being written: kept in this browser at once, on the desk soon after. */
import { useCallback, useEffect, useRef, useState } from "react";
import { del, put } from "../api/client";
import type { Draft } from "../api/types";
import { setDrafted } from "../live/store";
import { turned } from "./readers";
import { choose, copyOf, EMPTY, isEmpty, keepCopy } from "./keeping";

/** A change, or how to make one from what stands there by then. */
type Change = Partial<Draft> | ((now: Draft) => Partial<Draft>);

interface Writing {
  draft: Draft;
  /** Another device's version that came between; null when there is nothing to choose. */
  rival: Draft | null;
  change: (change: Change) => void;
  clear: () => void;
  /** Take the other version, or keep this one. */
  settle: (theirs: boolean) => void;
}

export function useDraft(id: string, kept: Draft | null): Writing {
  const [first] = useState(() => choose(copyOf(id), kept));
  const [draft, setDraft] = useState(first.draft);
  const [rival, setRival] = useState(first.rival);
  const saving = useRef(Promise.resolve());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(draft);
  const base = useRef(first.base);
  const torn = useRef(first.rival !== null);
  const save = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const sent = latest.current;
    saving.current = put<Draft>(`/conversations/${id}/draft`, sent).then(
      (saved) => {
        base.current = saved.updated_at ?? null;
        setDrafted(id, !isEmpty(latest.current));
        keepCopy(id, { draft: latest.current, base: base.current, unsaved: latest.current !== sent });
      },
      () => undefined,
    );
  }, [id]);
  const open = useRef(rival === null && first.unsaved);
  useEffect(() => {
    // Words the desk never got are brought to it now.
    if (open.current) timer.current = setTimeout(save, 700);
    open.current = false;
    return () => {
      if (timer.current !== undefined) save();
    };
  }, [save]);
  const change = useCallback(
    (part: Change) => {
      latest.current = { ...latest.current, ...(typeof part === "function" ? part(latest.current) : part) };
      setDraft(latest.current);
      keepCopy(id, { draft: latest.current, base: base.current, unsaved: true });
      clearTimeout(timer.current);
      // Two versions stand: the desk keeps its own until one is chosen.
      if (!torn.current) timer.current = setTimeout(save, 700);
    },
    [id, save],
  );
  const settle = useCallback(
    (theirs: boolean) => {
      setRival(null);
      torn.current = false;
      change(theirs && rival ? rival : {});
    },
    [change, rival],
  );
  const clear = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    const { mode, others = {} } = latest.current;
    // A private message left: what comes next is a public reply again.
    latest.current = turned({ ...EMPTY, mode, others }, mode, mode === "direct" ? "public" : mode);
    setDraft(latest.current);
    setRival(null);
    torn.current = false;
    if (!isEmpty(latest.current)) {
      // What was begun for other readers stays; it was gone with what was sent.
      keepCopy(id, { draft: latest.current, base: null, unsaved: true });
      void saving.current.then(save);
      return;
    }
    keepCopy(id, { draft: EMPTY, base: null, unsaved: false });
    setDrafted(id, false);
    // After a save that is still on its way, or what was sent would come back as a draft.
    void saving.current.then(() => del(`/conversations/${id}/draft`)).catch(() => undefined);
  }, [id, save]);
  return { draft, rival, change, clear, settle };
}
