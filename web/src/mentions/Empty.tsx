/** What stands where no mention does: what it means, and what to do about it. */
import { go } from "../desk/route";
import { t } from "../i18n/t";
import { useKeys } from "../keys/Key";
import { Icon } from "../ui/Icon";
import type { Search } from "./types";
import type { Filter } from "./useMentions";

interface Props {
  searches: Search[];
  leads: boolean;
  filter: Filter;
}

const SEARCHES = "/settings/searches";

export function Empty({ searches, leads, filter }: Props) {
  const keys = useKeys();
  if (searches.length === 0)
    return (
      <div className="m-empty">
        <Icon name="ear" size={40} />
        <h2>{t("mentions.none_title")}</h2>
        <p>{t(leads ? "mentions.none_lead" : "mentions.none_agent")}</p>
        {leads ? <button className="btn go" onClick={() => go(SEARCHES)}>{t("mentions.make")}</button> : null}
      </div>
    );
  const off = filter.state === "new" && searches.every((one) => !one.on);
  return (
    <div className="m-empty">
      <Icon name={filter.state === "new" ? "check" : "ear"} size={40} />
      <p>{off ? t("mentions.all_off") : t(`mentions.empty.${filter.state}`, keys)}</p>
      {off && leads ? <button className="btn" onClick={() => go(SEARCHES)}>{t("mentions.searches")}</button> : null}
    </div>
  );
}
