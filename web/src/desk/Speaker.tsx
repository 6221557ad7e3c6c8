/** Who speaks, to whom, and who reads it: never to be mistaken. On a phone also what is answered. */
import type { ReactNode } from "react";
import type { Draft } from "../api/types";
import { t } from "../i18n/t";
import { directionOf } from "../ui/direction";
import { Icon } from "../ui/Icon";

interface Props {
  handle: string;
  to: string;
  mode: Draft["mode"];
  /** The post that is answered. */
  answered: string;
  /** Of a mail: what stands above it. Null where it is no mail. */
  subject: string | null;
  /** The writing fills the screen, where that is a phone's. */
  wide: boolean;
  onDone: () => void;
  /** The switch that says who reads it. */
  children: ReactNode;
}

export function Speaker({ handle, to, mode, answered, subject, wide, onDone, children }: Props) {
  const direct = mode === "direct";
  const note = mode === "note";
  return (
    <>
      <div className="as">
        {wide ? <button className="leave" aria-label={t("compose.done")} onClick={onDone}><Icon name="down" /></button> : null}
        <div className="names">
          {note ? <b>{t("compose.note")}</b> : subject !== null ? <Letter from={handle} to={to} subject={subject} /> : <><b><bdi>{handle}</bdi></b><span dir="auto">{t(direct ? "compose.to_alone" : "compose.to", { handle: to })}</span></>}
        </div>
        {note ? null : <Icon name={direct ? "lock" : "globe"} size={16} />}
        {children}
      </div>
      {wide && answered && !note ? <p className="answered" dir={directionOf(answered)}>{answered}</p> : null}
    </>
  );
}

/** The head of a mail, in a mail's words. */
function Letter({ from, to, subject }: { from: string; to: string; subject: string }) {
  return (
    <>
      <b><bdi>{from}</bdi></b>
      <span dir="auto">{t("compose.mail_to")} <bdi>{to}</bdi></span>
      <span dir="auto" className="re">{t("compose.mail_subject")} <bdi>{subject}</bdi></span>
    </>
  );
}
