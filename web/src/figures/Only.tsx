/** Of everything, or of one channel, inbox or team. */
import { t } from "../i18n/t";
import { useDesk } from "../live/store";

interface Props {
  value: Record<string, string>;
  onChange: (only: Record<string, string>) => void;
}

export function Only({ value, onChange }: Props) {
  const { channels, inboxes, teams, networks } = useDesk();
  const groups = [
    { kind: "channel", label: t("figures.by.channel"), things: channels.map(({ id, handle, name, network }) => ({ id, name: `${handle || name} · ${networks[network] ?? network}` })) },
    { kind: "inbox", label: t("figures.by.inbox"), things: inboxes },
    { kind: "team", label: t("figures.by.team"), things: teams },
  ].filter(({ things }) => things.length > 1);
  if (!groups.length) return null;
  const [chosen] = Object.entries(value).map(([kind, id]) => `${kind}/${id}`);
  const choose = (text: string): void => {
    const [kind, id] = text.split("/");
    onChange(kind && id ? { [kind]: id } : {});
  };
  return (
    <label className="only">
      <span className="hidden">{t("figures.only")}</span>
      <select value={chosen ?? ""} onChange={(event) => choose(event.target.value)}>
        <option value="">{t("figures.everything")}</option>
        {groups.map(({ kind, label, things }) => (
          <optgroup key={kind} label={label}>{things.map(({ id, name }) => <option key={id} value={`${kind}/${id}`}>{name}</option>)}</optgroup>
        ))}
      </select>
    </label>
  );
}
