/** Asked once somebody wrote while nobody looked, or on another day: may the browser tell of it? The answer is kept. */
import { useEffect, useState } from "react";
import { t } from "../i18n/t";
import { onEvent, useDesk } from "../live/store";
import { mayTell, prefer, tellMe } from "../settings/preferences";
import { Do } from "../ui/Do";

const FIRST_DAY = "earful-first-day";

/** Whether this browser knew the desk before today. */
function isAnotherDay(): boolean {
  try {
    const today = new Date().toDateString();
    const first = localStorage.getItem(FIRST_DAY);
    if (!first) localStorage.setItem(FIRST_DAY, today);
    return first !== null && first !== today;
  } catch {
    return false;
  }
}

export function AskNotices() {
  const { notifications } = useDesk().me.preferences;
  const [missed, setMissed] = useState(isAnotherDay);
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
      <Do className="btn go" act={tellMe}>{t("notify.yes")}</Do>
      <Do act={() => prefer({ notifications: false })}>{t("notify.no")}</Do>
    </div>
  );
}
