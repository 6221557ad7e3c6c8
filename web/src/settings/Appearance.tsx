import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { prefer, tellMe } from "./preferences";

export function Appearance() {
  const { me } = useDesk();
  const { theme = "system", notifications = false, undo_for: undoFor = me.agent.undo_for } = me.preferences;
  return (
    <div className="form">
      <label>
        {t("settings.theme")}
        <select value={theme} onChange={(event) => void prefer({ theme: event.target.value as "system" })}>
          {(["system", "light", "dark"] as const).map((name) => <option key={name} value={name}>{t(`settings.theme.${name}`)}</option>)}
        </select>
      </label>
      <label>
        {t("settings.undo_for")}
        <input type="number" min={0} max={60} value={undoFor} onChange={(event) => void prefer({ undo_for: Math.max(0, Math.min(60, Number(event.target.value))) })} />
      </label>
      <label className="row-check">
        <input type="checkbox" checked={notifications} onChange={(event) => void (event.target.checked ? tellMe() : prefer({ notifications: false }))} /> {t("settings.notify")}
      </label>
    </div>
  );
}
