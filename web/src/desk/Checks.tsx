/** Checks speak in sentences: quiet when fine, one warm line when not, the mend in the same line. */
import type { Card, Draft, Message } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { signed } from "./count";
import type { Changed } from "./useSend";

interface Props {
  card: Card;
  messages: Message[];
  draft: Draft;
  altMissing: boolean;
  changed: Changed | null;
  onRead: () => void;
  onForce: (next: boolean) => void;
}

/** Names of those in the thread who wait and are not the one who is answered. */
function stillWaiting(card: Card, messages: Message[], draft: Draft): string[] {
  const target =
    messages.find((message) => message.id === draft.in_reply_to) ??
    messages.findLast((message) => message.direction === "incoming" && !message.disposition);
  const answered = target?.author.id ?? card.contact.id;
  const waiting = messages.filter(
    (message) => message.direction === "incoming" && !message.disposition && message.author.id !== answered,
  );
  return [...new Set(waiting.map((message) => message.author.name))];
}

export function Checks({ card, messages, draft, altMissing, changed, onRead, onForce }: Props) {
  const { me } = useDesk();
  if (changed)
    return (
      <div className="checks" role="alert">
        <span className="bad">{t("compose.changed")}: {changed.changes.join(" ")}</span>
        <button className="btn" onClick={onRead}>{t("compose.read_first")}</button>
        <button className="btn" onClick={() => onForce(changed.next)}>{t("compose.send_anyway")}</button>
      </div>
    );
  if (draft.mode === "note") return null;
  const names = stillWaiting(card, messages, draft);
  const isSigned = signed(draft.text, me.agent.sign_off) !== "";
  return (
    <div className="checks">
      {draft.text && isSigned ? <span>✓ {t("compose.signed", { sign: me.agent.sign_off })}</span> : null}
      {names.length ? <span>{t("compose.still_wait", { names: names.join(", ") })}</span> : null}
      {altMissing ? <span className="bad">{t("compose.alt_missing")}</span> : null}
    </div>
  );
}
