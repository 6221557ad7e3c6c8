import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, post, put, words } from "../api/client";
import { t } from "../i18n/t";
import { useCalled, useDesk, useNetworkTitle } from "../live/store";
import { toast } from "../ui/toast";
import { Loaded } from "./parts";
import { useUnsaved } from "./unsaved";

const KINDS = ["messages", "revisions", "media"] as const;
type Terms = { [kind in `${(typeof KINDS)[number]}_days`]?: number | null };
interface Rules {
  default?: Terms;
  channels?: Record<string, Terms>;
  events_days?: number;
}
type Would = Record<"messages" | "revisions" | "media" | "talks" | "events", number>;

function Days({ label, value, onChange, least }: { label: string; value: number | null | undefined; onChange: (days: number | null) => void; least?: boolean }) {
  return (
    <label>
      {label}
      <input type="number" min={1} max={36500} required={least} placeholder={t("keep.forever")} value={value ?? ""} onChange={(event) => onChange(event.target.value ? Number(event.target.value) : null)} />
    </label>
  );
}

function Lengths({ terms, onChange }: { terms: Terms; onChange: (terms: Terms) => void }) {
  return (
    <div className="lengths">
      {KINDS.map((kind) => <Days key={kind} label={t(`keep.${kind}`)} value={terms[`${kind}_days`]} onChange={(days) => onChange({ ...terms, [`${kind}_days`]: days })} />)}
    </div>
  );
}

function Editor({ kept }: { kept: Rules }) {
  const { channels } = useDesk();
  const called = useCalled();
  const titleOf = useNetworkTitle();
  const client = useQueryClient();
  const [rules, setRules] = useState(kept);
  const [would, setWould] = useState<Would | null>(null);
  const [busy, setBusy] = useState(false);
  useUnsaved(JSON.stringify(rules) !== JSON.stringify(kept));
  const change = (part: Rules): void => {
    setRules({ ...rules, ...part });
    setWould(null);
  };
  const own = rules.channels ?? {};
  const set = (id: string, terms: Terms | null): void => {
    const others = Object.entries(own).filter(([key]) => key !== id);
    change({ channels: Object.fromEntries(terms ? [...others, [id, terms]] : others) });
  };
  const run = async (act: () => Promise<void>): Promise<void> => {
    setBusy(true);
    await act().catch((error: unknown) => toast(words(error), { bad: true }));
    setBusy(false);
  };
  const save = async (): Promise<void> => {
    await put("/retention", rules);
    await client.invalidateQueries({ queryKey: ["/retention"] });
    setWould(null);
    toast(t("keep.saved"));
  };
  return (
    <form className="form" aria-label={t("settings.retention")} onSubmit={(event) => { event.preventDefault(); void run(async () => setWould(await post<Would>("/retention/preview", rules))); }}>
      <fieldset><legend>{t("keep.default")}</legend><Lengths terms={rules.default ?? {}} onChange={(terms) => change({ default: terms })} /></fieldset>
      {channels.map((channel) => (
        <fieldset key={channel.id}>
          <legend>{called(channel.network, channel.handle)} <span className="quiet">{titleOf(channel.network)}</span></legend>
          <label className="row-check"><input type="checkbox" checked={channel.id in own} onChange={(event) => set(channel.id, event.target.checked ? (rules.default ?? {}) : null)} /> {t("keep.own")}</label>
          {own[channel.id] ? <Lengths terms={own[channel.id] ?? {}} onChange={(terms) => set(channel.id, terms)} /> : null}
        </fieldset>
      ))}
      <fieldset><legend>{t("keep.events")}</legend><small className="quiet">{t("keep.events_help")}</small><Days least label={t("keep.days")} value={rules.events_days ?? 30} onChange={(days) => change({ events_days: days ?? 30 })} /></fieldset>
      {would ? (
        <div className="once" role="status">
          <span className="grow">{t(Object.values(would).some(Boolean) ? "keep.would" : "keep.would_nothing", would)}</span>
          <button type="button" className="btn go" autoFocus data-first disabled={busy} onClick={() => void run(save)}>{t("keep.save")}</button>
        </div>
      ) : <div><button className="btn go" disabled={busy}>{t("keep.preview")}</button></div>}
    </form>
  );
}

export function Retention() {
  const kept = useQuery({ queryKey: ["/retention"], queryFn: () => get<Rules>("/retention") });
  return (
    <>
      <p className="quiet">{t("keep.about")}</p>
      <Loaded query={kept}>{(rules) => <Editor key={JSON.stringify(rules)} kept={rules} />}</Loaded>
    </>
  );
}
