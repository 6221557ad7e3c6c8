/** This browser's copy of a draft, and which of two copies stands. */
import type { Draft } from "../api/types";
import { current } from "../live/store";

/** `base` is the desk's copy this one was begun from; `unsaved` until the desk has it too. */
export interface Copy {
  draft: Draft;
  base: string | null;
  unsaved: boolean;
}

export const EMPTY: Draft = { text: "", mode: "public", in_reply_to: null, media: [] };

export const isEmpty = (draft: Draft): boolean => !draft.text.trim() && !draft.media.length && !Object.keys(draft.others ?? {}).length;

/** Drafts are their writer's, also where colleagues share a browser. */
const place = (id: string): string => `earful-draft-${current()?.me.agent.id ?? ""}-${id}`;

export function copyOf(id: string): Copy | null {
  try {
    const kept = JSON.parse(localStorage.getItem(place(id)) ?? "null") as Partial<Copy> | null;
    return kept?.draft ? { draft: kept.draft, base: kept.base ?? null, unsaved: kept.unsaved ?? true } : null;
  } catch {
    return null;
  }
}

export function keepCopy(id: string, copy: Copy): void {
  try {
    if (copy.unsaved) localStorage.setItem(place(id), JSON.stringify(copy));
    else localStorage.removeItem(place(id));
  } catch {
    // A browser without storage still has the desk's copy.
  }
}

export interface Chosen extends Copy {
  /** The desk's newer copy, when both have something to lose. */
  rival: Draft | null;
}

/**
 * The desk's copy stands, unless this browser has words the desk never got. When the desk's copy
 * changed meanwhile, on another device, neither is thrown away: the other one is offered.
 */
export function choose(here: Copy | null, kept: Draft | null): Chosen {
  const saved = { draft: kept ?? EMPTY, base: kept?.updated_at ?? null, unsaved: false, rival: null };
  if (!here?.unsaved) return saved;
  const same = here.draft.text === saved.draft.text;
  if (same || (isEmpty(here.draft) && here.base !== saved.base)) return saved;
  const rival = kept && here.base !== saved.base ? kept : null;
  // Until it is settled the question stays, so it keeps the place it was begun from.
  return { ...here, base: rival ? here.base : saved.base, rival };
}
