import { has, t } from "../i18n/t";
import { ago, clockTime, useNow } from "../ui/time";

export interface Webhook {
  id: string;
  url: string;
  kinds: string[];
  state: "active" | "failing" | "disabled" | "paused";
  error: string;
  attempts: number;
  failing_since: string | null;
  told_at: string | null;
  next_try_at: string | null;
  behind: number;
  skipped: number;
}

function trouble(hook: Webhook, now: number): string {
  const since = hook.failing_since ? ago(hook.failing_since, now) : "";
  if (hook.state === "disabled") return t("hooks.disabled", { why: hook.error, since });
  const next = hook.next_try_at ? clockTime(hook.next_try_at) : "";
  return t("hooks.failing", { why: hook.error, n: hook.attempts, since, next });
}

function wordsOf(kind: string): string {
  const key = `hooks.noun.${kind.replace(".*", "")}`;
  return has(key) ? t(key) : kind;
}

/** Where it goes, what it hears, and how well that goes. */
export function Health({ hook }: { hook: Webhook }) {
  const now = useNow();
  const bad = hook.state === "failing" || hook.state === "disabled";
  const told = hook.told_at ? t("hooks.told", { ago: ago(hook.told_at, now) }) : t("hooks.never_told");
  return (
    <span className="grow">
      <span className={`state ${bad ? "bad" : hook.state === "paused" ? "idle" : "good"}`}>{t(`hooks.state.${hook.state}`)}</span> <b>{hook.url}</b>
      <br />
      <span className="quiet">{hook.kinds.length ? hook.kinds.map(wordsOf).join(", ") : t("hooks.everything")}</span>
      <br />
      <span className={bad ? "hot" : "quiet"}>{bad ? trouble(hook, now) : told}</span>{" "}
      {hook.skipped > 0 ? <span className="warn">{t("hooks.skipped", { n: hook.skipped })}</span> : null}
      {hook.state !== "active" && hook.behind > 0 ? <span className="quiet">{t("hooks.behind", { n: hook.behind })}</span> : null}
    </span>
  );
}
