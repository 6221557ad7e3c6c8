/** What is the matter now and was lately, with every page that was sent of it. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "../api/client";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Loaded, More, Things } from "../settings/parts";
import { usePages } from "../settings/useThings";
import { Do } from "../ui/Do";
import { ago, clockTime, useNow } from "../ui/time";
import { useAlerts, type Alert, type Page } from "./alerts";

const PAST = { past: "true" };

function Pages({ alert }: { alert: Alert }) {
  const found = useQuery({ queryKey: ["/alerts", alert.id], queryFn: () => get<{ pages: Page[] }>(`/alerts/${alert.id}`) });
  return (
    <Loaded query={found}>
      {({ pages }) =>
        pages.length ? (
          <ul className="findings">
            {pages.map((page) => (
              <li key={page.id}>
                {page.name}: {t(`page.${page.state}`, { at: clockTime(page.sent_at ?? page.created_at), n: page.attempts })} {page.error ? <span className="quiet">{page.error}</span> : null}
              </li>
            ))}
          </ul>
        ) : <p className="quiet">{t("page.none")}</p>
      }
    </Loaded>
  );
}

function Line({ alert, have }: { alert: Alert; have: ((id: string) => Promise<void>) | undefined }) {
  const now = useNow();
  const [more, setMore] = useState(false);
  return (
    <li>
      <span className="grow">
        <b>{alert.title}</b><br />
        <span className="quiet">
          {alert.state === "acknowledged" ? t("alert.has", { name: alert.acknowledged_name, ago: ago(alert.raised_at, now) }) : t(`alert.${alert.state}`, { ago: ago(alert.raised_at, now), n: alert.reached })}
          {alert.trouble && alert.state === "raised" ? <><br />{alert.trouble}</> : null}
        </span>
      </span>
      {have && alert.state === "raised" ? <Do className="btn go" act={() => have(alert.id)}>{t("alert.have")}</Do> : null}
      <button className="btn" aria-expanded={more} onClick={() => setMore(!more)}>{t("alert.pages")}</button>
      {more ? <Pages alert={alert} /> : null}
    </li>
  );
}

export function Alerts() {
  const { open, more, fetching, have } = useAlerts();
  const { me } = useDesk();
  const past = usePages<Alert>("/alerts", PAST);
  const taking = me.agent.role === "viewer" ? undefined : have;
  return (
    <>
      <p className="quiet">{t("alerts.about")}</p>
      <Things loading={false} failed="" again={() => undefined} empty={open.length === 0} emptyWords={t("alerts.empty")}>
        {open.map((alert) => <Line key={alert.id} alert={alert} have={taking} />)}
      </Things>
      <More more={more} fetching={fetching} />
      <h2>{t("alerts.past")}</h2>
      <Things {...past} empty={past.items.length === 0} emptyWords={t("alerts.no_past")}>
        {past.items.map((alert) => <Line key={alert.id} alert={alert} have={undefined} />)}
      </Things>
      <More {...past} />
    </>
  );
}
