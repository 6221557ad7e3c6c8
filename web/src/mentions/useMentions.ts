/** The mentions of a filter, page after page, with what is done to them and what comes meanwhile. */
import { useCallback, useEffect, useRef, useState } from "react";
import { get, words } from "../api/client";
import { current, onEvent, useStore } from "../live/store";
import type { DeskEvent } from "../api/types";
import { begun, changed, EMPTY, revealed, withHead, withOlder, type Shown, type Stream } from "./stream";
import type { MentionPage, MentionState } from "./types";

export interface Filter {
  state: MentionState;
  /** The id of a saved search, or empty for all. */
  search: string;
}

/** However much is found, it is asked for once in so many milliseconds. */
const AT_MOST_EVERY = 1_500;
/** After which events something new may stand in a filter. */
const BRINGS: Record<MentionState, string[]> = {
  new: ["mention.found", "mention.restored"],
  taken: ["mention.taken_in"],
  dismissed: ["mention.dismissed"],
};
const MADE: Record<string, MentionState> = { "mention.taken_in": "taken", "mention.dismissed": "dismissed", "mention.restored": "new" };

function pathOf({ state, search }: Filter, after = ""): string {
  const asked = Object.entries({ state, search, after, limit: "50" }).filter(([, value]) => value);
  return `/mentions?${new URLSearchParams(asked).toString()}`;
}

/** What a colleague's act makes of a mention that is on screen. */
function changeOf({ kind, actor, conversation_id: conversation }: DeskEvent): Partial<Shown> | null {
  const state = MADE[kind];
  if (!state || actor.id === current()?.me.agent.id) return null;
  return { state, by: actor.name, ...(conversation ? { conversation_id: conversation } : {}) };
}

export interface Mentions {
  stream: Stream;
  loading: boolean;
  failed: string;
  again: () => void;
  more: () => void;
  reveal: () => void;
  change: (how: (stream: Stream) => Stream) => void;
}

export function useMentions(filter: Filter): Mentions {
  const { state, search } = filter;
  const [stream, setStream] = useState(EMPTY);
  const [loading, setLoading] = useState(true);
  const [failed, setFailed] = useState("");
  const live = useStore((now) => now.connection === "live");
  const turn = useRef(0);
  /** From where older ones were asked for last: each place is asked for once. */
  const asked = useRef("");
  const load = useCallback(
    async (take: (page: MentionPage) => (stream: Stream) => Stream, after = "") => {
      const mine = turn.current;
      try {
        const page = await get<MentionPage>(pathOf({ state, search }, after));
        if (mine !== turn.current) return;
        setStream(take(page));
        setFailed("");
      } catch (error) {
        if (mine !== turn.current) return;
        asked.current = "";
        setFailed(words(error));
      }
      if (mine === turn.current) setLoading(false);
    },
    [state, search],
  );
  const again = useCallback(() => {
    turn.current += 1;
    asked.current = "";
    setLoading(true);
    setFailed("");
    setStream(EMPTY);
    void load((page) => () => begun(page));
  }, [load]);
  useEffect(() => {
    again();
    return () => {
      turn.current += 1;
    };
  }, [again]);
  const was = useRef(live);
  useEffect(() => {
    // What was found while the desk was out of reach is told by no event.
    if (live && !was.current) void load((page) => (now) => withHead(now, page));
    was.current = live;
  }, [live, load]);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const off = onEvent((event) => {
      const { id } = event.data;
      const change = changeOf(event);
      if (id && change) setStream((now) => changed(now, id, change));
      if (!BRINGS[state].includes(event.kind)) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        void load((page) => (now) => withHead(now, page));
      }, AT_MOST_EVERY);
    });
    return () => {
      off();
      clearTimeout(timer);
    };
  }, [state, load]);
  const { items, next } = stream;
  const more = useCallback(() => {
    if (!next || asked.current === next) return;
    asked.current = next;
    void load((page) => (now) => withOlder(now, page), next);
  }, [next, load]);
  const none = items.length === 0;
  useEffect(() => {
    // Who is through with what is here reads on, without having to scroll an empty list.
    if (none) more();
  }, [none, more]);
  return { stream, loading: loading || (none && next !== null), failed, again, more, reveal: () => setStream(revealed), change: setStream };
}
