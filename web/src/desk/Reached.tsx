/** Whom a public conversation of several people may have reached; of one alone it stands beside the name. */
import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import type { Card } from "../api/types";
import { t } from "../i18n/t";
import { reachWords } from "../radar/reach";
import type { Reach } from "../radar/types";

const FOR_SO_LONG = 60_000;

export function Reached({ card }: { card: Card }) {
  const path = `/conversations/${card.id}/audience`;
  const asked = card.people > 1 && card.visibility === "public";
  const { data } = useQuery({ queryKey: [path, card.people], queryFn: () => get<Reach>(path), staleTime: FOR_SO_LONG, enabled: asked });
  const words = asked && data ? reachWords(data, true) : "";
  return words ? <><dt>{t("radar.head.reach")}</dt><dd>{words}</dd></> : null;
}
