/** Checks speak in sentences: quiet when fine, one warm line when not, the mend in the same line. */
import type { Draft, Message } from "../api/types";
import { t } from "../i18n/t";
import { Key } from "../keys/Key";
import { useAway, useDesk } from "../live/store";
import { signed } from "./count";
import { stillWaiting, strangers, targetOf, TOUCHES, touchesOf } from "./target";
import type { Changed } from "./useSend";

interface Props {
  messages: Message[];
  draft: Draft;
  altMissing: boolean;
  isNote: boolean;
  /** Everyone can read the answer, and it neither invites nor closes: then touches are counted. */
  isPublic: boolean;
  warnings: string[];
  changed: Changed | null;
  onTarget: (message: Message) => void;
  onRead: () => void;
  onForce: (next: boolean) => void;
  onMove: () => void;
}

/** The fourth public answer helps rarely, and everyone watches: a private way is one press away. */
function Touches({ messages, onMove }: Pick<Props, "messages" | "onMove">) {
  const before = touchesOf(messages);
  if (before < TOUCHES) return null;
  return (
    <span>
      {t("compose.touches", { n: before })}{" "}
      <button className="link" onClick={onMove}>{t("compose.touches_move")}</button> <Key of="move" />
    </span>
  );
}

export function Checks({ messages, draft, altMissing, isNote, isPublic, warnings, changed, onTarget, onRead, onForce, onMove }: Props) {
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
      {isPublic ? <Touches messages={messages} onMove={onMove} /> : null}
      {warnings.map((words) => <span key={words} className="warn">{words}</span>)}
      {altMissing ? <span className="bad">{t("compose.alt_missing")}</span> : null}
    </div>
  );
}
