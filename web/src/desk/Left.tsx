/** How much of a post is left, as a ring and in words. */
import { t } from "../i18n/t";

function Ring({ share }: { share: number }) {
  const full = 2 * Math.PI * 9;
  const used = Math.min(1, share) * full;
  return (
    <svg className={`ring ${share > 1 ? "hot" : ""}`} viewBox="0 0 24 24" aria-hidden="true">
      <circle cx="12" cy="12" r="9" fill="none" className="ring-back" strokeWidth="3" />
      <circle cx="12" cy="12" r="9" fill="none" stroke="currentColor" strokeWidth="3" strokeDasharray={`${used} ${full}`} transform="rotate(-90 12 12)" />
    </svg>
  );
}

interface Props {
  length: number;
  limit: number;
  threads: boolean;
  parts: string[];
  refused: boolean;
}

export function Left({ length, limit, threads, parts, refused }: Props) {
  const left = limit - length;
  const bad = refused || (left < 0 && !threads);
  const words =
    left >= 0 ? t("compose.left", { n: left })
    : bad ? t("compose.over", { n: -left })
    : parts.length > 1 ? t("compose.parts", { n: parts.length })
    : t("compose.splits");
  return (
    <>
      <Ring share={length / limit} />
      <span className={`num ${bad ? "hot" : ""}`}>{words}</span>
    </>
  );
}

/** The posts of a thread as they will stand on the network. */
export function Parts({ parts }: { parts: string[] }) {
  if (parts.length < 2) return null;
  return (
    <details className="parts">
      <summary>{t("compose.show_parts", { n: parts.length })}</summary>
      <ol tabIndex={0} aria-label={t("compose.parts", { n: parts.length })}>{parts.map((part, index) => <li key={index} dir="auto">{part}</li>)}</ol>
    </details>
  );
}
