/** The end of a conversation stays in sight: when it grows, and when its box shrinks under it. */
import { useEffect, useRef, type RefObject } from "react";

const NEAR = 40;

export function useEnd(flow: RefObject<HTMLElement | null>, what: string): void {
  const atEnd = useRef(true);
  useEffect(() => {
    const box = flow.current;
    if (box) box.scrollTop = box.scrollHeight;
    atEnd.current = true;
  }, [flow, what]);
  useEffect(() => {
    const box = flow.current;
    if (!box) return undefined;
    const onScroll = (): void => {
      atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    };
    // A phone's keyboard, a picture that comes late, a short message above it.
    const watch = new ResizeObserver(() => {
      if (atEnd.current) box.scrollTop = box.scrollHeight;
    });
    watch.observe(box);
    box.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      watch.disconnect();
      box.removeEventListener("scroll", onScroll);
    };
  }, [flow]);
}
