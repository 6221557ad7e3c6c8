/** Search or do anything: commands, people on the list, and messages that the desk finds. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { get } from "../api/client";
import type { Found } from "../api/types";
import { t } from "../i18n/t";
import { KEYMAP, keysOf, pretty, wordsIn, type Command, type Room } from "../keys/keymap";
import { takeCards, useDesk } from "../live/store";
import { Picker, type Choice } from "../ui/Picker";
import { day } from "../ui/time";
import { seek } from "./sought";

interface Props {
  commands: Partial<Record<Command, () => void>>;
  /** Where one is, if keys mean something of their own there. */
  room?: Room;
  onOpen: (id: string) => void;
  onClose: () => void;
}

function useSlow(text: string): string {
  const [slow, setSlow] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(text), 180);
    return () => clearTimeout(timer);
  }, [text]);
  return slow;
}

export function Palette({ commands, room, onOpen, onClose }: Props) {
  const { me } = useDesk();
  const [text, setText] = useState("");
  const asked = useSlow(text.trim());
  const found = useInfiniteQuery({
    queryKey: ["search", asked],
    queryFn: ({ pageParam }) => get<Found>(`/search?q=${encodeURIComponent(asked)}${pageParam && `&after=${encodeURIComponent(pageParam)}`}`),
    initialPageParam: "",
    getNextPageParam: (page: Found) => page.next,
    enabled: asked.length > 1,
  });
  const pages = asked ? (found.data?.pages ?? []) : [];
  const [newest, oldest] = [pages[0], pages.at(-1)];
  const further: Choice[] = oldest?.next && !found.isFetching
    ? [{ id: "further", label: t("palette.further"), hint: day(oldest.period.from), stays: true, act: () => void found.fetchNextPage() }]
    : [];
  const typed = text.trim().toLowerCase();
  const acts: Choice[] = KEYMAP.filter(
    (binding) => commands[binding.command] && t(wordsIn(binding, room)).toLowerCase().includes(typed),
  ).map((binding) => ({
    id: binding.command,
    label: t(wordsIn(binding, room)),
    hint: pretty(keysOf(binding.command, me.preferences.keymap)),
    act: () => commands[binding.command]?.(),
  }));
  const hits: Choice[] = pages.flatMap((page) => page.items).map((hit) => ({
    id: hit.message.id,
    label: `${hit.message.author.name}: ${hit.message.text.slice(0, 120)}`,
    hint: day(hit.message.published_at),
    act: () => {
      takeCards([hit.card]);
      seek({ conversation: hit.card.id, message: hit.message.id });
      onOpen(hit.card.id);
    },
  }));
  const period = newest && oldest ? { from: day(oldest.period.from), to: day(newest.period.to) } : null;
  const foot = !asked ? null
    : found.isFetching ? t("palette.searching")
    : found.error ? found.error.message
    : period ? t(hits.length ? "palette.period" : "palette.nothing", period) : null;
  return (
    <Picker
      title={t("palette.title")}
      placeholder={t("palette.placeholder")}
      choices={[...acts.slice(0, typed ? 4 : 30), ...hits, ...further]}
      onClose={onClose}
      onType={setText}
      filtered
      foot={foot ? <p className="quiet" role="status">{foot}</p> : null}
    />
  );
}
