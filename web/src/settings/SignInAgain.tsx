/** Signing in to a connected account again: new secrets, or the network's own pages. */
import { patch, Problem } from "../api/client";
import type { Channel } from "../api/types";
import { t } from "../i18n/t";
import { useCalled } from "../live/store";
import { Dialog } from "../ui/Dialog";
import { goThere, inputOf, type Network } from "./Connect";
import { Form } from "./parts";

interface Props {
  channel: Channel;
  network: Network;
  /** Raises what went wrong; the form says it. */
  run: (change: () => Promise<void>) => Promise<void>;
  onClose: () => void;
}

/** Whether it is signed in to on the network's own pages; only the desk knows what was typed before. */
async function wentThere(channel: Channel, fields: Record<string, string>, may: boolean): Promise<boolean> {
  if (!may) return false;
  try {
    await goThere({ network: channel.network, inbox_id: channel.inbox_id, fields, channel_id: channel.id });
    return true;
  } catch (error) {
    if (error instanceof Problem && error.slug === "not-there") return false;
    throw error;
  }
}

export function SignInAgain({ channel, network, run, onClose }: Props) {
  const called = useCalled();
  const secrets = network.fields.filter((field) => field.secret);
  const send = async (fields: Record<string, string>): Promise<boolean> => {
    await run(async () => {
      if (await wentThere(channel, fields, network.authorizes)) return;
      await patch(`/channels/${channel.id}`, { fields });
      onClose();
    });
    return true;
  };
  return (
    <Dialog title={t("channel.again_title", { handle: called(channel.network, channel.handle) })} onClose={onClose}>
      {secrets.length ? <p className="quiet">{t("channel.again_words")}</p> : null}
      <Form
        inputs={secrets.map((field) => ({ ...inputOf(field, true), optional: true, more: false }))}
        submit={t("channel.again")}
        busyWords={t("settings.connecting")}
        onSubmit={send}
      />
    </Dialog>
  );
}
