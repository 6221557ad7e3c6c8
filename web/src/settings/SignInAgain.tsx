/** Signing in to a connected account again: new secrets, or the network's own pages. */
import { patch } from "../api/client";
import type { Channel } from "../api/types";
import { t } from "../i18n/t";
import { Dialog } from "../ui/Dialog";
import { goesThere, goThere, inputOf, type Network } from "./Connect";
import { Form } from "./parts";

interface Props {
  channel: Channel;
  network: Network;
  run: (change: () => Promise<unknown>) => Promise<unknown>;
  onClose: () => void;
}

export function SignInAgain({ channel, network, run, onClose }: Props) {
  const secrets = network.fields.filter((field) => field.secret);
  const send = async (fields: Record<string, string>): Promise<boolean> => {
    const there = goesThere(network, fields);
    const body = { network: network.network, inbox_id: channel.inbox_id, fields, channel_id: channel.id };
    const done = await run(async () => {
      await (there ? goThere(body) : patch(`/channels/${channel.id}`, { fields }));
      return true;
    });
    if (done !== null && !there) onClose();
    return done !== null;
  };
  return (
    <Dialog title={t("channel.again_title", { handle: channel.handle })} onClose={onClose}>
      {secrets.length ? <p className="quiet">{t("channel.again_words")}</p> : null}
      <Form
        inputs={secrets.map((field) => ({ ...inputOf(field, true), optional: true }))}
        submit={(values) => (goesThere(network, values) ? t("connect.there", { network: network.title }) : t("channel.again"))}
        busyWords={t("settings.connecting")}
        onSubmit={send}
      />
    </Dialog>
  );
}
