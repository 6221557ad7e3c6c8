/** That two accounts may be one person: in their own words, until a lead confirms it. */
import { del, put } from "../api/client";
import type { Contact, Tie } from "../api/types";
import { t } from "../i18n/t";
import { useCalled, useDesk, useNetworkTitle } from "../live/store";
import { directionOf } from "../ui/direction";
import { Do } from "../ui/Do";
import { ago, useNow } from "../ui/time";

interface Props {
  tie: Tie;
  contact: Contact;
  act: (change: Promise<unknown>, said?: string) => Promise<void>;
  onAsk?: () => void;
}

export function Proposal({ tie, contact, act, onAsk }: Props) {
  const { me, agents } = useDesk();
  const now = useNow();
  const titleOf = useNetworkTitle();
  const called = useCalled();
  const leads = me.agent.role === "owner" || me.agent.role === "lead";
  const by = agents.find((agent) => agent.id === tie.agent_id)?.name ?? "?";
  const theirs = new Set([contact.id, ...contact.handles.map((one) => one.contact_id)]);
  const silent = !tie.words.some((one) => theirs.has(one.contact_id));
  return (
    <div className="proposal">
      <p>
        <b>{t("accounts.proposed")}:</b> {tie.handles.map((one) => <span key={one.network + one.handle}><bdi>{called(one.network, one.handle)}</bdi> <span className="quiet">{titleOf(one.network)}</span> </span>)}
        <br /><small className="quiet">{t("accounts.proposed_by", { name: by, ago: ago(tie.proposed_at, now) })}</small>
      </p>
      {tie.words.map((one) => <blockquote key={one.id} dir={directionOf(one.text)}>{one.text}</blockquote>)}
      {tie.agreed && leads ? null : <p className="quiet">{t(tie.agreed ? "accounts.to_confirm" : "accounts.one_sided")}</p>}
      {me.agent.role === "viewer" ? null : (
        <div className="acts">
          {tie.agreed && leads ? <Do className="btn go" act={() => act(put(`/links/${tie.id}/agreement`), t("accounts.confirmed"))}>{t("accounts.confirm")}</Do> : null}
          {silent && onAsk ? <button className="btn" onClick={onAsk}>{t("accounts.here_too")}</button> : null}
          <Do act={() => act(del(`/links/${tie.id}`))}>{t("accounts.withdraw")}</Do>
        </div>
      )}
    </div>
  );
}
