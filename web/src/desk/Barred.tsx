/** A post that no program may answer there: a person still can, and says so here. */
import { useState } from "react";
import { get, post, words } from "../api/client";
import type { Channel, Message } from "../api/types";
import { t } from "../i18n/t";
import { Dialog } from "../ui/Dialog";
import { Failed } from "../ui/Failed";
import { toast } from "../ui/toast";
import { useAnswer } from "../ui/useAnswer";

interface Props {
  target: Message;
  channel: Channel | undefined;
  text: string;
  onDone: () => void;
}

async function open(target: Message, text: string): Promise<void> {
  // Opened at once: a window that opens later is held for an advertisement.
  const there = window.open("about:blank", "_blank");
  try {
    const { url } = await get<{ url: string }>(`/messages/${target.id}/answer-there?text=${encodeURIComponent(text)}`);
    if (!there) return;
    there.opener = null;
    there.location.href = url;
  } catch (error) {
    there?.close();
    toast(words(error), { bad: true });
  }
}

function Record({ target, text, onClose, onDone }: { target: Message; text: string; onClose: () => void; onDone: () => void }) {
  const [said, setSaid] = useState(text);
  const [uri, setUri] = useState("");
  const answer = useAnswer(onClose);
  const record = async (): Promise<void> => {
    await post<Message>(`/messages/${target.id}/answer-there`, { text: said, uri });
    onDone();
  };
  return (
    <Dialog title={t("barred.record")} onClose={onClose}>
      <form className="form" onSubmit={(event) => { event.preventDefault(); void answer.run(record); }}>
        <label>{t("barred.text")}<textarea dir="auto" rows={4} value={said} data-first onChange={(event) => setSaid(event.target.value)} /></label>
        <label>{t("barred.uri")}<input type="url" value={uri} placeholder="https://" onChange={(event) => setUri(event.target.value)} /><small>{t("barred.uri_help")}</small></label>
        <Failed why={answer.failed} />
        <button className="btn go" aria-busy={answer.busy || undefined}>{t("barred.settle")}</button>
      </form>
    </Dialog>
  );
}

export function Barred({ target, channel, text, onDone }: Props) {
  const [recording, setRecording] = useState(false);
  return (
    <div className="barred" role="note">
      <p><b>{t("barred.title")}</b> {target.extra?.barred}</p>
      <div className="acts">
        {channel?.can.answers_there ? <button className="btn go" onClick={() => void open(target, text)}>{t("barred.open", { network: channel.network })}</button> : null}
        <button className="btn" onClick={() => setRecording(true)}>{t("barred.done")}</button>
      </div>
      {recording ? <Record target={target} text={text} onClose={() => setRecording(false)} onDone={onDone} /> : null}
    </div>
  );
}
