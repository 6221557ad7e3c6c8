/** The field in which a person answers somebody who did not write to us. */
import { forwardRef, useState, type KeyboardEvent } from "react";
import { get, post, words } from "../api/client";
import type { Message } from "../api/types";
import { delivery } from "../desk/acts";
import { signed } from "../desk/count";
import { Left } from "../desk/Left";
import { limitsOf } from "../desk/readers";
import { go } from "../desk/route";
import { useLength } from "../desk/usePreview";
import { t } from "../i18n/t";
import { Key } from "../keys/Key";
import { commandOf } from "../keys/keymap";
import { useDesk, useNetworkTitle } from "../live/store";
import { directionOf } from "../ui/direction";
import { Failed } from "../ui/Failed";
import { toast } from "../ui/toast";
import type { Candidate } from "./types";

interface Sent {
  conversation_id: string;
  message: Message;
}

interface Props {
  one: Candidate;
  text: string;
  onText: (text: string) => void;
  onSent: () => void;
}

async function openThere(one: Candidate, text: string): Promise<void> {
  // Opened at once: a window that opens later is held for an advertisement.
  const there = window.open("about:blank", "_blank");
  try {
    const { url } = await get<{ url: string }>(`/mentions/${one.mention_id}/contact-there?text=${encodeURIComponent(text)}`);
    if (!there) return;
    there.opener = null;
    there.location.href = url;
  } catch (error) {
    there?.close();
    toast(words(error), { bad: true });
  }
}

export const Write = forwardRef<HTMLTextAreaElement, Props>(function Write({ one, text, onText, onSent }, ref) {
  const { me, channels } = useDesk();
  const titleOf = useNetworkTitle();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");
  const channel = channels.find((each) => each.id === one.channel_id);
  const limits = limitsOf(channel, "public");
  const full = signed(text, me.agent.sign_off);
  const path = `/mentions/${one.mention_id}`;
  const { length, parts, refusal } = useLength(`${path}/contact-preview`, text, full, limits);
  const name = one.name || one.handle;
  const over = refusal !== "" || (limits ? length > limits.length && !limits.threads : false);
  const offerUndo = ({ message, conversation_id: home }: Sent): void => {
    const id = message.delivery?.id;
    if (!id || me.agent.undo_for === 0) return void toast(t("outreach.sent", { name }));
    const run = async (): Promise<void> => {
      if (!(await delivery("DELETE", id))) return;
      toast(t("outreach.undone"));
      go(`/c/${home}`);
    };
    toast(t("outreach.sent", { name }), { act: { label: t("act.undo"), run: () => void run() } }, me.agent.undo_for * 1000);
  };
  const send = async (there: boolean): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setFailed("");
    try {
      const sent = await post<Sent>(`${path}/contact`, { text, there });
      if (there) toast(t("outreach.recorded", { name }));
      else offerUndo(sent);
      onSent();
    } catch (error) {
      setFailed(words(error));
    }
    setBusy(false);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      (event.target as HTMLElement).closest<HTMLElement>("article")?.focus();
    }
    if (commandOf(event.nativeEvent, me.preferences.keymap ?? {}, false) !== "send") return;
    event.preventDefault();
    if (text.trim() && !over && !one.barred) void send(false);
  };
  const network = titleOf(one.network);
  return (
    <div className="o-write">
      <p className="quiet">{one.barred || t("outreach.once")}</p>
      <textarea ref={ref} className="text" rows={3} dir={directionOf(text)} aria-label={t("outreach.field", { name })} placeholder={t("outreach.field", { name })} value={text} onChange={(event) => onText(event.target.value)} onKeyDown={onKey} />
      <Failed why={failed} />
      <div className="send">
        {limits ? <Left length={text ? length : 0} limit={limits.length} threads={limits.threads} parts={parts} refused={refusal !== ""} /> : null}
        <span className="grow" />
        {one.barred ? (
          <>
            {channel?.can.answers_there ? <button className="btn go" onClick={() => void openThere(one, text)}>{t("outreach.open", { network })}</button> : null}
            <button className="btn" aria-busy={busy || undefined} onClick={() => void send(true)}>{t("outreach.wrote")}</button>
          </>
        ) : <button className="btn go" disabled={busy || !text.trim() || over} aria-busy={busy || undefined} onClick={() => void send(false)}>{t("outreach.send")} <Key of="send" /></button>}
      </div>
    </div>
  );
});
