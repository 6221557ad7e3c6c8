/** Asked after somebody wrote while nobody looked: may the browser tell of it? The answer is kept. */
import { useEffect, useState } from "react";
import { t } from "../i18n/t";
import { onEvent, useDesk } from "../live/store";
import { mayTell, prefer, tellMe } from "../settings/preferences";

export function AskNotices() {
  const { notifications } = useDesk().me.preferences;
  const [missed, setMissed] = useState(false);
  useEffect(
    () =>
      onEvent(({ kind }) => {
        if (kind === "conversation.opened" && document.visibilityState !== "visible") setMissed(true);
      }),
    [],
  );
  if (!missed || !mayTell(notifications)) return null;
  return (
    <div className="banner calm" role="status">
      {t("notify.ask")}
      {/* A browser asks its own question only after a click, or people learn to deny it. */}
      <button className="btn go" onClick={() => void tellMe()}>{t("notify.yes")}</button>
      <button className="btn" onClick={() => void prefer({ notifications: false })}>{t("notify.no")}</button>
    </div>
  );
}
