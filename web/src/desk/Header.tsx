import { t } from "../i18n/t";
import { Key } from "../keys/Key";
import { useDesk } from "../live/store";
import { Icon } from "../ui/Icon";
import { grouped } from "../ui/number";
import { length, useNow } from "../ui/time";
import { go } from "./route";

function Pulse() {
  const { counts } = useDesk();
  const now = useNow();
  return (
    <div className="pulse num">
      {counts.nearly_late > 0 ? <span className="hot"><b>{grouped(counts.nearly_late)}</b> {t("pulse.nearly_late")}</span> : null}
      {counts.oldest_waiting_since ? (
        <span className="wide-only">{t("pulse.oldest")} <b>{length(now - Date.parse(counts.oldest_waiting_since)).replace(/ \d\d$/, "")}</b></span>
      ) : null}
      <span className={counts.nearly_late > 0 ? "wide-only" : ""}>{t("pulse.unanswered")} <b>{grouped(counts.unanswered)}</b></span>
    </div>
  );
}

export function Header({ onPalette }: { onPalette: () => void }) {
  const { me } = useDesk();
  return (
    <header>
      <a className="mark" href="/" onClick={(event) => { event.preventDefault(); go("/"); }}>
        <Icon name="ear" size={24} /> <span>Earful</span>
      </a>
      <button className="search" onClick={onPalette}>
        <Icon name="search" size={15} /> <span>{t("search.open")}</span> <Key of="palette" />
      </button>
      <Pulse />
      <a className="me" href="/settings/appearance" onClick={(event) => { event.preventDefault(); go("/settings/appearance"); }}>
        <span aria-hidden="true">{me.agent.initials}</span>
        <span className="hidden">{me.agent.name}: {t("nav.settings")}</span>
      </a>
    </header>
  );
}
