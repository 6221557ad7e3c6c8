/** One connected account: how it is, what it costs, what a check found. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get, post, words } from "../api/client";
import type { Channel } from "../api/types";
import { t } from "../i18n/t";
import { useCalled, useNetworkTitle } from "../live/store";
import { Do } from "../ui/Do";
import { dollars } from "../ui/number";
import { toast } from "../ui/toast";
import { Guide, type Step } from "./Guide";
import { Loaded } from "./parts";

interface Spent {
  today: number;
  total: number;
  cap: number | null;
}

interface Finding {
  state: "good" | "warn" | "bad";
  title: string;
  words: string;
}

function Spend({ id }: { id: string }) {
  const { data } = useQuery({ queryKey: ["/channels", id, "spend"], queryFn: () => get<Spent>(`/channels/${id}/spend?days=30`) });
  if (!data || (data.cap === null && data.total === 0)) return null;
  const values = { today: dollars(data.today), total: dollars(data.total) };
  return (
    <span className="quiet num">
      <br />
      {data.cap === null ? t("channel.spend", values) : t("channel.spend_cap", { ...values, cap: dollars(data.cap) })}
    </span>
  );
}

function Found({ channel, findings }: { channel: Channel; findings: Finding[] }) {
  const called = useCalled();
  return (
    <ul className="findings" aria-label={t("channel.checked", { handle: called(channel.network, channel.handle) })}>
      {findings.map((one) => (
        <li key={`${one.title}${one.words}`}>
          <span className={`state ${one.state}`}>{t(`channel.finding.${one.state}`)}</span>{" "}
          <b>{one.title}</b> {one.words}
        </li>
      ))}
    </ul>
  );
}

function Setup({ id }: { id: string }) {
  const [open, setOpen] = useState(false);
  const steps = useQuery({ queryKey: ["/channels", id, "guide"], queryFn: () => get<Step[]>(`/channels/${id}/guide`), enabled: open });
  return (
    <details className="setup" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{t("channel.setup")}</summary>
      {open ? <Loaded query={steps}>{(found) => <Guide steps={found} />}</Loaded> : null}
    </details>
  );
}

interface Props {
  channel: Channel;
  guided: boolean;
  onState: (state: "active" | "held") => Promise<unknown>;
  onAgain: () => void;
  onDisconnect: () => void;
}

export function ChannelRow({ channel, guided, onState, onAgain, onDisconnect }: Props) {
  const [findings, setFindings] = useState<Finding[] | null>(null);
  const [busy, setBusy] = useState(false);
  const titleOf = useNetworkTitle();
  const called = useCalled();
  const check = async (): Promise<void> => {
    setBusy(true);
    try {
      setFindings(await post<Finding[]>(`/channels/${channel.id}/check`));
    } catch (error) {
      toast(words(error), { bad: true });
    }
    setBusy(false);
  };
  const fine = channel.state === "active";
  return (
    <li className="channel">
      <span className="grow">
        <b>{called(channel.network, channel.handle)}</b> <span className="quiet">{titleOf(channel.network)}</span>{" "}
        <span className={`state ${fine ? "good" : "bad"}`}>{t(`channel.state.${channel.state}`)}</span>
        {channel.state_reason ? <><br /><span className="hot">{channel.state_reason}</span></> : null}
        {channel.notice ? <><br /><span className="warn">{channel.notice}</span></> : null}
        <Spend id={channel.id} />
      </span>
      <span className="acts">
        <Do act={check}>{t(busy ? "channel.checking" : "channel.check")}</Do>
        {channel.state === "reauthorize" ? <button className="btn go" onClick={onAgain}>{t("channel.again")}</button> : null}
        <Do act={() => onState(fine ? "held" : "active")}>{t(fine ? "settings.hold" : "settings.activate")}</Do>
        <button className="btn" onClick={onDisconnect}>{t("settings.disconnect")}</button>
      </span>
      {findings ? <Found channel={channel} findings={findings} /> : null}
      {guided ? <Setup id={channel.id} /> : null}
    </li>
  );
}
