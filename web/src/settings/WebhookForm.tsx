import { useState, type FormEvent } from "react";
import { t } from "../i18n/t";
import { useUnsaved } from "./unsaved";
import type { Webhook } from "./WebhookHealth";

const NOUNS = ["conversation", "message", "reply", "delivery", "note", "clock", "contact", "channel", "post", "agent", "inbox", "tag", "macro", "view"] as const;

interface Props {
  hook?: Webhook;
  onSave: (body: { url: string; kinds: string[] }) => Promise<boolean>;
  onCancel?: () => void;
}

/** An address and what it wants to hear: whole nouns by tick, single kinds in words. */
export function WebhookForm({ hook, onSave, onCancel }: Props) {
  const whole = new Set<string>(NOUNS.map((noun) => `${noun}.*`));
  const [url, setUrl] = useState(hook?.url ?? "");
  const [picked, setPicked] = useState(() => new Set(hook?.kinds.filter((kind) => whole.has(kind))));
  const [single, setSingle] = useState(hook?.kinds.filter((kind) => !whole.has(kind)).join(", ") ?? "");
  const [every, setEvery] = useState(!hook?.kinds.length);
  const [dirty, setDirty] = useState(false);
  useUnsaved(dirty);
  const toggle = (kind: string): void => {
    const next = new Set(picked);
    if (!next.delete(kind)) next.add(kind);
    setPicked(next);
  };
  const kinds = [...picked, ...single.split(/[\s,]+/).filter(Boolean)];
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (!(await onSave({ url, kinds: every ? [] : kinds }))) return;
    setDirty(false);
    if (!hook) {
      setUrl("");
      setPicked(new Set());
      setSingle("");
      setEvery(true);
    }
  };
  return (
    <form className="form" aria-label={t(hook ? "hooks.change" : "hooks.add")} onSubmit={(event) => void save(event)} onInput={() => setDirty(true)}>
      <h2>{t(hook ? "hooks.change" : "hooks.add")}</h2>
      <label>
        {t("hooks.url")}
        <small>{t("hooks.url_help")}</small>
        <input type="url" required value={url} placeholder="https://" autoComplete="off" data-first={hook ? true : undefined} onChange={(event) => setUrl(event.target.value)} />
      </label>
      <fieldset>
        <legend>{t("hooks.kinds")}</legend>
        <label className="row-check"><input type="radio" name="every" checked={every} onChange={() => setEvery(true)} /> {t("hooks.everything")}</label>
        <label className="row-check"><input type="radio" name="every" checked={!every} onChange={() => setEvery(false)} /> {t("hooks.some")}</label>
        {every ? null : (
          <>
            <div className="ticks">
              {NOUNS.map((noun) => (
                <label key={noun} className="row-check"><input type="checkbox" checked={picked.has(`${noun}.*`)} onChange={() => toggle(`${noun}.*`)} /> {t(`hooks.noun.${noun}`)}</label>
              ))}
            </div>
            <label>
              {t("hooks.single")}
              <small>{t("hooks.single_help")}</small>
              <input value={single} autoComplete="off" onChange={(event) => setSingle(event.target.value)} />
            </label>
          </>
        )}
      </fieldset>
      <div className="acts">
        <button className="btn go" disabled={!every && kinds.length === 0}>{t(hook ? "act.save" : "settings.add")}</button>
        {onCancel ? <button type="button" className="btn" onClick={onCancel}>{t("act.cancel")}</button> : null}
      </div>
    </form>
  );
}
