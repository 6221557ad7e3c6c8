/** What stands above or below the desk: trouble, the rehearsal, bulk acts, short messages. */
import { useState } from "react";
import { post, words } from "../api/client";
import { t } from "../i18n/t";
import { useCalled, useDesk, useStore } from "../live/store";
import { Do } from "../ui/Do";
import { clockTime, useNow } from "../ui/time";
import { toast, useToasts } from "../ui/toast";
import { AlertBanners } from "../paging/AlertBanners";
import { ReadyNotice } from "../paging/Ready";
import { AsideNotice } from "../settings/AsideNotice";
import { AskNotices } from "./AskNotices";
import { go } from "./route";

export function Banners() {
  const { channels, me } = useDesk();
  const called = useCalled();
  const connection = useStore((state) => state.connection);
  const leads = me.agent.role === "owner" || me.agent.role === "lead";
  const held = channels.filter((channel) => channel.state === "held" || channel.state === "reauthorize");
  return (
    <>
      <AlertBanners />
      {held.map((channel) => (
        <div key={channel.id} className="banner bad" role="alert">
          {t(channel.state === "held" ? "banner.held" : "banner.reauthorize", { handle: called(channel.network, channel.handle), why: channel.state_reason })}
          {leads ? <button className="btn" onClick={() => go("/settings/channels")}>{t("banner.mend")}</button> : null}
        </div>
      ))}
      {channels.filter((channel) => channel.state === "active" && channel.notice).map((channel) => (
        <div key={channel.id} className="banner calm" role="status">{t("banner.notice", { handle: called(channel.network, channel.handle), words: channel.notice })}</div>
      ))}
      {connection === "reconnecting" ? <Away /> : null}
      {leads ? <AsideNotice /> : null}
      {leads ? <ReadyNotice /> : null}
      <AskNotices />
      {me.workspace.rehearsal ? <Rehearsal /> : null}
    </>
  );
}

const SHORTLY = 20_000;

/** A moment's silence is nothing; a longer one is said with what to do about it. */
function Away() {
  const [since] = useState(() => Date.now());
  const long = useNow() - since > SHORTLY;
  return (
    <div className={`banner ${long ? "bad" : ""}`} role="status">
      {long ? t("app.away", { since: clockTime(new Date(since).toISOString()) }) : t("app.reconnecting")}
    </div>
  );
}

function Rehearsal() {
  const { me } = useDesk();
  const start = async (): Promise<void> => {
    try {
      window.location.assign((await post<{ url: string }>("/rehearsal/start-for-real", {})).url);
    } catch (error) {
      toast(words(error), { bad: true });
    }
  };
  return (
    <div className="banner calm">
      {t("rehearsal.words")}
      {me.agent.role === "owner" ? <Do act={start}>{t("rehearsal.start")}</Do> : null}
    </div>
  );
}

export function Toasts() {
  const toasts = useToasts();
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((one) => (
        <div key={one.id} className={`toast ${one.bad ? "bad" : ""}`}>
          {one.text} {one.act ? <button className="btn" onClick={one.act.run}>{one.act.label}</button> : null}
        </div>
      ))}
    </div>
  );
}
