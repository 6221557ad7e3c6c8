import { useState, type FormEvent, type ReactNode } from "react";
import { t } from "../i18n/t";
import { toast } from "../ui/toast";

export function Things({ loading, failed, empty, children }: { loading: boolean; failed: string; empty: boolean; children: ReactNode }) {
  if (loading) return <p className="quiet" role="status">{t("settings.loading")}</p>;
  if (failed) return <p className="hot" role="alert">{failed}</p>;
  if (empty) return <p className="quiet">{t("settings.empty")}</p>;
  return <ul className="things">{children}</ul>;
}

export function Once({ words, value }: { words: string; value: string }) {
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value);
    toast(t("act.copied"));
  };
  return (
    <div className="once" role="status">
      <span className="grow">{words}<br /><code>{value}</code></span>
      <button className="btn" onClick={() => void copy()}>{t("act.copy")}</button>
    </div>
  );
}

interface Input {
  name: string;
  label: string;
  help?: string;
  type?: string;
  value?: string;
  optional?: boolean;
  options?: { value: string; label: string }[];
  rows?: number;
}

function Control({ input }: { input: Input }) {
  const { name, value = "", optional = false } = input;
  if (input.options)
    return (
      <select name={name} defaultValue={value}>
        {input.options.map((option) => <option key={option.value} value={option.value}>{option.label}</option>)}
      </select>
    );
  if (input.rows) return <textarea name={name} rows={input.rows} defaultValue={value} required={!optional} />;
  return <input name={name} type={input.type ?? "text"} defaultValue={value} required={!optional} autoComplete="off" />;
}

interface FormProps {
  inputs: Input[];
  submit: string;
  busyWords?: string;
  onSubmit: (values: Record<string, string>) => Promise<boolean>;
}

/** A form of plain fields; it empties itself when what it sent was taken. */
export function Form({ inputs, submit, busyWords, onSubmit }: FormProps) {
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    const values: Record<string, string> = {};
    for (const [name, value] of new FormData(form)) if (typeof value === "string") values[name] = value;
    setBusy(true);
    if (await onSubmit(values)) form.reset();
    setBusy(false);
  };
  return (
    <form className="form" onSubmit={(event) => void send(event)}>
      {inputs.map((input) => (
        <label key={input.name}>
          {input.label}
          {input.help ? <small>{input.help}</small> : null}
          <Control input={input} />
        </label>
      ))}
      <div><button className="btn go" disabled={busy}>{busy && busyWords ? busyWords : submit}</button></div>
    </form>
  );
}
