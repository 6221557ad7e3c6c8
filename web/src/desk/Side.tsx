import { useState } from "react";
import { get, words } from "../api/client";
import type { Card, Contact } from "../api/types";
import { t } from "../i18n/t";
import { takeCards, useCalled, useDesk, useNetworkTitle } from "../live/store";
import { Judged } from "../judgement/Judged";
import { PersonActs } from "../settings/PersonActs";
import { directionOf } from "../ui/direction";
import { Do } from "../ui/Do";
import { ago, day, useNow } from "../ui/time";
import { toast } from "../ui/toast";
import { answerFuse, solvingFuse } from "./fuse";
import { After } from "./After";
import { Accounts } from "./Accounts";
import { PersonTags } from "./PersonTags";
import { Promises } from "./Promises";
import { Reached } from "./Reached";
import { TheirTime } from "./TheirTime";
import { Avatar } from "./Avatar";
import { Elsewhere } from "./Elsewhere";
import type { Ask } from "./Menus";

interface Props {
  card: Card;
  contact: Contact | undefined;
  onOpen: (id: string) => void;
  onAsk: (ask: Ask) => void;
  onChanged: () => void;
}

function Before({ contact, onOpen }: { contact: Contact; onOpen: (id: string) => void }) {
  const titleOf = useNetworkTitle();
  const [more, setMore] = useState<{ items: Card[]; next: string | null }>();
  const next = more ? more.next : contact.older;
  const older = async (): Promise<void> => {
    try {
      const page = await get<{ items: Card[]; next: string | null }>(`/contacts/${contact.id}/conversations?after=${encodeURIComponent(next ?? "")}`);
      takeCards(page.items);
      setMore({ items: [...(more?.items ?? []), ...page.items], next: page.next });
    } catch (error) {
      toast(words(error), { bad: true });
    }
  };
  const cards = [...contact.history, ...(more?.items ?? [])];
  return (
    <div>
      <h2>{t("side.before")}</h2>
      {cards.length === 0 ? <p className="quiet">{t("side.first")}</p> : null}
      {cards.map((card) => (
        <button key={card.id} className="step" onClick={() => onOpen(card.id)}>
          <i />
          <span><b>{titleOf(card.network)}, {day(card.opened_at)}</b><br /><span dir={directionOf(card.preview)}>{card.preview.slice(0, 90)}</span></span>
        </button>
      ))}
      {next ? <Do className="plain" act={older}>{t("side.older")}</Do> : null}
    </div>
  );
}

function Facts({ card, onAsk }: { card: Card; onAsk: (ask: Ask) => void }) {
  const { agents, teams } = useDesk();
  const now = useNow();
  const burn = answerFuse(card, now);
  const solving = solvingFuse(card, now);
  const owner = agents.find((agent) => agent.id === card.assignee_id)?.name ?? t("side.nobody");
  const team = teams.find((one) => one.id === card.team_id)?.name;
  return (
    <div>
      <h2>{t("side.this")}</h2>
      <dl className="num">
        {burn.words ? <><dt>{t("side.left")}</dt><dd className={burn.heat === "hot" || burn.heat === "late" ? "hot" : ""}>{burn.words}</dd></> : null}
        {solving.words ? <><dt>{t("side.solve")}</dt><dd className={solving.heat === "hot" || solving.heat === "late" ? "hot" : ""}>{solving.words}</dd></> : null}
        <dt>{t("side.opened")}</dt><dd>{ago(card.opened_at, now)}</dd>
        <dt>{t("side.people")}</dt><dd>{card.people}</dd>
        <Reached card={card} />
        <dt>{t("side.severity")}</dt><dd><button className="plain" onClick={() => onAsk("severity")}>{card.severity}</button></dd>
        <dt>{t("side.assignee")}</dt><dd><button className="plain" onClick={() => onAsk("assign")}>{owner}</button></dd>
        {teams.length ? <><dt>{t("side.team")}</dt><dd><button className="plain" onClick={() => onAsk("assign")}>{team ?? t("side.no_team")}</button></dd></> : null}
        <dt>{t("side.tags")}</dt><dd><button className="plain" onClick={() => onAsk("tag")}>{card.tags.join(", ") || t("settings.add")}</button></dd>
      </dl>
    </div>
  );
}

export function Side({ card, contact, onOpen, onAsk, onChanged }: Props) {
  const { avatars, me } = useDesk();
  const called = useCalled();
  const handles = contact?.id === card.contact.id ? contact.handles : [];
  const own = handles.filter((one) => one.contact_id === card.contact.id);
  const kept = own.find((one) => one.avatar && one.network === card.network) ?? own.find((one) => one.avatar);
  const avatar = avatars[card.contact.id] ?? kept?.avatar;
  const erased = contact?.erased ?? false;
  const followers = own.find((one) => one.handle === card.contact.handle && one.network === card.network)?.followers;
  const mayAct = me.agent.role !== "viewer";
  const mayKeep = mayAct && (!erased || card.people > 1);
  return (
    <aside aria-label={t("side.label")}>
      <div className="p">
        <Avatar name={card.contact.name} url={avatar} />
        <div>
          <b><bdi>{card.contact.name}</bdi></b>
          <div className="quiet"><bdi>{called(card.network, card.contact.handle)}</bdi>{own.some((one) => one.bot) ? `, ${t("side.bot")}` : ""}</div>
          {followers ? <div className="quiet num">{t("side.followers", { n: followers })}</div> : null}
          {contact?.email && contact.id === card.contact.id ? <div className="quiet" title={t("side.email_hint")}>{t("side.email")} <bdi>{contact.email}</bdi></div> : null}
        </div>
      </div>
      {erased ? <p className="quiet">{t("person.gone")}</p> : null}
      {contact && !erased ? <TheirTime key={`time ${contact.id}`} contact={contact} mayAct={mayAct} onChanged={onChanged} /> : null}
      {contact && !erased ? <Accounts card={card} contact={contact} onAsk={() => onAsk("another")} onChanged={onChanged} /> : null}
      {contact ? <Before key={`before ${contact.id}`} contact={contact} onOpen={onOpen} /> : null}
      <Judged card={card} mayAct={mayAct} onOpen={onOpen} onCorrect={() => onAsk("correct")} />
      <Facts card={card} onAsk={onAsk} />
      {erased ? null : <PersonTags key={`tags ${card.contact.id}`} id={card.contact.id} mayAct={mayAct} />}
      <Promises card={card} mayAct={mayKeep} onAsk={onAsk} />
      <After card={card} mayAct={mayKeep} onAsk={onAsk} />
      <Elsewhere card={card} mayAct={mayKeep} />
      {erased ? null : <PersonActs key={`acts ${card.contact.id}`} id={card.contact.id} name={card.contact.name} accounts={new Set(handles.map((one) => one.contact_id)).size + (contact?.hidden ?? 0)} />}
    </aside>
  );
}
