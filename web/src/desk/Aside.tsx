/** What stands beside the words of a reply: its warning, what becomes of the conversation, who reads it. */
import type { Channel, Draft, Reach } from "../api/types";
import { t } from "../i18n/t";
import type { Mode } from "./readers";

interface Props {
  draft: Draft;
  mode: Mode;
  warning: string;
  channel: Channel | undefined;
  reach: Reach | null;
  /** It leaves a public conversation for a private one. */
  leaves: boolean;
  onChange: (change: Partial<Draft>) => void;
}

export function Aside({ draft, mode, warning, channel, reach, leaves, onChange }: Props) {
  if (mode === "note") return null;
  const note = mode === "direct" ? channel?.can.direct?.note : "";
  return (
    <>
      {warning || typeof draft.warning === "string" ? (
        <label className="warning">
          {t("compose.warning")}
          <input dir="auto" maxLength={300} value={warning} onChange={(event) => onChange({ warning: event.target.value })} />
        </label>
      ) : null}
      <div className="checks">
        {leaves && reach?.can === false ? <span className="bad" role="status">{t("compose.unreached", { why: reach.why })}</span> : null}
        {leaves && reach?.can !== false ? <span>{t("compose.leaves")}</span> : null}
        {note ? <span>{note}</span> : null}
        {draft.then === "resolve" ? (
          <span className="chip">{t("compose.resolves")} <button aria-label={t("compose.not_resolves")} onClick={() => onChange({ then: "" })}>×</button></span>
        ) : null}
      </div>
    </>
  );
}
