import type { Card, Whole } from "../api/types";
import { t } from "../i18n/t";
import { useDesk, useNetworkTitle } from "../live/store";
import { PersonActs } from "../settings/PersonActs";
import { directionOf } from "../ui/direction";
import { ago, day, useNow } from "../ui/time";
import { fuse } from "./fuse";
import { After } from "./After";
import { Avatar } from "./Avatar";
import { Elsewhere } from "./Elsewhere";
import type { Ask } from "./Menus";

interface Props {
  card: Card;
  contact: Whole["contact"] | undefined;
  onOpen: (id: string) => void;
  onAsk: (ask: Ask) => void;
}

function Before({ contact, onOpen }: { contact: Whole["contact"]; onOpen: (id: string) => void }) {
  const titleOf = useNetworkTitle();
  return (
    <div>
      <h2>{t("side.before")}</h2>
      {contact.history.length === 0 ? <p className="quiet">{t("side.first")}</p> : null}
      {contact.history.map((card) => (
        <button key={card.id} className="step" onClick={() => onOpen(card.id)}>
          <i />
          <span><b>{titleOf(card.network)}, {day(card.opened_at)}</b><br /><span dir={directionOf(card.preview)}>{card.preview.slice(0, 90)}</span></span>
        </button>
      ))}
    </div>
  );
}

function Facts({ card, onAsk }: { card: Card; onAsk: (ask: Ask) => void }) {
  const { agents, teams } = useDesk();
  const now = useNow();
  const burn = fuse(card, now);
  const owner = agents.find((agent) => agent.id === card.assignee_id)?.name ?? t("side.nobody");
  const team = teams.find((one) => one.id === card.team_id)?.name;
  return (
    <div>
      <h2>{t("side.this")}</h2>
      <dl className="num">
        {burn.words ? <><dt>{t("side.left")}</dt><dd className={burn.heat === "hot" || burn.heat === "late" ? "hot" : ""}>{burn.words}</dd></> : null}
        <dt>{t("side.opened")}</dt><dd>{ago(card.opened_at, now)}</dd>
        <dt>{t("side.people")}</dt><dd>{card.people}</dd>
        <dt>{t("side.severity")}</dt><dd><button className="plain" onClick={() => onAsk("severity")}>{card.severity}</button></dd>
        <dt>{t("side.assignee")}</dt><dd><button className="plain" onClick={() => onAsk("assign")}>{owner}</button></dd>
        {teams.length ? <><dt>{t("side.team")}</dt><dd><button className="plain" onClick={() => onAsk("assign")}>{team ?? t("side.no_team")}</button></dd></> : null}
        <dt>{t("side.tags")}</dt><dd><button className="plain" onClick={() => onAsk("tag")}>{card.tags.join(", ") || t("settings.add")}</button></dd>
      </dl>
    </div>
  );
}

export function Side({ card, contact, onOpen, onAsk }: Props) {
  const { avatars, me } = useDesk();
  const titleOf = useNetworkTitle();
  const handles = contact?.id === card.contact.id ? contact.handles : [];
  const kept = handles.find((one) => one.avatar && one.network === card.network) ?? handles.find((one) => one.avatar);
  const avatar = avatars[card.contact.id] ?? kept?.avatar;
  return (
    <aside aria-label={t("side.label")}>
      <div className="p">
        <Avatar name={card.contact.name} url={avatar} />
        <div>
          <b><bdi>{card.contact.name}</bdi></b>
          <div className="quiet"><bdi>@{card.contact.handle}</bdi>{contact?.handles.some((one) => one.bot) ? `, ${t("side.bot")}` : ""}</div>
          {contact?.email && contact.id === card.contact.id ? <div className="quiet" title={t("side.email_hint")}>{t("side.email")} <bdi>{contact.email}</bdi></div> : null}
        </div>
      </div>
      {contact && contact.handles.length > 1 ? (
        <div>
          <h2>{t("side.also")}</h2>
          {contact.handles.map((one) => <div key={one.network + one.handle}><bdi>@{one.handle}</bdi> <span className="quiet">{titleOf(one.network)}</span></div>)}
        </div>
      ) : null}
      {contact ? <Before contact={contact} onOpen={onOpen} /> : null}
      <Facts card={card} onAsk={onAsk} />
      <After card={card} mayAct={me.agent.role !== "viewer"} onAsk={onAsk} />
      <Elsewhere card={card} mayAct={me.agent.role !== "viewer"} />
      <PersonActs id={card.contact.id} name={card.contact.name} />
    </aside>
  );
}
