import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { del, get, post, put, words } from "../api/client";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { toast } from "../ui/toast";
import { ago, useNow } from "../ui/time";
import { Form } from "./parts";

interface Server {
  is_set: boolean;
  host: string;
  port: number;
  security: "tls" | "starttls" | "none";
  username: string;
  password_set: boolean;
  sender: string;
  trouble: string;
  trouble_at: string | null;
}

const SECURITY = ["starttls", "tls", "none"] as const;

/** Send a letter to oneself, and say in place what became of it. */
function Test() {
  const [busy, setBusy] = useState(false);
  const [told, setTold] = useState({ words: "", bad: false });
  const send = async (): Promise<void> => {
    setBusy(true);
    try {
      const { sent_to } = await post<{ sent_to: string }>("/mail/test");
      setTold({ words: t("mail.sent", { address: sent_to }), bad: false });
    } catch (error) {
      setTold({ words: words(error), bad: true });
    }
    setBusy(false);
  };
  return (
    <div className="acts mid">
      <button className="btn" disabled={busy} onClick={() => void send()}>{t(busy ? "mail.testing" : "mail.test")}</button>
      <p className={told.bad ? "hot" : "quiet"} role="status">{told.words}</p>
    </div>
  );
}

function Trouble({ server }: { server: Server }) {
  const now = useNow();
  if (!server.trouble || !server.trouble_at) return null;
  return <p className="hot" role="alert">{t("mail.trouble", { ago: ago(server.trouble_at, now), why: server.trouble })}</p>;
}

function Fields({ server, keep }: { server: Server; keep: (body: unknown) => Promise<boolean> }) {
  return (
    <Form
      key={JSON.stringify(server)}
      submit={t("act.save")}
      inputs={[
        { name: "host", label: t("mail.host"), value: server.host },
        { name: "port", label: t("mail.port"), type: "number", value: String(server.port) },
        { name: "security", label: t("mail.security"), value: server.security, options: SECURITY.map((value) => ({ value, label: t(`mail.security.${value}`) })) },
        { name: "username", label: t("mail.username"), value: server.username, optional: true },
        { name: "password", label: t("mail.password"), type: "password", optional: true, help: server.password_set ? t("mail.password_kept") : t("mail.password_help") },
        { name: "sender", label: t("mail.sender"), type: "email", value: server.sender },
      ]}
      onSubmit={({ password = "", port, ...rest }) => keep({ ...rest, port: Number(port), ...(password ? { password } : {}) })}
    />
  );
}

export function Mail() {
  const client = useQueryClient();
  const { me } = useDesk();
  const found = useQuery({ queryKey: ["/mail"], queryFn: () => get<Server>("/mail") });
  const change = async (act: () => Promise<unknown>): Promise<boolean> => {
    try {
      await act();
      await client.invalidateQueries({ queryKey: ["/mail"] });
      return true;
    } catch (error) {
      toast(words(error), { bad: true });
      return false;
    }
  };
  if (found.error) return <p className="hot" role="alert">{words(found.error)}</p>;
  if (!found.data) return <p className="quiet" role="status">{t("settings.loading")}</p>;
  const server = found.data;
  const reachable = me.workspace.public_url !== null;
  return (
    <>
      <p>{t(server.is_set ? "mail.set" : "mail.unset")}</p>
      {reachable ? null : <p className="nothing">{t("mail.no_address")}</p>}
      <Trouble server={server} />
      <Fields server={server} keep={(body) => change(() => put("/mail", body))} />
      {server.is_set ? <Test /> : null}
      {server.is_set ? <div><button className="btn" onClick={() => void change(() => del("/mail"))}>{t("mail.remove")}</button></div> : null}
    </>
  );
}
