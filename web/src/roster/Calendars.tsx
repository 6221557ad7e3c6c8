/** Calendars in and out: a file is looked at before it is kept; an address is shown once. */
import { useState } from "react";
import { del, post, words } from "../api/client";
import type { Agent } from "../api/types";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Once } from "../settings/parts";
import { useThings } from "../settings/useThings";
import { Do } from "../ui/Do";
import { day } from "../ui/time";
import { toast } from "../ui/toast";
import { TakeIn } from "./TakeIn";

interface Feed {
  id: string;
  agent_id: string | null;
  created_at: string;
}

interface Props {
  edits: boolean;
  agents: Agent[];
  change: (act: () => Promise<unknown>) => Promise<void>;
}

function Feeds({ edits, agents }: { edits: boolean; agents: Agent[] }) {
  const { me } = useDesk();
  const feeds = useThings<Feed>("/roster/feeds");
  const [url, setUrl] = useState("");
  const [whose, setWhose] = useState(me.agent.id);
  const name = (feed: Feed): string => agents.find((agent) => agent.id === feed.agent_id)?.name ?? t("roster.everybody");
  const make = async (): Promise<void> => {
    const made = await feeds.run(() => post<{ url: string }>("/roster/feeds", { agent_id: whose || null }));
    if (made) setUrl(made.url);
  };
  return (
    <details>
      <summary>{t("roster.feeds")}</summary>
      <div className="form">
        <p className="quiet">{t("roster.feeds_help")}</p>
        {edits ? <label>{t("roster.whose")}<select value={whose} onChange={(event) => setWhose(event.target.value)}><option value="">{t("roster.everybody")}</option>{agents.map((agent) => <option key={agent.id} value={agent.id}>{agent.name}</option>)}</select></label> : null}
        <div><Do act={make}>{t("roster.make_feed")}</Do></div>
        {url ? <Once words={t("roster.feed_once")} value={url} /> : null}
        {feeds.items.length ? (
          <ul className="things">
            {feeds.items.map((feed) => (
              <li key={feed.id}><span className="grow">{name(feed)} <small className="quiet">{day(feed.created_at)}</small></span><Do aria-label={t("settings.remove_one", { name: name(feed) })} act={() => feeds.run(() => del(`/roster/feeds/${feed.id}`))}>{t("act.remove")}</Do></li>
            ))}
          </ul>
        ) : null}
      </div>
    </details>
  );
}

export function Calendars({ edits, agents, change }: Props) {
  const kept = (act: () => Promise<unknown>): Promise<void> => change(act).catch((error: unknown) => void toast(words(error), { bad: true }));
  return (
    <>
      <Feeds edits={edits} agents={agents} />
      {edits ? <TakeIn agents={agents} change={kept} /> : null}
    </>
  );
}
