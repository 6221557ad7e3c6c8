/** The desk's own count of what is being written, and the posts it goes out as. */
import { useEffect, useState } from "react";
import { post } from "../api/client";
import type { Limits, Preview } from "../api/types";
import { graphemes } from "./count";
import { shortened } from "./shortened";

const PAUSE = 250;

type Weigh = (text: string) => number;

/** What the browser can count by itself; null where only the desk knows how. */
export function countedHere(text: string, limits: Limits, weigh: Weigh | null = null): number | null {
  if (limits.counted_in === "shortened") return shortened(text, limits.link_length);
  if (limits.counted_in === "weighted") return weigh && weigh(text);
  if (limits.link_length) return null;
  if (limits.counted_in === "graphemes") return graphemes(text);
  return limits.counted_in === "characters" ? [...text].length : null;
}

/** The weighing of posts, loaded where a channel counts that way; null until then. */
function useWeigh(limits: Limits | undefined): Weigh | null {
  const [weigh, setWeigh] = useState<Weigh | null>(null);
  const wanted = limits?.counted_in === "weighted";
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    void import("./weighted").then(
      (loaded) => {
        if (!gone) setWeigh(() => loaded.weigh);
      },
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [wanted]);
  return weigh;
}

export interface Length {
  length: number;
  parts: string[];
  refusal: string;
  warnings: string[];
}

/**
 * The length as one types, `path` asking the desk for it: counted here where that can be done, by the desk once it gets near the
 * limit, since the desk alone knows how a text is split.
 */
export function useLength(path: string, text: string, full: string, limits: Limits | undefined, visibility = ""): Length {
  const [asked, setAsked] = useState<{ text: string; found: Preview } | null>(null);
  const weigh = useWeigh(limits);
  const here = limits ? countedHere(full, limits, weigh) : 0;
  const wanted = text.trim() !== "" && limits !== undefined && (here === null || limits.warns || here > limits.length * 0.8);
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    const timer = setTimeout(() => {
      void post<Preview>(path, { text, visibility }).then(
        (found) => {
          if (!gone) setAsked({ text, found });
        },
        () => undefined,
      );
    }, PAUSE);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [path, text, visibility, wanted]);
  const found = wanted ? asked?.found : undefined;
  const fresh = found && asked?.text === text;
  if (fresh) return found;
  return { length: here ?? found?.length ?? 0, parts: found?.parts ?? [], refusal: "", warnings: found?.warnings ?? [] };
}
