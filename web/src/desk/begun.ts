/** A conversation that is opened to be answered: the writer stands in its field as soon as it is there. */
import { useEffect, type RefObject } from "react";
import type { ComposerHandle } from "./useHandle";

let wanted: string | null = null;

export function begin(conversation: string): void {
  wanted = conversation;
}

export function useBegun(conversation: string | undefined, composer: RefObject<ComposerHandle | null>): void {
  // After every drawing: the field comes with the conversation, which is fetched.
  useEffect(() => {
    if (!conversation || conversation !== wanted || !composer.current) return;
    wanted = null;
    composer.current.focus("public");
  });
}
