/** All accounts of a person, how it is known that they are theirs, and what is only proposed. */
import { useState } from "react";
import { del, put, words } from "../api/client";
import type { Card, Contact, Handle, Tie } from "../api/types";
import { t } from "../i18n/t";
import { useCalled, useDesk, useNetworkTitle } from "../live/store";
import { Sure } from "../settings/parts";
import { Do } from "../ui/Do";
import { ago, useNow } from "../ui/time";
import { toast } from "../ui/toast";
import { Proposal } from "./Proposal";

interface Props {
  card: Card;
  contact: Contact;
  /** Absent where it is shown within the dialog that this opens. */
  onAsk?: () => void;
  onChanged: () => void;
}

/** By which link an account belongs here; the one being looked at needs none. */
function tieOf(handle: Handle, card: Card, links: Tie[]): Tie | undefined {
  if (handle.contact_id === card.contact.id) return undefined;
  return links.find((tie) => tie.state === "linked" && (tie.one_id === handle.contact_id || tie.other_id === handle.contact_id));
}

function Proof({ tie }: { tie: Tie }) {
  const { agents } = useDesk();
  const now = useNow();
  const when = ago(tie.linked_at ?? tie.proposed_at, now);
  const name = agents.find((agent) => agent.id === tie.confirmed_by)?.name ?? "?";
  return <small className="quiet">{tie.how === "code" ? t("accounts.by_code", { ago: when }) : t("accounts.by_agreement", { name, ago: when })}</small>;
}

function Account({ handle, tie, contact, act, onChanged }: { handle: Handle; tie: Tie | undefined; contact: Contact; act: (change: Promise<unknown>) => Promise<void>; onChanged: () => void }) {
  const { me } = useDesk();
  const called = useCalled();
  const titleOf = useNetworkTitle();
  const [parting, setParting] = useState(false);
  const leads = me.agent.role === "owner" || me.agent.role === "lead";
  const preferred = contact.preferred === handle.network;
  const several = new Set(contact.handles.map((one) => one.network)).size > 1;
  const part = async (): Promise<void> => {
    await del(`/links/${tie?.id}`);
    toast(t("accounts.parted"));
    onChanged();
  };
  const prefer = (): Promise<void> => act(put(`/contacts/${contact.id}/preference`, { network: preferred ? "" : handle.network }));
  return (
    <li>
      <span><bdi>{called(handle.network, handle.handle)}</bdi> <span className="quiet">{titleOf(handle.network)}</span>{preferred ? <> <span className="state good">{t("accounts.prefers")}</span></> : null}</span>
      {tie ? <Proof tie={tie} /> : null}
      {me.agent.role === "viewer" ? null : (
        <span className="acts">
          {several ? <Do className="plain" act={prefer} aria-label={preferred ? t("accounts.prefer_none") : t("accounts.prefer_named", { network: titleOf(handle.network) })}>{t(preferred ? "accounts.prefer_none" : "accounts.prefer")}</Do> : null}
          {tie && leads ? <button className="plain" aria-label={t("accounts.part_named", { handle: called(handle.network, handle.handle) })} onClick={() => setParting(true)}>{t("accounts.part")}</button> : null}
        </span>
      )}
      {parting && tie ? <Sure title={t("accounts.part_title", { handle: called(handle.network, handle.handle) })} words={t("accounts.part_words")} act={t("accounts.part_yes")} onClose={() => setParting(false)} onYes={part} /> : null}
    </li>
  );
}

export function Accounts({ card, contact, onAsk, onChanged }: Props) {
  const { me } = useDesk();
  const act = async (change: Promise<unknown>, said = ""): Promise<void> => {
    try {
      await change;
      if (said) toast(said);
      onChanged();
    } catch (error) {
      toast(words(error), { bad: true });
    }
  };
  const alone = contact.handles.length < 2 && !contact.hidden;
  const proposed = contact.links.filter((tie) => tie.state === "proposed");
  if (alone && !onAsk && !proposed.length) return null;
  return (
    <div className="accounts">
      <h2>{t("accounts.title")}</h2>
      {alone ? null : (
        <ul>
          {contact.handles.map((one) => <Account key={one.network + one.handle} handle={one} tie={tieOf(one, card, contact.links)} contact={contact} act={act} onChanged={onChanged} />)}
        </ul>
      )}
      {contact.hidden ? <p className="quiet">{t("accounts.hidden", { n: contact.hidden })}</p> : null}
      {proposed.map((tie) => <Proposal key={tie.id} tie={tie} contact={contact} act={act} {...(onAsk ? { onAsk } : {})} />)}
      {onAsk && me.agent.role !== "viewer" ? <div className="acts"><button className="btn" onClick={onAsk}>{t("accounts.more")}</button></div> : null}
    </div>
  );
}
