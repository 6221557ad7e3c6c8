/** What the desk says of something that is being typed, before it is kept. */
import { useEffect, useState } from "react";
import { post, words } from "../../api/client";

const PAUSE = 300;

export interface Tried<T> {
  found: T | null;
  refused: string;
  asking: boolean;
}

/** Asks again when `body` changes, and each minute, since "now" moves on. */
export function useTried<T>(path: string, body: unknown): Tried<T> {
  const [answer, setAnswer] = useState<{ asked: string; found: T | null; refused: string }>({ asked: "", found: null, refused: "" });
  const asked = JSON.stringify(body);
  useEffect(() => {
    let gone = false;
    const ask = (): void =>
      void post<T>(path, JSON.parse(asked)).then(
        (found) => gone || setAnswer({ asked, found, refused: "" }),
        (error: unknown) => gone || setAnswer({ asked, found: null, refused: words(error) }),
      );
    const first = setTimeout(ask, PAUSE);
    const again = setInterval(ask, 60_000);
    return () => {
      gone = true;
      clearTimeout(first);
      clearInterval(again);
    };
  }, [path, asked]);
  return { found: answer.found, refused: answer.refused, asking: answer.asked !== asked };
}
