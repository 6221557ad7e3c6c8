/** For whom a policy is: by inbox, channel, visibility, tag of the person, language. */
import { t } from "../../i18n/t";
import { useDesk, useNetworkTitle } from "../../live/store";
import type { Match } from "./types";

interface TicksProps {
  title: string;
  from: { id: string; name: string }[];
  ids: string[];
  onChange: (ids: string[]) => void;
}

function Ticks({ title, from, ids, onChange }: TicksProps) {
  if (from.length === 0) return null;
  return (
    <fieldset>
      <legend>{title}</legend>
      <div className="ticks">
        {from.map((one) => (
          <label key={one.id} className="row-check">
            <input type="checkbox" checked={ids.includes(one.id)} onChange={(event) => onChange(event.target.checked ? [...ids, one.id] : ids.filter((id) => id !== one.id))} /> {one.name}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function Listed({ label, help, words, onChange }: { label: string; help: string; words: string[]; onChange: (words: string[]) => void }) {
  const split = (text: string): string[] => text.split(",").map((word) => word.trim()).filter(Boolean);
  return <label>{label}<small>{help}</small><input defaultValue={words.join(", ")} onBlur={(event) => onChange(split(event.target.value))} /></label>;
}

export function Fits({ match, onChange }: { match: Match; onChange: (match: Match) => void }) {
  const { inboxes, channels } = useDesk();
  const titleOf = useNetworkTitle();
  const set = (part: Partial<Match>): void => onChange({ ...match, ...part });
  const some = Object.values(match).some((words) => words.length);
  return (
    <details open={some}>
      <summary>{t(some ? "sla.for_some" : "sla.for_all")}</summary>
      <div className="form">
        <small className="quiet">{t("sla.match_help")}</small>
        <Ticks title={t("settings.inboxes")} from={inboxes} ids={match.inbox_ids} onChange={(inbox_ids) => set({ inbox_ids })} />
        <Ticks title={t("settings.channels")} from={channels.map((one) => ({ id: one.id, name: `@${one.handle} (${titleOf(one.network)})` }))} ids={match.channel_ids} onChange={(channel_ids) => set({ channel_ids })} />
        <Ticks title={t("sla.visibility")} from={(["public", "direct", "email"] as const).map((id) => ({ id, name: t(`sla.visibility.${id}`) }))} ids={match.visibilities} onChange={(visibilities) => set({ visibilities })} />
        <Listed label={t("sla.tags")} help={t("sla.tags_help")} words={match.contact_tags} onChange={(contact_tags) => set({ contact_tags })} />
        <Listed label={t("sla.languages")} help={t("sla.languages_help")} words={match.languages} onChange={(languages) => set({ languages })} />
      </div>
    </details>
  );
}
