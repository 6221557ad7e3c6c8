/** Above the desk: what nobody has yet, with one button; and how many more there are. */
import { go } from "../desk/route";
import { t } from "../i18n/t";
import { Key } from "../keys/Key";
import { useDesk } from "../live/store";
import { Do } from "../ui/Do";
import { length, useNow } from "../ui/time";
import { useAlerts, type Alert } from "./alerts";

const MOST = 3;

/** How it goes on: the next step, or that there is none. */
function Onward({ alert }: { alert: Alert }) {
  const now = useNow();
  const left = alert.next_at ? Date.parse(alert.next_at) - now : null;
  return (
    <>
      {alert.trouble ? <span className="why">{alert.trouble}</span> : null}
      {left === null ? null : <span className="why num" aria-hidden="true">{left > 0 ? t("alert.next", { left: length(left) }) : t("alert.now")}</span>}
    </>
  );
}

export function AlertBanners() {
  const { open, have } = useAlerts();
  const { me } = useDesk();
  const raised = open.filter((alert) => alert.state === "raised");
  const may = me.agent.role !== "viewer";
  return (
    <>
      {raised.slice(0, MOST).map((alert, index) => (
        <div key={alert.id} className="banner bad alerted">
          <span role="alert" id={`alert-${alert.id}`}>{alert.title}</span>
          <Onward alert={alert} />
          <span className="acts">
            {may ? <Do act={() => have(alert.id)} aria-describedby={`alert-${alert.id}`}>{t("alert.have")} {index === 0 ? <Key of="have" /> : null}</Do> : null}
            {alert.cause === "name_said" ? <button className="btn" onClick={() => go("/mentions")}>{t("alert.look")}</button> : null}
            {alert.conversation_id ? <button className="btn" onClick={() => go(`/c/${alert.conversation_id ?? ""}`)}>{t("alert.look")}</button> : null}
          </span>
        </div>
      ))}
      {raised.length > MOST ? (
        <div className="banner bad">
          {t("alert.more", { n: raised.length - MOST })}
          <button className="btn" onClick={() => go("/settings/alerts")}>{t("alert.all")}</button>
        </div>
      ) : null}
    </>
  );
}
