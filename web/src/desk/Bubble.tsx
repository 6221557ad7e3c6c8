import { useEffect, useState } from "react";
import type { Delivery, Message } from "../api/types";
import { t } from "../i18n/t";
import { useCalled, useDesk } from "../live/store";
import { Do } from "../ui/Do";
import { ago, clockTime, useNow } from "../ui/time";
import { delivery as settle } from "./acts";
import { Body, Head, Warned } from "./Attached";
import { Gallery } from "./Gallery";
import { Verbs } from "./Verbs";

function Queued({ delivery }: { delivery: Delivery }) {
  const now = useNow();
  const seconds = Math.ceil((Date.parse(delivery.run_at) - now) / 1000);
  return (
    <>
      <span className="num">{seconds > 0 ? t("delivery.queued", { n: seconds }) : t("delivery.waiting")} {delivery.error}</span>
      <Do className="" act={() => settle("DELETE", delivery.id)}>{t("act.undo")}</Do>
    </>
  );
}

function Troubled({ delivery }: { delivery: Delivery }) {
  const { id, state, error } = delivery;
  if (state === "uncertain")
    return (
      <>
        <span className="hot">{t("delivery.uncertain")}. {error}</span>
        <Do className="" act={() => settle("POST", `${id}/settlement`, { sent: true })}>{t("delivery.was_sent")}</Do>
        <Do className="" act={() => settle("POST", `${id}/settlement`, { sent: false })}>{t("delivery.was_not")}</Do>
      </>
    );
  return (
    <>
      <span className="hot">{t(state === "held" ? "delivery.held" : "delivery.failed")}. {error}</span>
      <Do className="" act={() => settle("POST", `${id}/retry`, {})}>{t("delivery.retry")}</Do>
      <Do className="" act={() => settle("DELETE", id)}>{t("delivery.discard")}</Do>
    </>
  );
}

function Fate({ delivery }: { delivery: Delivery }) {
  if (delivery.state === "queued") return <p className="fate"><Queued delivery={delivery} /></p>;
  if (delivery.state === "held" || delivery.state === "failed" || delivery.state === "uncertain")
    return <p className="fate"><Troubled delivery={delivery} /></p>;
  return <p className="fate">{t(`delivery.${delivery.state}`)}</p>;
}

export function Bubble({ message, opener }: { message: Message; opener: string }) {
  const { me, cards } = useDesk();
  const called = useCalled();
  const now = useNow();
  const [shown, setShown] = useState(true);
  useEffect(() => setShown(message.delivery?.state !== "undone"), [message.delivery?.state]);
  if (message.direction === "activity")
    return <div className="line" data-message={message.id} tabIndex={-1}><span>{clockTime(message.published_at)} <bdi>{message.text}</bdi></span></div>;
  if (!shown) return null;
  const { author } = message;
  const other = message.direction === "incoming" && author.id !== opener;
  const mine = author.id === me.agent.id;
  return (
    <article className={`msg ${message.direction}`} data-message={message.id} tabIndex={-1}>
      <div className="meta">
        <b><bdi>{message.direction === "outgoing" ? called(cards.get(message.conversation_id)?.network ?? "", author.handle) : author.name}</bdi></b>{" "}
        {message.direction === "outgoing" && author.kind === "agent" ? `${mine ? t("message.you") : author.name}, ` : null}
        <time dateTime={message.published_at}>{clockTime(message.published_at)}, {ago(message.published_at, now)}</time>
        {other ? `, ${t("message.another")}` : null}
        {message.direction === "note" ? `, ${t("message.note")}` : null}
        {message.edited_at ? <i>, {t("message.edited", { ago: ago(message.edited_at, now) })}</i> : null}
        {message.deleted_at ? <i className="hot">, {t("message.deleted", { ago: ago(message.deleted_at, now) })}</i> : null}
        {message.extra?.spoken ? <i>, {t("message.spoken")}</i> : null}
        {message.extra?.there ? <i>, {t("message.there")}</i> : null}
        {message.extra?.hidden ? <i>, {t("message.hidden")}</i> : null}
        {/^https:/.test(message.uri) ? <a href={message.uri} target="_blank" rel="noreferrer noopener"> {t("message.open_there")}</a> : null}
        <Verbs message={message} />
      </div>
      <Head message={message} />
      <Warned warning={message.extra?.warning}>
        {message.text || !(message.media.length || message.deleted_at) ? <Body message={message} /> : null}
        <Gallery message={message} />
      </Warned>
      {message.delivery && message.delivery.state !== "sent" ? <Fate delivery={message.delivery} /> : null}
    </article>
  );
}
