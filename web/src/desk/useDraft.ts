/** What is being written: kept in this browser at once, on the desk soon after. */
import { useCallback, useEffect, useRef, useState } from "react";
import { del, put } from "../api/client";
import type { Draft } from "../api/types";
import { current, setDrafted } from "../live/store";

/** A change, or how to make one from what stands there by then. */
type Change = Partial<Draft> | ((now: Draft) => Partial<Draft>);

const EMPTY: Draft = { text: "", mode: "public", in_reply_to: null, media: [] };
/** Drafts are their writer's, also where colleagues share a browser. */
const place = (id: string): string => `earful-draft-${current()?.me.agent.id ?? ""}-${id}`;

function local(id: string): Draft | null {
  try {
    const kept = localStorage.getItem(place(id));
    return kept ? (JSON.parse(kept) as Draft) : null;
  } catch {
    return null;
  }
}

function keepHere(id: string, draft: Draft): void {
  try {
    if (draft.text || draft.media.length) localStorage.setItem(place(id), JSON.stringify(draft));
    else localStorage.removeItem(place(id));
  } catch {
    // A browser without storage still has the desk's copy.
  }
}

export function useDraft(id: string, kept: Draft | null): [Draft, (change: Change) => void, () => void] {
  const [draft, setDraft] = useState<Draft>(() => local(id) ?? kept ?? EMPTY);
  const saving = useRef(Promise.resolve());
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const latest = useRef(draft);
  const save = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    saving.current = put(`/conversations/${id}/draft`, latest.current).then(
      () => setDrafted(id, Boolean(latest.current.text.trim() || latest.current.media.length)),
      () => undefined,
    );
  }, [id]);
  useEffect(
    () => () => {
      if (timer.current !== undefined) save();
    },
    [save],
  );
  const change = useCallback(
    (part: Change) => {
      latest.current = { ...latest.current, ...(typeof part === "function" ? part(latest.current) : part) };
      setDraft(latest.current);
      keepHere(id, latest.current);
      clearTimeout(timer.current);
      timer.current = setTimeout(save, 700);
    },
    [id, save],
  );
  const clear = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = undefined;
    latest.current = { ...EMPTY, mode: latest.current.mode };
    setDraft(latest.current);
    keepHere(id, latest.current);
    setDrafted(id, false);
    // After a save that is still on its way, or what was sent would come back as a draft.
    void saving.current.then(() => del(`/conversations/${id}/draft`)).catch(() => undefined);
  }, [id]);
  return [draft, change, clear];
}
