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

export function Left({ length, limit, threads }: { length: number; limit: number; threads: boolean }) {
  const left = limit - length;
  const words =
    left >= 0 ? t("compose.left", { n: left })
    : threads ? t("compose.parts", { n: Math.ceil(length / limit) })
    : t("compose.over", { n: -left });
  return (
    <>
      <Ring share={length / limit} />
      <span className={`num ${left < 0 && !threads ? "hot" : ""}`}>{words}</span>
    </>
  );
}
