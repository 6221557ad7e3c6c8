import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { get, words } from "../api/client";
import { toast } from "../ui/toast";

interface Things<T> {
  items: T[];
  loading: boolean;
  failed: string;
  again: () => void;
  /** Run a change, say what went wrong, fetch the list again. */
  run: <R>(change: () => Promise<R>) => Promise<R | null>;
  /** The same for a dialog, which says itself what went wrong. */
  tried: <R>(change: () => Promise<R>) => Promise<R>;
}

function useRun(path: string): Pick<Things<never>, "run" | "tried"> {
  const client = useQueryClient();
  const tried: Things<never>["tried"] = async (change) => {
    const done = await change();
    await client.invalidateQueries({ queryKey: [path] });
    return done;
  };
  return {
    tried,
    run: (change) =>
      tried(change).catch((error: unknown) => {
        toast(words(error), { bad: true });
        return null;
      }),
  };
}

export function useThings<T>(path: string): Things<T> {
  const found = useQuery({ queryKey: [path], queryFn: () => get<T[]>(path) });
  return {
    items: found.data ?? [],
    loading: found.isPending,
    failed: found.error ? words(found.error) : "",
    again: () => void found.refetch(),
    ...useRun(path),
  };
}

interface Paged<T, More> extends Things<T> {
  /** Fetches the next page; undefined when there is none. */
  more: (() => void) | undefined;
  fetching: boolean;
  /** The first page, with what it says beside its items. */
  first: More | undefined;
}

/** The same for what comes in pages; `query` narrows it down. */
export function usePages<T, More = object>(path: string, query: Record<string, string> = {}): Paged<T, More> {
  const found = useInfiniteQuery({
    queryKey: [path, query],
    queryFn: ({ pageParam }) => {
      const asked = new URLSearchParams(Object.entries({ ...query, after: pageParam }).filter(([, value]) => value));
      return get<More & { items: T[]; next: string | null }>(`${path}?${asked.toString()}`);
    },
    initialPageParam: "",
    getNextPageParam: (page) => page.next ?? undefined,
  });
  return {
    items: found.data?.pages.flatMap((page) => page.items) ?? [],
    loading: found.isPending,
    failed: found.error ? words(found.error) : "",
    again: () => void found.refetch(),
    ...useRun(path),
    more: found.hasNextPage ? () => void found.fetchNextPage() : undefined,
    fetching: found.isFetchingNextPage,
    first: found.data?.pages[0],
  };
}
