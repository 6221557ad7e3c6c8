import { useState } from "react";
import { del, patch, post } from "../api/client";
import type { Channel, Inbox } from "../api/types";
import { t } from "../i18n/t";
import { Disconnect } from "./Disconnect";
import { Form, Things } from "./parts";
import { useThings } from "./useThings";

interface Network {
  network: string;
  title: string;
  fields: { name: string; label: string; secret: boolean; default: string; help: string }[];
}

function Connect({ run }: { run: (body: unknown) => Promise<boolean> }) {
  const networks = useThings<Network>("/networks");
  const inboxes = useThings<Inbox>("/inboxes");
  const [name, setName] = useState("");
  const chosen = networks.items.find((one) => one.network === name) ?? networks.items[0];
  if (!chosen || !inboxes.items.length) return null;
  return (
    <>
      <div className="form">
        <label>
          {t("settings.network")}
          <select value={chosen.network} onChange={(event) => setName(event.target.value)}>
            {networks.items.map((one) => <option key={one.network} value={one.network}>{one.title}</option>)}
          </select>
        </label>
      </div>
      <Form
        key={chosen.network}
        submit={t("settings.connect")}
        busyWords={t("settings.connecting")}
        inputs={[
          ...chosen.fields.map((field) => ({
            name: field.name,
            label: field.label,
            help: field.help,
            type: field.secret ? "password" : "text",
            value: field.default,
            optional: !field.secret && field.name !== "handle",
          })),
          { name: "inbox_id", label: t("settings.inbox"), options: inboxes.items.map((one) => ({ value: one.id, label: one.name })) },
        ]}
        onSubmit={({ inbox_id, ...fields }) => run({ network: chosen.network, inbox_id, fields })}
      />
    </>
  );
}

export function Channels() {
  const channels = useThings<Channel>("/channels");
  const [leaving, setLeaving] = useState<Channel | null>(null);
  const set = (channel: Channel, state: string): void => {
    void channels.run(() => patch(`/channels/${channel.id}`, { state }));
  };
  return (
    <>
      <Things {...channels} empty={channels.items.length === 0}>
        {channels.items.map((channel) => (
          <li key={channel.id}>
            <span className="grow"><b>@{channel.handle}</b> {channel.network}<br /><span className={channel.state === "active" ? "quiet" : "hot"}>{channel.state} {channel.state_reason}</span></span>
            {channel.state === "active" ? <button className="btn" onClick={() => set(channel, "held")}>{t("settings.hold")}</button> : <button className="btn" onClick={() => set(channel, "active")}>{t("settings.activate")}</button>}
            <button className="btn" onClick={() => setLeaving(channel)}>{t("settings.disconnect")}</button>
          </li>
        ))}
      </Things>
      {leaving ? <Disconnect channel={leaving} onClose={() => setLeaving(null)} onYes={() => void channels.run(() => del(`/channels/${leaving.id}`))} /> : null}
      <Connect run={async (body) => (await channels.run(() => post<Channel>("/channels", body))) !== null} />
    </>
  );
}
