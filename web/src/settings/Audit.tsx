import { useState } from "react";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { More, Things } from "./parts";
import { usePages } from "./useThings";

interface Line {
  seq: number;
  at: string;
  act: string;
  actor_kind: string;
  actor: string;
  object_kind: string;
  object_id: string | null;
  object: string;
}

function when(instant: string): string {
  return new Date(instant).toLocaleString([], { dateStyle: "medium", timeStyle: "medium" });
}

export function Audit() {
  const { agents } = useDesk();
  const [who, setWho] = useState("");
  const [act, setAct] = useState("");
  const log = usePages<Line, { acts: string[] }>("/audit", { who, act });
  return (
    <>
      <p className="quiet">{t("audit.about")}</p>
      <form className="form across" aria-label={t("audit.filter")} onSubmit={(event) => event.preventDefault()}>
        <label>{t("audit.who")}<select value={who} onChange={(event) => setWho(event.target.value)}><option value="">{t("audit.anybody")}</option>{agents.map((agent) => <option key={agent.id} value={agent.id}>{agent.name}</option>)}</select></label>
        <label>{t("audit.act")}<select value={act} onChange={(event) => setAct(event.target.value)}><option value="">{t("audit.anything")}</option>{[...new Set([...(log.first?.acts ?? []), ...(act ? [act] : [])])].map((one) => <option key={one}>{one}</option>)}</select></label>
      </form>
      <Things {...log} empty={log.items.length === 0} emptyWords={t("audit.empty")}>
        {log.items.map((line) => (
          <li key={line.seq}>
            <span className="grow"><b>{line.actor || t("audit.desk")}</b> <code>{line.act}</code> <span title={line.object_id ?? undefined}>{line.object || line.object_kind}</span></span>
            <time className="quiet num" dateTime={line.at}>{when(line.at)}</time>
          </li>
        ))}
      </Things>
      <More {...log} />
    </>
  );
}
