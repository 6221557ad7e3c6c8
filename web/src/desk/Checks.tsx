/** Checks speak in sentences: quiet when fine, one warm line when not, the mend in the same line. */
import type { Draft, Message } from "../api/types";
import { t } from "../i18n/t";
import { useAway, useDesk } from "../live/store";
import { signed } from "./count";
import { stillWaiting, strangers, targetOf } from "./target";
import type { Changed } from "./useSend";

interface Props {
  messages: Message[];
  draft: Draft;
  altMissing: boolean;
  isNote: boolean;
  warnings: string[];
  changed: Changed | null;
  onTarget: (message: Message) => void;
  onRead: () => void;
  onForce: (next: boolean) => void;
}

export function Checks({ messages, draft, altMissing, isNote, warnings, changed, onTarget, onRead, onForce }: Props) {
  const { me, channels } = useDesk();
  const away = useAway();
  if (changed)
    return (
      <div className="checks" role="alert">
        <span className="bad">{t("compose.changed")}: {changed.changes.join(" ")}</span>
        <button className="btn" onClick={onRead}>{t("compose.read_first")}</button>
        <button className="btn" onClick={() => onForce(changed.next)}>{t("compose.send_anyway")}</button>
      </div>
    );
  if (away) return <div className="checks" role="status"><span className="bad">{t("compose.away")}</span></div>;
  if (isNote) return null;
  const others = stillWaiting(messages, targetOf(messages, draft.in_reply_to));
  const unknown = strangers(draft.text, messages, channels);
  const isSigned = signed(draft.text, me.agent.sign_off) !== "";
  return (
    <div className="checks">
      {draft.text && isSigned ? <span>✓ {t("compose.signed", { sign: me.agent.sign_off })}</span> : null}
      {others.length ? (
        <span>
          {t("compose.still_wait")}{" "}
          {others.map((other) => (
            <button key={other.id} className="link" title={t("compose.answer_them")} onClick={() => onTarget(other)}><bdi>{other.author.name}</bdi></button>
          ))}
        </span>
      ) : null}
      {unknown.length ? <span className="bad">{t("compose.strangers", { who: unknown.join(", ") })}</span> : null}
      {warnings.map((words) => <span key={words} className="warn">{words}</span>)}
      {altMissing ? <span className="bad">{t("compose.alt_missing")}</span> : null}
    </div>
  );
}
