/** The editor of a saved search: what, where, in which languages; beside it what it would find and cost. */
import { useState, type FormEvent } from "react";
import { words } from "../../api/client";
import { t } from "../../i18n/t";
import { useCalled, useDesk, useNetworkTitle } from "../../live/store";
import type { Sought } from "../../mentions/types";
import { Failed } from "../../ui/Failed";
import { useUnsaved } from "../unsaved";
import { Languages } from "./Languages";
import { Preview } from "./Preview";
import { QueryField } from "./QueryField";
import { TakeIn } from "./TakeIn";
import { useTrial, wrongOf, type Wrong } from "./useTrial";

interface Props {
  kept: Sought;
  onSave: (search: Sought) => Promise<unknown>;
  onClose: () => void;
}

function Where({ chosen, onChange }: { chosen: string[]; onChange: (channels: string[]) => void }) {
  const { channels } = useDesk();
  const called = useCalled();
  const titleOf = useNetworkTitle();
  return (
    <fieldset>
      <legend>{t("searches.where")}</legend>
      <small className="quiet">{t("searches.where_help")}</small>
      <div className="ticks">
        {channels.map((one) => (
          <label key={one.id} className="row-check">
            <input type="checkbox" checked={chosen.includes(one.id)} onChange={(event) => onChange(event.target.checked ? [...chosen, one.id] : chosen.filter((id) => id !== one.id))} /> <span>{titleOf(one.network)} <bdi className="quiet">{called(one.network, one.handle)}</bdi></span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function SearchForm({ kept, onSave, onClose }: Props) {
  const [search, setSearch] = useState(kept);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");
  const [refused, setRefused] = useState<{ query: string; wrong: Wrong } | null>(null);
  useUnsaved(JSON.stringify(search) !== JSON.stringify(kept));
  const tried = useTrial(search);
  const change = (part: Partial<Sought>): void => setSearch({ ...search, ...part });
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFailed("");
    await onSave({ ...search, name: search.name.trim(), query: search.query.trim() }).catch((error: unknown) => {
      const wrong = wrongOf(error);
      if (wrong?.at != null) setRefused({ query: search.query, wrong });
      else setFailed(words(error));
    });
    setBusy(false);
  };
  const wrong = tried.wrong ?? (refused?.query === search.query ? refused.wrong : null);
  return (
    <form className="form wide sought" aria-label={search.name || t("searches.new")} onSubmit={(event) => void save(event)}>
      <div className="sought-in">
        <label>{t("settings.name")}<input required autoFocus maxLength={100} dir="auto" value={search.name} onChange={(event) => change({ name: event.target.value })} /></label>
        <QueryField query={search.query} wrong={wrong} onChange={(query) => change({ query })} />
      </div>
      <Preview tried={tried} query={search.query} />
      <div className="sought-in">
        <Where chosen={search.channels} onChange={(channels) => change({ channels })} />
        <Languages chosen={search.languages} onChange={(languages) => change({ languages })} />
        <TakeIn chosen={search.take_in} onChange={(take_in) => change({ take_in })} />
        <label className="row-check"><input type="checkbox" checked={search.outreach} onChange={(event) => change({ outreach: event.target.checked })} /> <span>{t("searches.outreach")}<br /><small>{t("searches.outreach_help")}</small></span></label>
        <label className="row-check"><input type="checkbox" checked={search.alert} onChange={(event) => change({ alert: event.target.checked })} /> <span>{t("searches.alert")}<br /><small>{t("searches.alert_help")}</small></span></label>
        <Failed why={failed} />
        <div className="acts">
          <button className="btn go" aria-busy={busy || undefined}>{t("act.save")}</button>
          <button type="button" className="btn" onClick={onClose}>{t("act.cancel")}</button>
        </div>
      </div>
    </form>
  );
}
