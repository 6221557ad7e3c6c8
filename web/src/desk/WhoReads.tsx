/** The switch of who reads it. Whether somebody can be written to in private is asked when it matters. */
import { useCallback, useEffect, useRef, useState } from "react";
import { get, words } from "../api/client";
import type { Card, Channel, Reach } from "../api/types";
import { t } from "../i18n/t";
import { Choose } from "../ui/Choose";
import { modesOf, type Mode } from "./readers";

interface Asked {
  who: string;
  reach: Reach;
}

interface Reaching {
  /** Null as long as it is not known. */
  reach: Reach | null;
  ask: () => void;
}

/** Asked at most once for a person here; the desk asks the network at most once an hour. */
export function useReach(card: Card, messageId: string | null, who: string, wanted: boolean): Reaching {
  const [asked, setAsked] = useState<Asked | null>(null);
  const asking = useRef("");
  const ask = useCallback(() => {
    if (card.visibility !== "public" || asking.current === who) return;
    asking.current = who;
    const path = `/conversations/${card.id}/reach${messageId ? `?message=${messageId}` : ""}`;
    get<Reach>(path).then(
      (reach) => setAsked({ who, reach }),
      (error: unknown) => {
        asking.current = "";
        setAsked({ who, reach: { can: false, why: words(error) } });
      },
    );
  }, [card.id, card.visibility, messageId, who]);
  useEffect(() => {
    if (wanted) ask();
  }, [wanted, ask]);
  return { reach: asked?.who === who ? asked.reach : null, ask };
}

interface Props {
  card: Card;
  channel: Channel | undefined;
  mode: Mode;
  reaching: Reaching;
  onMode: (mode: Mode) => void;
}

export function WhoReads({ card, channel, mode, reaching, onMode }: Props) {
  const shut = reaching.reach?.can === false ? reaching.reach.why : "";
  const options = modesOf(card, channel).map((value) => ({
    value,
    label: t(value === "direct" && card.visibility === "email" ? "compose.email" : `compose.${value}`),
    shut: value === "direct" && card.visibility === "public" ? shut : "",
  }));
  return (
    <span className="readers" onPointerEnter={reaching.ask} onFocus={reaching.ask}>
      <Choose label={t("compose.who_reads")} value={mode} options={options} onChange={onMode} />
    </span>
  );
}
