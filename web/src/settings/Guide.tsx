/** The steps of connecting an account: what to do, and what to copy into the network's own pages. */
import { t } from "../i18n/t";
import { toast } from "../ui/toast";

export interface Step {
  title: string;
  text: string;
  copy: string;
  link: string;
  lacks: "" | "public" | "channel";
}

function hostOf(link: string): string {
  try {
    return new URL(link).host;
  } catch {
    return link;
  }
}

function Copied({ value, label }: { value: string; label: string }) {
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value);
    toast(t("act.copied"));
  };
  return (
    <span className="copied">
      <code>{value}</code>
      <button type="button" className="btn" aria-label={`${t("act.copy")}: ${label}`} onClick={() => void copy()}>{t("act.copy")}</button>
    </span>
  );
}

export function Guide({ steps }: { steps: Step[] }) {
  if (!steps.length) return null;
  return (
    <ol className="guide">
      {steps.map((step) => (
        <li key={step.title}>
          <b>{step.title}</b>
          <span>{step.text}</span>
          {step.link ? <a href={step.link} target="_blank" rel="noreferrer">{t("connect.step_link", { host: hostOf(step.link) })}</a> : null}
          {step.copy ? <Copied value={step.copy} label={step.title} /> : null}
          {step.lacks ? <span className="warn">{t(`connect.lacks_${step.lacks}`)}</span> : null}
        </li>
      ))}
    </ol>
  );
}
