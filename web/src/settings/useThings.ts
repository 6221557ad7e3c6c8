import { useQuery, useQueryClient } from "@tanstack/react-query";
import { get, words } from "../api/client";
import { toast } from "../ui/toast";

interface Things<T> {
  items: T[];
  loading: boolean;
  failed: string;
  /** Run a change, say what went wrong, fetch the list again. */
  run: <R>(change: () => Promise<R>) => Promise<R | null>;
}

export function useThings<T>(path: string): Things<T> {
  const client = useQueryClient();
  const found = useQuery({ queryKey: [path], queryFn: () => get<T[]>(path) });
  const run = async <R>(change: () => Promise<R>): Promise<R | null> => {
    try {
      const done = await change();
      await client.invalidateQueries({ queryKey: [path] });
      return done;
    } catch (error) {
      toast(words(error), { bad: true });
      return null;
    }
  };
  return { items: found.data ?? [], loading: found.isPending, failed: found.error ? words(found.error) : "", run };
}
