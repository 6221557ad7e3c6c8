/** The saved searches of a workspace: what each finds, what it costs, and what is wrong with it. */
import { useState } from "react";
import { del, post, put } from "../../api/client";
import { t } from "../../i18n/t";
import { SEARCHES } from "../../mentions/useSearches";
import type { Search, Sought } from "../../mentions/types";
import { Do } from "../../ui/Do";
import { Sure, Things } from "../parts";
import { useThings } from "../useThings";
import { priced } from "./money";
import { SearchForm } from "./SearchForm";
import { takenBy } from "./TakeIn";

const FRESH: Sought = { name: "", query: "", channels: [], languages: [], alert: false, take_in: [], outreach: false, on: true };
const bare = ({ name, query, channels, languages, alert, take_in, outreach, on }: Sought): Sought => ({ name, query, channels, languages, alert, take_in, outreach, on });

function Facts({ search }: { search: Search }) {
  const { on } = search;
  const facts = [
    on ? t("searches.week", { n: search.found_week }) : t("searches.off"),
    ...(on ? [search.price_month ? t("searches.month", { price: priced(search.price_month) }) : t("searches.free")] : []),
    ...(search.outreach ? [t("searches.finds_people")] : []),
    ...(search.take_in.length ? [t("searches.takes", { kinds: takenBy(search.take_in) })] : []),
    ...(search.alert ? [t("searches.alerts")] : []),
  ];
  return (
    <small className="quiet">
      {facts.join(", ")}
      {on && search.problem ? <><br /><span className="hot">{search.problem}</span></> : null}
    </small>
  );
}

export function Searches() {
  const searches = useThings<Search>(SEARCHES);
  const [open, setOpen] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<Search | null>(null);
  const keep = async (search: Sought, id: string): Promise<void> => {
    await searches.tried(() => (id ? put(`${SEARCHES}/${id}`, search) : post(SEARCHES, search)));
    setOpen(null);
  };
  const turn = (search: Search): Promise<unknown> =>
    searches.run(() => put(`${SEARCHES}/${search.id}`, { ...bare(search), on: !search.on }));
  return (
    <>
      <p className="quiet">{t("searches.about")}</p>
      {open === "" && searches.items.length === 0 ? null : (
        <Things {...searches} empty={searches.items.length === 0} emptyWords={t("searches.empty")}>
          {searches.items.map((search) => (
            <li key={search.id}>
              {open === search.id ? <SearchForm kept={bare(search)} onSave={(next) => keep(next, search.id)} onClose={() => setOpen(null)} /> : (
                <>
                  <span className="grow"><b><bdi>{search.name}</bdi></b><br /><code dir="auto">{search.query}</code><br /><Facts search={search} /></span>
                  <span className="acts">
                    <Do act={() => turn(search)}>{t(search.on ? "searches.turn_off" : "searches.turn_on")}</Do>
                    <button className="btn" onClick={() => setOpen(search.id)}>{t("searches.change")}</button>
                    <button className="btn" onClick={() => setLeaving(search)}>{t("act.remove")}</button>
                  </span>
                </>
              )}
            </li>
          ))}
        </Things>
      )}
      {open === "" ? <SearchForm kept={FRESH} onSave={(next) => keep(next, "")} onClose={() => setOpen(null)} /> : null}
      {open === null && !searches.loading && !searches.failed ? <div><button className="btn go" onClick={() => setOpen("")}>{t("searches.new")}</button></div> : null}
      {leaving ? <Sure title={t("searches.remove_title", { name: leaving.name })} words={t("searches.remove_words")} act={t("act.remove")} onYes={() => searches.tried(() => del(`${SEARCHES}/${leaving.id}`))} onClose={() => setLeaving(null)} /> : null}
    </>
  );
}
