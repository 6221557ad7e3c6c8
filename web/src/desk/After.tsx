/** In the panel beside: what is planned for a conversation, and how its customer rated it. */
import { del } from "../api/client";
import type { Card } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Do } from "../ui/Do";
import { directionOf } from "../ui/direction";
import { day } from "../ui/time";
import { toast } from "../ui/toast";
import { words } from "../api/client";
import type { Ask } from "./Menus";
import { useFollowing, type FollowUp, type Rating } from "./useFollowing";

function Planned({ planned }: { planned: FollowUp }) {
  const { agents } = useDesk();
  const by = agents.find((agent) => agent.id === planned.agent_id)?.name;
  return (
    <>
      <p className={planned.state === "due" ? "hot" : undefined}>
        <b>{planned.state === "due" ? t("follow.due") : t(planned.kind === "silence" ? "follow.if_silent" : "follow.at", { day: day(planned.due_at) })}</b>
        {by ? <span className="quiet"> · <bdi>{by}</bdi></span> : null}
      </p>
      {planned.note ? <p dir={directionOf(planned.note)}>{planned.note}</p> : null}
    </>
  );
}

function Rated({ rating }: { rating: Rating }) {
  return (
    <div>
      <h2>{t("rating.title")}</h2>
      {rating.score ? (
        <p><span className="score" aria-hidden="true">{"●".repeat(rating.score)}{"○".repeat(5 - rating.score)}</span> {t(`rating.${rating.score as 1 | 2 | 3 | 4 | 5}`)}</p>
      ) : (
        <p className="quiet">{rating.state === "dropped" ? t("rating.dropped", { why: rating.reason }) : t(rating.state === "due" ? "rating.due" : "rating.asked", { day: day(rating.asked_at ?? rating.ask_at) })}</p>
      )}
      {rating.words ? <blockquote dir={directionOf(rating.words)}>{rating.words}</blockquote> : null}
    </div>
  );
}

export function After({ card, mayAct, onAsk }: { card: Card; mayAct: boolean; onAsk: (ask: Ask) => void }) {
  const { followUp, rating, again } = useFollowing(card.id);
  const drop = async (): Promise<void> => {
    try {
      await del(`/conversations/${card.id}/follow-up`);
      await again();
    } catch (error) {
      toast(words(error), { bad: true });
    }
  };
  return (
    <>
      {followUp || mayAct ? (
        <div className="planned">
          <h2>{t("follow.next")}</h2>
          {followUp ? <Planned planned={followUp} /> : null}
          {mayAct ? (
            <div className="acts">
              <button className="btn" onClick={() => onAsk("follow")}>{t(followUp ? "follow.change" : "act.follow")}</button>
              {followUp ? <Do act={drop}>{t("follow.drop")}</Do> : null}
            </div>
          ) : null}
        </div>
      ) : null}
      {rating ? <Rated rating={rating} /> : null}
    </>
  );
}
