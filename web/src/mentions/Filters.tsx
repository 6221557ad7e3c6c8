/** Which mentions are shown: new, taken in or dismissed, and by which search. */
import { go } from "../desk/route";
import { t } from "../i18n/t";
import { Choose } from "../ui/Choose";
import { STATES, type Search } from "./types";
import type { Filter } from "./useMentions";

interface Props {
  filter: Filter;
  searches: Search[];
  leads: boolean;
  onChange: (filter: Filter) => void;
}

export function Filters({ filter, searches, leads, onChange }: Props) {
  const troubled = leads ? searches.filter((one) => one.on && one.problem) : [];
  return (
    <>
      <div className="split-head first">
        <h1>{t("mentions.title")}</h1>
        {searches.length ? <Choose label={t("mentions.which")} value={filter.state} options={STATES.map((value) => ({ value, label: t(`mentions.state.${value}`) }))} onChange={(state) => onChange({ ...filter, state })} /> : null}
        {searches.length > 1 ? (
          <label className="m-by">
            <span className="hidden">{t("mentions.by_search")}</span>
            <select value={filter.search} onChange={(event) => onChange({ ...filter, search: event.target.value })}>
              <option value="">{t("mentions.all_searches")}</option>
              {searches.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
            </select>
          </label>
        ) : null}
        {leads && searches.length ? <a className="btn" href="/settings/searches" onClick={(event) => { event.preventDefault(); go("/settings/searches"); }}>{t("mentions.searches")}</a> : null}
      </div>
      {troubled.map((one) => <p key={one.id} className="m-trouble" role="status"><b><bdi>{one.name}</bdi></b> {one.problem}</p>)}
    </>
  );
}
