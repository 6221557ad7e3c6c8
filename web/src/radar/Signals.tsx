/** What was worth an alert in the last week; what lasts is first. */
import { go } from "../desk/route";
import { t } from "../i18n/t";
import { clockTime } from "../ui/time";
import type { Signal } from "./types";

const MOST = 6;

function where(one: Signal): string | null {
  if (one.conversation_id) return `/c/${one.conversation_id}`;
  return one.kind === "name_said" || one.kind === "person_of_note" ? "/mentions" : null;
}

export function Signals({ signals }: { signals: Signal[] }) {
  const shown = [...signals].sort((one, other) => Number(Boolean(one.ended_at)) - Number(Boolean(other.ended_at))).slice(0, MOST);
  if (!shown.length) return null;
  return (
    <section aria-label={t("radar.signals")}>
      <h2>{t("radar.signals")}</h2>
      <ul className="r-signals">
        {shown.map((one) => {
          const words = t(`radar.signal.${one.kind}`, { n: one.authors, reason: one.reason });
          const to = where(one);
          return (
            <li key={one.id} className={one.ended_at ? "quiet" : ""}>
              <time className="num" dateTime={one.began_at}>{clockTime(one.began_at)}</time>
              {to ? <button onClick={() => go(to)}>{words}</button> : <span>{words}</span>}
              <small>{one.ended_at ? t("radar.over", { at: clockTime(one.ended_at) }) : t("radar.lasts")}</small>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
