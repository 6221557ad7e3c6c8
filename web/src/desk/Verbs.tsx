/** What can be done to a post on its network, where the channel lets us. */
import { useState } from "react";
import { del, put, words } from "../api/client";
import type { Message } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { toast } from "../ui/toast";

/** The event brings the new state; a refusal is said. */
async function tried(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    toast(words(error), { bad: true }, 12_000);
  }
}

export function Verbs({ message }: { message: Message }) {
  const { me, channels, cards } = useDesk();
  const [sure, setSure] = useState(false);
  const [busy, setBusy] = useState(false);
  const can = channels.find((one) => one.id === cards.get(message.conversation_id)?.channel_id)?.can;
  const stands = message.external_id !== null && !message.deleted_at;
  if (!can || !stands || me.agent.role === "viewer") return null;
  const run = (call: Promise<unknown>): void => {
    setBusy(true);
    void tried(call).finally(() => { setBusy(false); setSure(false); });
  };
  const hidden = message.extra?.hidden === true;
  if (message.direction === "incoming" && can.hides && message.visibility === "public")
    return <button className="verb" disabled={busy} onClick={() => run(put(`/messages/${message.id}/hidden`, { hidden: !hidden }))}>{t(hidden ? "verb.show" : "verb.hide")}</button>;
  if (message.direction !== "outgoing" || message.visibility !== "public" || !can.removes || message.extra?.there) return null;
  if (!sure) return <button className="verb" onClick={() => setSure(true)}>{t("verb.remove")}</button>;
  return (
    <span className="sure">
      <button className="verb hot" disabled={busy} autoFocus onClick={() => run(del(`/messages/${message.id}`))}>{t("verb.remove_sure")}</button>
      <button className="verb" onClick={() => setSure(false)}>{t("act.cancel")}</button>
    </span>
  );
}
