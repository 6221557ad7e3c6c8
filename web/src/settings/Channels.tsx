import { useEffect, useState } from "react";
import { del, patch } from "../api/client";
import type { Channel } from "../api/types";
import { t } from "../i18n/t";
import { useCalled } from "../live/store";
import { ChannelRow } from "./ChannelRow";
import { Connect, type Network } from "./Connect";
import { Disconnect } from "./Disconnect";
import { Things } from "./parts";
import { SignInAgain } from "./SignInAgain";
import { useThings } from "./useThings";

/** The channel that a sign-in on a network's own pages has just connected; said once. */
function useArrived(channels: Channel[]): Channel | undefined {
  const [arrived] = useState(() => new URLSearchParams(window.location.search).get("connected"));
  useEffect(() => {
    if (arrived) window.history.replaceState(null, "", window.location.pathname);
  }, [arrived]);
  return channels.find((channel) => channel.id === arrived);
}

export function Channels() {
  const called = useCalled();
  const channels = useThings<Channel>("/channels");
  const networks = useThings<Network>("/networks");
  const [leaving, setLeaving] = useState<Channel | null>(null);
  const [again, setAgain] = useState<Channel | null>(null);
  const arrived = useArrived(channels.items);
  const networkOf = (channel: Channel): Network | undefined => networks.items.find((one) => one.network === channel.network);
  const its = again && networkOf(again);
  return (
    <>
      {arrived ? <p className="done" role="status">✓ {t("connect.done", { handle: called(arrived.network, arrived.handle) })}</p> : null}
      <Things {...channels} empty={channels.items.length === 0} emptyWords={t("settings.no_channels")}>
        {channels.items.map((channel) => (
          <ChannelRow
            key={channel.id}
            channel={channel}
            guided={Boolean(networkOf(channel)?.guide.some((step) => step.copy || step.lacks))}
            onState={(state) => channels.run(() => patch(`/channels/${channel.id}`, { state }))}
            onAgain={() => setAgain(channel)}
            onDisconnect={() => setLeaving(channel)}
          />
        ))}
      </Things>
      {leaving ? <Disconnect channel={leaving} onClose={() => setLeaving(null)} onYes={() => channels.tried(() => del(`/channels/${leaving.id}`))} /> : null}
      {again && its ? <SignInAgain channel={again} network={its} run={channels.tried} onClose={() => setAgain(null)} /> : null}
      <Connect networks={networks.items} run={channels.run} />
    </>
  );
}
