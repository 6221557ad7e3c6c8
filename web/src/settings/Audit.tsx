import { useState } from "react";
import { has, t } from "../i18n/t";
import { useDesk } from "../live/store";
import { More, Things } from "./parts";
import { usePages } from "./useThings";

interface Line {
  seq: number;
  at: string;
  act: string;
  actor_kind: string;
  actor_id: string | null;
  actor: string;
  object_kind: string;
  object_id: string | null;
  object: string;
}

function when(instant: string): string {
  return new Date(instant).toLocaleString([], { dateStyle: "medium", timeStyle: "medium" });
}

/** An act in words; one of an older desk that is no more stands as it is. */
function inWords(act: string): string {
  const key = `audit.act.${act}`;
  return has(key) ? t(key) : act;
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
        <label>{t("audit.act")}<select value={act} onChange={(event) => setAct(event.target.value)}><option value="">{t("audit.anything")}</option>{[...new Set([...(log.first?.acts ?? []), ...(act ? [act] : [])])].map((one) => <option key={one} value={one}>{inWords(one)}</option>)}</select></label>
      </form>
      <Things {...log} empty={log.items.length === 0} emptyWords={t("audit.empty")}>
        {log.items.map((line) => (
          <li key={line.seq}>
            <span className="grow"><b><bdi>{line.actor || t("audit.desk")}</bdi></b> <span title={line.act}>{inWords(line.act)}</span>{line.object && line.object_id !== line.actor_id ? <> · <span title={line.object_id ?? undefined}><bdi>{line.object}</bdi></span></> : null}</span>
            <time className="quiet num" dateTime={line.at}>{when(line.at)}</time>
          </li>
        ))}
      </Things>
      <More {...log} />
    </>
  );
}
