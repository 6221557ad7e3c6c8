/** What must be there before the desk goes live, and the line that says so above the desk. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { get } from "../api/client";
import { go, usePath } from "../desk/route";
import { t } from "../i18n/t";
import { onEvent, useDesk } from "../live/store";
import { Loaded } from "../settings/parts";

interface Item {
  name: "channel" | "staff" | "policy" | "hours" | "roster" | "on_call" | "texts";
  ready: boolean;
  words: string;
  where: string;
}

interface Readiness {
  ready: boolean;
  blocks: boolean;
  items: Item[];
}

/** Events by which a line may turn. */
const TURNS = /^(channel|inbox|policy|hours|shift|roster|pager|ladder|paging|responder)\./;

function useReadiness() {
  const client = useQueryClient();
  const found = useQuery({ queryKey: ["/readiness"], queryFn: () => get<Readiness>("/readiness"), staleTime: 60_000 });
  useEffect(
    () => onEvent((event) => {
      if (TURNS.test(event.kind)) void client.invalidateQueries({ queryKey: ["/readiness"] });
    }),
    [client],
  );
  return found;
}

export function ReadyNotice() {
  const path = usePath();
  const { channels } = useDesk();
  const { data } = useReadiness();
  const missing = data?.items.filter((item) => !item.ready).length ?? 0;
  if (!data?.blocks || !missing || !channels.length || path === "/settings/live") return null;
  return (
    <div className="banner calm" role="status">
      {t("live.notice", { n: missing, all: data.items.length })}
      <button className="btn" onClick={() => go("/settings/live")}>{t("live.look")}</button>
    </div>
  );
}

export function Ready() {
  const found = useReadiness();
  return (
    <>
      <p className="quiet">{t("live.about")}</p>
      <Loaded query={found}>
        {({ items, ready, blocks }) => (
          <>
            <p role="status"><b>{t(ready ? "live.ready" : blocks ? "live.not_ready" : "live.rehearsal")}</b></p>
            <ul className="things">
              {items.map((item) => (
                <li key={item.name}>
                  <span className={`state ${item.ready ? "good" : "bad"}`}>{item.ready ? "✓" : "✕"} {t(item.ready ? "portal.done" : "portal.missing")}</span>
                  <span className="grow"><b>{t(`live.${item.name}`)}</b><br /><span className="quiet">{item.words}</span></span>
                  {item.ready ? null : <button className="btn go" aria-label={t("live.do_one", { name: t(`live.${item.name}`) })} onClick={() => go(`/settings/${item.where}`)}>{t("live.do")}</button>}
                </li>
              ))}
            </ul>
          </>
        )}
      </Loaded>
    </>
  );
}
