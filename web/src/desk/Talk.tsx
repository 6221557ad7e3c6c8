import { useRef } from "react";
import type { Card, Message, Whole } from "../api/types";
import { t } from "../i18n/t";
import { Key } from "../keys/Key";
import { useCalled, useDesk, useNetworkTitle } from "../live/store";
import { Do } from "../ui/Do";
import { Icon } from "../ui/Icon";
import { Bubble } from "./Bubble";
import { Composer, type ComposerHandle } from "./Composer";
import { Links } from "./Links";
import type { Ask } from "./Menus";
import { useEarlier } from "./useEarlier";
import { useSought } from "./sought";
import { useEnd } from "./useEnd";

interface Props {
  card: Card;
  messages: Message[];
  whole: Whole;
  composer: React.RefObject<ComposerHandle | null>;
  onAsk: (ask: Ask) => void;
  onSent: (next: boolean) => void;
  onBack: () => void;
}

function Head({ card, onAsk, onBack, onNext }: { card: Card; onAsk: (ask: Ask) => void; onBack: () => void; onNext: () => void }) {
  const { channels } = useDesk();
  const called = useCalled();
  const titleOf = useNetworkTitle();
  const channel = channels.find((one) => one.id === card.channel_id);
  const open = card.visibility === "public";
  const people = card.people > 1 ? `, ${t("talk.people", { n: card.people })}` : "";
  return (
    <div className="head">
      <button className="back" aria-label={t("talk.back")} onClick={onBack}><Icon name="back" /></button>
      <div>
        <h1><bdi>{card.contact.name}</bdi></h1>
        <small><Icon name={open ? "globe" : "lock"} size={13} /> <span className="roomy">{t(open ? "talk.public" : "talk.private", { network: titleOf(card.network) })}{people}</span><span className="tight">{t(open ? "talk.public_short" : "talk.private_short")}</span>{channel ? <>, <bdi>{called(channel.network, channel.handle)}</bdi></> : null}</small>
        {card.summary ? <button className="case" dir="auto" title={t("act.summary")} onClick={() => onAsk("summary")}>{card.summary}</button> : null}
      </div>
      <button className="next" onClick={onNext}>{t("talk.next")} <Icon name="on" /></button>
      <div className="btns">
        <button className="btn" onClick={() => onAsk("snooze")}>{t("act.snooze")} <Key of="snooze" /></button>
        <button className="btn" onClick={() => onAsk("assign")}>{t("act.assign")} <Key of="assign" /></button>
        <button className="btn" onClick={() => onAsk("resolve")}>
          {t(card.status === "resolved" ? "act.reopen" : "act.resolve")} <Key of="resolve" />
        </button>
        <button className="btn dots" aria-label={t("act.more")} onClick={() => onAsk("more")}>⋯</button>
      </div>
    </div>
  );
}

export function Talk({ card, messages, whole, composer, onAsk, onSent, onBack }: Props) {
  const flow = useRef<HTMLDivElement>(null);
  useEnd(flow, `${card.id} ${messages.at(-1)?.id}`);
  const earlier = useEarlier(whole, flow);
  const seeking = useSought(flow, card.id, earlier);
  return (
    <main className={`talk ${card.visibility === "public" ? "" : "private"}`} aria-label={card.contact.name}>
      <Head card={card} onAsk={onAsk} onBack={onBack} onNext={() => onSent(true)} />
      <Links card={card} whole={whole} />
      <div className="flow" ref={flow} tabIndex={0} role="log" aria-label={card.contact.name} aria-live="off">
        {seeking ? <p className="line" role="status">{t("talk.seeking")}</p> : earlier ? <Do className="plain" act={earlier}>{t("talk.earlier")}</Do> : null}
        {messages.map((message) => <Bubble key={message.id} message={message} opener={card.contact.id} />)}
      </div>
      <Composer key={card.id} ref={composer} card={card} messages={messages} kept={whole.draft} onSent={onSent} onAsk={onAsk} />
    </main>
  );
}
