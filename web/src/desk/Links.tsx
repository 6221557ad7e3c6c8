/** The story: the conversation from which somebody came, or to which she was asked to come. */
import type { Card, Move, Whole } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Icon } from "../ui/Icon";
import { ago, useNow } from "../ui/time";
import { go } from "./route";

function said(move: Move, now: number): string {
  if (move.state === "arrived" && move.arrived_at) return t("move.arrived", { ago: ago(move.arrived_at, now) });
  if (move.state === "lost") return t("move.lost");
  return t(`move.invited.${move.by}`, { ago: ago(move.invited_at ?? "", now) });
}

function Link({ move, card, other }: { move: Move; card: Card; other: Card | undefined }) {
  const now = useNow();
  const came = move.to_id === card.id;
  return (
    <div className={`linked ${other && other.visibility !== "public" ? "private" : ""}`}>
      <Icon name={came ? "globe" : "lock"} size={16} />
      <p>
        <b>{t(came ? "move.from" : "move.to")}</b> <span className="quiet">{said(move, now)}</span>
        {other ? <span className="story" dir="auto">{other.summary || other.preview || t("move.empty")}</span> : null}
      </p>
      {other ? <button className="btn" onClick={() => go(`/c/${other.id}`)}>{t(came ? "move.open_public" : "move.open_private")}</button> : null}
    </div>
  );
}

export function Links({ card, whole }: { card: Card; whole: Whole }) {
  const { cards } = useDesk();
  return (
    <>
      {whole.moves.map((move) => {
        const id = move.to_id === card.id ? move.from_id : move.to_id;
        const other = id ? (cards.get(id) ?? whole.linked.find((one) => one.id === id)) : undefined;
        return <Link key={move.id} move={move} card={card} other={other} />;
      })}
    </>
  );
}
