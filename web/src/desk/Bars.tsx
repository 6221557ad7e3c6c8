/** What stands above or below the desk: trouble, the rehearsal, bulk acts, short messages. */
import { post, words } from "../api/client";
import { t } from "../i18n/t";
import { useDesk, useStore } from "../live/store";
import { toast, useToasts } from "../ui/toast";
import { AsideNotice } from "../settings/AsideNotice";
import { bulk } from "./acts";
import { go } from "./route";

export function Banners() {
  const { channels, me } = useDesk();
  const connection = useStore((state) => state.connection);
  const leads = me.agent.role === "owner" || me.agent.role === "lead";
  const held = channels.filter((channel) => channel.state === "held" || channel.state === "reauthorize");
  return (
    <>
      {held.map((channel) => (
        <div key={channel.id} className="banner bad" role="alert">
          {t(channel.state === "held" ? "banner.held" : "banner.reauthorize", { handle: channel.handle, why: channel.state_reason })}
          {leads ? <button className="btn" onClick={() => go("/settings/channels")}>{t("banner.mend")}</button> : null}
        </div>
      ))}
      {connection === "reconnecting" ? <div className="banner" role="status">{t("app.reconnecting")}</div> : null}
      {leads ? <AsideNotice /> : null}
      {me.workspace.rehearsal ? <Rehearsal /> : null}
    </>
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
      {me.agent.role === "owner" ? <button className="btn" onClick={() => void start()}>{t("rehearsal.start")}</button> : null}
    </div>
  );
}

export function BulkBar({ picked, onLeave }: { picked: Set<string>; onLeave: (ids: string[]) => void }) {
  const { me } = useDesk();
  if (!picked.size) return null;
  const run = (change: Record<string, unknown>): void => {
    // The refused ones stay selected: something else is to be done with them.
    void bulk([...picked], change).then(onLeave);
  };
  return (
    <div className="bulk" role="toolbar" aria-label={t("bulk.selected", { n: picked.size })}>
      <b className="num">{t("bulk.selected", { n: picked.size })}</b>
      <button className="btn" onClick={() => run({ act: "assign", agent_id: me.agent.id })}>{t("act.take")}</button>
      <button className="btn" onClick={() => run({ act: "snooze", until: new Date(Date.now() + 3_600_000).toISOString() })}>{t("snooze.hour")}</button>
      <button className="btn" onClick={() => run({ act: "resolve", disposition: "solved" })}>{t("act.resolve")}</button>
      <button className="btn" onClick={() => onLeave([])}>{t("bulk.clear")}</button>
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
