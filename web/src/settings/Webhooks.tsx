import { useState } from "react";
import { del, patch, post } from "../api/client";
import { t } from "../i18n/t";
import { Do } from "../ui/Do";
import { toast } from "../ui/toast";
import { Once, Sure, Things } from "./parts";
import { useThings } from "./useThings";
import { WebhookForm } from "./WebhookForm";
import { Health, type Webhook } from "./WebhookHealth";

type Secret = { id: string; secret: string };
type Ask = { hook: Webhook; what: "edit" | "remove" | "rekey" };

export function Webhooks() {
  const hooks = useThings<Webhook>("/webhooks");
  const [made, setMade] = useState<Secret | null>(null);
  const [ask, setAsk] = useState<Ask | null>(null);
  const close = (): void => setAsk(null);
  const add = async (body: { url: string; kinds: string[] }): Promise<boolean> => {
    const done = await hooks.run(() => post<Secret>("/webhooks", body));
    if (done) setMade(done);
    return done !== null;
  };
  const rekey = async (hook: Webhook): Promise<void> => {
    setMade(await hooks.tried(() => post<Secret>(`/webhooks/${hook.id}/secret`)));
  };
  const test = async (hook: Webhook): Promise<void> => {
    const done = await hooks.run(() => post<{ taken: boolean; trouble: string }>(`/webhooks/${hook.id}/test`));
    if (done) toast(done.taken ? t("hooks.taken") : t("hooks.not_taken", { why: done.trouble }), { bad: !done.taken });
  };
  const set = (hook: Webhook, state: "active" | "paused"): Promise<unknown> => hooks.run(() => patch(`/webhooks/${hook.id}`, { state }));
  return (
    <>
      <p className="quiet">{t("hooks.about")}</p>
      <Things {...hooks} empty={hooks.items.length === 0} emptyWords={t("hooks.empty")}>
        {hooks.items.map((hook) => (
          <li key={hook.id}>
            <Health hook={hook} />
            <span className="acts">
              <Do act={() => test(hook)}>{t("hooks.test")}</Do>
              {hook.state === "active" ? <Do act={() => set(hook, "paused")}>{t("hooks.pause")}</Do> : <Do act={() => set(hook, "active")}>{t(hook.state === "paused" ? "hooks.start" : "hooks.try")}</Do>}
              <button className="btn" onClick={() => setAsk({ hook, what: "edit" })}>{t("act.change")}</button>
              <button className="btn" onClick={() => setAsk({ hook, what: "rekey" })}>{t("hooks.rekey")}</button>
              <button className="btn" onClick={() => setAsk({ hook, what: "remove" })}>{t("act.remove")}</button>
            </span>
            {made?.id === hook.id ? <Once words={t("hooks.secret_once")} value={made.secret} /> : null}
          </li>
        ))}
      </Things>
      {ask?.what === "edit" ? (
        <WebhookForm key={ask.hook.id} hook={ask.hook} onCancel={close} onSave={async (body) => {
          const done = await hooks.run(() => patch(`/webhooks/${ask.hook.id}`, body));
          if (done) close();
          return done !== null;
        }} />
      ) : <WebhookForm onSave={add} />}
      {ask?.what === "remove" ? <Sure title={t("hooks.remove_title")} words={t("hooks.remove_words", { url: ask.hook.url })} act={t("act.remove")} onClose={close} onYes={() => hooks.tried(() => del(`/webhooks/${ask.hook.id}`))} /> : null}
      {ask?.what === "rekey" ? <Sure title={t("hooks.rekey")} words={t("hooks.rekey_words")} act={t("hooks.rekey")} onClose={close} onYes={() => rekey(ask.hook)} /> : null}
    </>
  );
}
