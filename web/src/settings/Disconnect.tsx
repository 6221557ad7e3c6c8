/** What disconnecting a channel will do, said before it is done. */
import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import type { Channel } from "../api/types";
import { t } from "../i18n/t";
import { useCalled } from "../live/store";
import { Dialog } from "../ui/Dialog";
import { Failed } from "../ui/Failed";
import { useAnswer } from "../ui/useAnswer";
import { Loaded } from "./parts";

interface Leaving {
  queued: number;
  held: number;
  under_way: number;
}

function Waiting({ leaving }: { leaving: Leaving }) {
  const waits = leaving.queued + leaving.held;
  return (
    <>
      <li>{waits ? t(waits === 1 ? "disconnect.held_one" : "disconnect.held", { n: waits }) : t("disconnect.none_held")}</li>
      {leaving.under_way ? <li>{t("disconnect.under_way", { n: leaving.under_way })}</li> : null}
    </>
  );
}

export function Disconnect({ channel, onYes, onClose }: { channel: Channel; onYes: () => Promise<unknown>; onClose: () => void }) {
  const called = useCalled();
  const { busy, failed, run } = useAnswer(onClose);
  const leaving = useQuery({
    queryKey: ["/channels", channel.id, "leaving"],
    queryFn: () => get<Leaving>(`/channels/${channel.id}/leaving`),
    gcTime: 0,
  });
  return (
    <Dialog title={t("disconnect.title", { handle: called(channel.network, channel.handle) })} onClose={onClose}>
      <Loaded query={leaving}>
        {(found) => (
          <ul className="effects">
            <li>{t("disconnect.listening")}</li>
            <Waiting leaving={found} />
            <li>{t("disconnect.secrets")}</li>
            <li>{t("disconnect.history")}</li>
            <li>{t("disconnect.again")}</li>
          </ul>
        )}
      </Loaded>
      <Failed why={failed} />
      <div className="acts">
        <button className="btn danger" disabled={!leaving.data} aria-busy={busy || undefined} onClick={() => void run(onYes)}>{t("settings.disconnect")}</button>
        <button className="btn" autoFocus data-first onClick={onClose}>{t("act.cancel")}</button>
      </div>
    </Dialog>
  );
}
