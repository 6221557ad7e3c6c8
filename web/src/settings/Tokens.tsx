import { useState } from "react";
import { del, post } from "../api/client";
import { t } from "../i18n/t";
import { ago, useNow } from "../ui/time";
import { Form, Once, Things } from "./parts";
import { useThings } from "./useThings";

interface Token {
  id: string;
  name: string;
  scopes: string[];
  created_at: string;
}

interface Session {
  id: string;
  user_agent: string;
  address: string;
  seen_at: string;
  current: boolean;
}

const SCOPES = ["read", "write", "admin"].map((scope) => ({ value: scope, label: scope }));

export function Tokens() {
  const tokens = useThings<Token>("/tokens");
  const [made, setMade] = useState<string | null>(null);
  const add = async ({ name, scope }: Record<string, string>): Promise<boolean> => {
    const scopes = scope === "read" ? ["read"] : scope === "write" ? ["read", "write"] : ["read", "write", "admin"];
    const done = await tokens.run(() => post<{ token: string }>("/tokens", { name, scopes }));
    if (done) setMade(done.token);
    return done !== null;
  };
  return (
    <>
      {made ? <Once words={t("settings.token_once")} value={made} /> : null}
      <Things {...tokens} empty={tokens.items.length === 0}>
        {tokens.items.map((token) => (
          <li key={token.id}>
            <span className="grow"><b>{token.name}</b><br /><span className="quiet">{token.scopes.join(", ")}</span></span>
            <button className="btn" onClick={() => void tokens.run(() => del(`/tokens/${token.id}`))}>{t("act.remove")}</button>
          </li>
        ))}
      </Things>
      <Form submit={t("settings.add")} inputs={[{ name: "name", label: t("settings.name") }, { name: "scope", label: t("settings.role"), options: SCOPES }]} onSubmit={add} />
    </>
  );
}

export function Sessions() {
  const sessions = useThings<Session>("/sessions");
  const now = useNow();
  return (
    <Things {...sessions} empty={sessions.items.length === 0}>
      {sessions.items.map((session) => (
        <li key={session.id}>
          <span className="grow">{session.user_agent || "?"}<br /><span className="quiet">{session.address}, {ago(session.seen_at, now)}{session.current ? `, ${t("settings.current")}` : ""}</span></span>
          {session.current ? null : <button className="btn" onClick={() => void sessions.run(() => del(`/sessions/${session.id}`))}>{t("settings.revoke")}</button>}
        </li>
      ))}
    </Things>
  );
}
