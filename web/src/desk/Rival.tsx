/** Two versions of one draft: neither is thrown away unasked. */
import type { Draft } from "../api/types";
import { t } from "../i18n/t";
import { clockTime } from "../ui/time";

export function Rival({ rival, onSettle }: { rival: Draft; onSettle: (theirs: boolean) => void }) {
  return (
    <div className="checks" role="alert">
      <span className="bad">{t("compose.rival", { time: rival.updated_at ? clockTime(rival.updated_at) : "" })}</span>
      <q dir="auto">{rival.text}</q>
      <button className="btn" onClick={() => onSettle(true)}>{t("compose.take_rival")}</button>
      <button className="btn" onClick={() => onSettle(false)}>{t("compose.keep_mine")}</button>
    </div>
  );
}
