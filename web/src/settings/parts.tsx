import { useState, type FormEvent, type ReactNode } from "react";
import { t } from "../i18n/t";
import { words as wordsOf } from "../api/client";
import { Dialog } from "../ui/Dialog";
import { Failed } from "../ui/Failed";
import { useAnswer } from "../ui/useAnswer";
import { toast } from "../ui/toast";
import { useUnsaved } from "./unsaved";

interface ThingsProps {
  loading: boolean;
  failed: string;
  again: () => void;
  empty: boolean;
  /** What it means that there is none, and what to do about it. */
  emptyWords?: string;
  children: ReactNode;
}

export function Things({ loading, failed, again, empty, emptyWords, children }: ThingsProps) {
  if (loading) return <p className="quiet" role="status">{t("settings.loading")}</p>;
  if (failed)
    return (
      <div className="failed" role="alert">
        <span className="grow">{t("settings.failed", { why: failed })}</span>
        <button className="btn" onClick={again}>{t("settings.again")}</button>
      </div>
    );
  if (empty) return <p className="nothing">{emptyWords ?? t("settings.empty")}</p>;
  return <ul className="things">{children}</ul>;
}

interface Query<T> {
  data: T | undefined;
  error: Error | null;
  refetch: () => unknown;
}

/** What one thing shows while it is fetched, and when it could not be. */
export function Loaded<T>({ query, children }: { query: Query<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return children(query.data);
  return <Things loading={!query.error} failed={query.error?.message ?? ""} again={() => void query.refetch()} empty={false}>{null}</Things>;
}

/** The next page of a long list. */
export function More({ more, fetching }: { more: (() => void) | undefined; fetching: boolean }) {
  if (!more) return null;
  return <div><button className="btn" disabled={fetching} onClick={more}>{t(fetching ? "settings.loading" : "settings.more")}</button></div>;
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

/** A question before what can't be undone. */
export function Sure({ title, words, act, onYes, onClose }: { title: string; words: string; act: string; onYes: () => Promise<unknown>; onClose: () => void }) {
  const { busy, failed, run } = useAnswer(onClose);
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{words}</p>
      <Failed why={failed} />
      <div className="acts">
        <button className="btn danger" aria-busy={busy || undefined} onClick={() => void run(onYes)}>{act}</button>
        <button className="btn" autoFocus data-first onClick={onClose}>{t("act.cancel")}</button>
      </div>
    </Dialog>
  );
}

export interface Input {
  name: string;
  label: string;
  help?: string;
  type?: string;
  value?: string;
  optional?: boolean;
  options?: { value: string; label: string }[];
  rows?: number;
  /** Rarely changed: shown on request. */
  more?: boolean;
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

function Line({ input }: { input: Input }) {
  return (
    <label>
      {input.label}
      {input.help ? <small>{input.help}</small> : null}
      <Control input={input} />
    </label>
  );
}

type Values = Record<string, string>;

function valuesOf(form: HTMLFormElement): Values {
  const values: Values = {};
  for (const [name, value] of new FormData(form)) if (typeof value === "string") values[name] = value;
  return values;
}

interface FormProps {
  inputs: Input[];
  /** What the button says, which may depend on what was typed. */
  submit: string | ((values: Values) => string);
  title?: string;
  busyWords?: string;
  /** Whether it was taken; what it raises is said in the form. */
  onSubmit: (values: Values) => Promise<boolean>;
}

/** A form of plain fields; it empties itself when what it sent was taken. */
export function Form({ inputs, submit, title, busyWords, onSubmit }: FormProps) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");
  const [typed, setTyped] = useState<Values | null>(null);
  useUnsaved(typed !== null);
  const send = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const form = event.currentTarget;
    setBusy(true);
    setFailed("");
    try {
      if (await onSubmit(valuesOf(form))) {
        form.reset();
        setTyped(null);
      }
    } catch (error) {
      setFailed(wordsOf(error));
    }
    setBusy(false);
  };
  const words = typeof submit === "string" ? submit : submit(typed ?? {});
  const more = inputs.filter((input) => input.more);
  return (
    <form className="form" aria-label={title} onSubmit={(event) => void send(event)} onInput={(event) => setTyped(valuesOf(event.currentTarget))}>
      {title ? <h2>{title}</h2> : null}
      {inputs.filter((input) => !input.more).map((input) => <Line key={input.name} input={input} />)}
      {more.length ? (
        <details>
          <summary>{t("connect.more")}</summary>
          <div className="form">{more.map((input) => <Line key={input.name} input={input} />)}</div>
        </details>
      ) : null}
      <Failed why={failed} />
      <div><button className="btn go" disabled={busy} aria-busy={busy || undefined}>{busy && busyWords ? busyWords : words}</button></div>
    </form>
  );
}
