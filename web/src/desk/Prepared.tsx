/** What is ready to be said, while nothing is written yet: answers prepared for such posts, a question back. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { get } from "../api/client";
import type { Card } from "../api/types";
import { t } from "../i18n/t";
import { onEvent } from "../live/store";

interface Ready {
  answers: { id: string; name: string; text: string }[];
  ask_back: string;
}

/** Kinds of events after which something else may fit. */
const TURNS = ["message.judged", "message.received", "message.edited", "message.deleted"];

function useReady(id: string, on: boolean): Ready | undefined {
  const client = useQueryClient();
  const path = `/conversations/${id}/prepared`;
  const kept = useQuery({ queryKey: [path], queryFn: () => get<Ready>(path), enabled: on });
  useEffect(
    () =>
      onEvent((event) => {
        if (event.kind.startsWith("macro.") || (event.conversation_id === id && TURNS.includes(event.kind))) void client.invalidateQueries({ queryKey: [path] });
      }),
    [client, id, path],
  );
  return on ? kept.data : undefined;
}

export function Prepared({ card, on, onTake }: { card: Card; on: boolean; onTake: (text: string) => void }) {
  const ready = useReady(card.id, on);
  if (!ready || (!ready.answers.length && !ready.ask_back)) return null;
  return (
    <div className="ready" role="group" aria-label={t("prepared.title")}>
      <span>{t("prepared.title")}</span>
      {ready.answers.map((one) => <button key={one.id} className="chip" title={one.text} onClick={() => onTake(one.text)}><bdi>{one.name}</bdi></button>)}
      {ready.ask_back ? <button className="chip" title={ready.ask_back} onClick={() => onTake(ready.ask_back)}>{t("prepared.ask_back")}</button> : null}
    </div>
  );
}
