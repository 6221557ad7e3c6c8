import { useState } from "react";
import { del, post } from "../api/client";
import { t } from "../i18n/t";
import { Do } from "../ui/Do";
import { useDesk } from "../live/store";
import { namedAgent } from "../ui/agent";
import { ago, useNow } from "../ui/time";
import { Form, Once, Things } from "./parts";
import { useThings } from "./useThings";

interface Token {
  id: string;
  agent_id: string;
  name: string;
  scopes: string[];
  used_at: string | null;
}

interface Session {
  id: string;
  user_agent: string;
  address: string;
  seen_at: string;
  current: boolean;
}

const SCOPES = ["read", "write", "admin"] as const;
type Scope = (typeof SCOPES)[number];

/** A scope includes those before it; the last is told. */
function widest(scopes: string[]): Scope {
  return SCOPES.findLast((scope) => scopes.includes(scope)) ?? "read";
}

export function Tokens() {
  const tokens = useThings<Token>("/tokens");
  const [made, setMade] = useState<string | null>(null);
  const { me, agents } = useDesk();
  const now = useNow();
  const leads = me.agent.role === "owner" || me.agent.role === "lead";
  const options = SCOPES.filter((scope) => leads || scope !== "admin").map((value) => ({ value, label: t(`scope.${value}`) }));
  const said = (token: Token): string => {
    const whose = token.agent_id === me.agent.id ? [] : [agents.find((agent) => agent.id === token.agent_id)?.name ?? ""];
    const used = token.used_at ? t("tokens.used", { ago: ago(token.used_at, now) }) : t("tokens.unused");
    return [...whose, t(`scope.${widest(token.scopes)}`), used].filter(Boolean).join(", ");
  };
  const add = async ({ name, scope }: Record<string, string>): Promise<boolean> => {
    const scopes = SCOPES.slice(0, SCOPES.indexOf(scope as Scope) + 1);
    const done = await tokens.run(() => post<{ token: string }>("/tokens", { name, scopes }));
    if (done) setMade(done.token);
    return done !== null;
  };
  return (
    <>
      <p className="quiet">{t("tokens.about")}</p>
      {made ? <Once words={t("settings.token_once")} value={made} /> : null}
      <Things {...tokens} empty={tokens.items.length === 0} emptyWords={t("tokens.empty")}>
        {tokens.items.map((token) => (
          <li key={token.id}>
            <span className="grow"><b>{token.name}</b><br /><span className="quiet">{said(token)}</span></span>
            <Do act={() => tokens.run(() => del(`/tokens/${token.id}`))}>{t("act.remove")}</Do>
          </li>
        ))}
      </Things>
      <Form submit={t("settings.add")} inputs={[{ name: "name", label: t("settings.name") }, { name: "scope", label: t("tokens.scope"), options }]} onSubmit={add} />
    </>
  );
}

function browserOf({ user_agent: said }: Session): string {
  const named = namedAgent(said);
  return named ? t("sessions.browser", named) : said || t("sessions.unknown");
}

export function Sessions() {
  const sessions = useThings<Session>("/sessions");
  const now = useNow();
  return (
    <Things {...sessions} empty={sessions.items.length === 0}>
      {sessions.items.map((session) => (
        <li key={session.id}>
          <span className="grow"><span title={session.user_agent}>{browserOf(session)}</span><br /><span className="quiet">{session.address}, {ago(session.seen_at, now)}{session.current ? `, ${t("settings.current")}` : ""}</span></span>
          {session.current ? null : <Do act={() => sessions.run(() => del(`/sessions/${session.id}`))}>{t("settings.revoke")}</Do>}
        </li>
      ))}
    </Things>
  );
}
