/** What a search would find, asked for when the writer pauses; she can stop it, and ask again. */
import { useCallback, useEffect, useRef, useState } from "react";
import { post, Problem, words } from "../../api/client";
import type { Sought, Trial } from "../../mentions/types";

/** Networks are asked, some for money: not at every letter. */
const PAUSE = 700;

/** What is wrong with a query, and where, counted in characters from 0. */
export interface Wrong {
  words: string;
  at: number | null;
}

export interface Tried {
  /** What was found last; it stands, paler, while it is asked again. */
  found: Trial | null;
  asking: boolean;
  stopped: boolean;
  failed: string;
  wrong: Wrong | null;
  stop: () => void;
  again: () => void;
}

export function wrongOf(error: unknown): Wrong | null {
  if (!(error instanceof Problem) || error.status !== 422) return null;
  const { at } = error.extra;
  return { words: error.message, at: typeof at === "number" ? at : null };
}

type Said = Pick<Tried, "found" | "asking" | "stopped" | "failed" | "wrong">;
const QUIET: Said = { found: null, asking: false, stopped: false, failed: "", wrong: null };

export function useTrial({ query, channels, languages }: Sought): Tried {
  const [said, setSaid] = useState(QUIET);
  const [turn, setTurn] = useState(0);
  const running = useRef<AbortController | null>(null);
  const asked = JSON.stringify({ query: query.trim(), channels, languages });
  const none = query.trim() === "";
  useEffect(() => {
    if (none) return;
    const control = new AbortController();
    running.current = control;
    const settle = (change: Partial<Said>): void => {
      if (!control.signal.aborted) setSaid((now) => ({ ...now, asking: false, stopped: false, failed: "", wrong: null, ...change }));
    };
    const timer = setTimeout(() => {
      settle({ asking: true });
      post<Trial>("/search-previews", JSON.parse(asked), control.signal).then(
        (found) => settle({ found }),
        (error: unknown) => {
          const wrong = wrongOf(error);
          settle(wrong ? { found: null, wrong } : { failed: words(error) });
        },
      );
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      control.abort();
    };
  }, [asked, none, turn]);
  const stop = useCallback(() => {
    running.current?.abort();
    setSaid((now) => ({ ...now, asking: false, stopped: true }));
  }, []);
  const again = useCallback(() => setTurn((now) => now + 1), []);
  return { ...(none ? QUIET : said), stop, again };
}
