/** Another account of the same person: a code that proves it, or their own words that say so. */
import { useState } from "react";
import { flushSync } from "react-dom";
import { post } from "../api/client";
import type { Card, Contact } from "../api/types";
import { t } from "../i18n/t";
import { useKeys } from "../keys/Key";
import { useDesk, useNetworkTitle } from "../live/store";
import { Dialog } from "../ui/Dialog";
import { directionOf } from "../ui/direction";
import { Failed } from "../ui/Failed";
import { toast } from "../ui/toast";
import { useAnswer } from "../ui/useAnswer";
import { Accounts } from "./Accounts";

interface Props {
  card: Card;
  contact: Contact | undefined;
  /** The words with the code, for the private composer. */
  onCode: (text: string) => void;
  onChanged: () => void;
  onClose: () => void;
}

function Code({ card, onCode, onClose }: Pick<Props, "card" | "onCode" | "onClose">) {
  const keys = useKeys();
  const { busy, failed, run } = useAnswer(() => flushSync(onClose));
  const barred = card.visibility === "public" ? t("another.code_public", keys) : card.people > 1 ? t("another.code_many") : "";
  const make = async (): Promise<void> => {
    let code = "";
    await run(async () => {
      code = (await post<{ code: string }>(`/conversations/${card.id}/link-codes`)).code;
    });
    if (code) onCode(t("another.line", { code }));
  };
  return (
    <section className="way">
      <h3>{t("another.code")}</h3>
      <p className="quiet">{barred || t("another.code_about")}</p>
      <Failed why={failed} />
      {barred ? null : <div><button className="btn go" data-first aria-busy={busy || undefined} onClick={() => void make()}>{t("another.put")}</button></div>}
    </section>
  );
}

const RECENT = 6;

function Says({ card, contact, onChanged, onClose }: Pick<Props, "card" | "contact" | "onChanged" | "onClose">) {
  const { networks, messages } = useDesk();
  const titleOf = useNetworkTitle();
  // What stands proposed already needs the words of this side.
  const begun = contact?.links.find((tie) => tie.state === "proposed" && !tie.agreed)?.handles[0];
  const [network, setNetwork] = useState(begun?.network ?? card.network);
  const [handle, setHandle] = useState(begun?.handle ?? "");
  const theirs = (messages[card.id] ?? []).filter((one) => one.direction === "incoming" && one.author.id === card.contact.id && one.text && !one.deleted_at).slice(-RECENT).reverse();
  const [chosen, setChosen] = useState(theirs[0]?.id ?? "");
  const { busy, failed, run } = useAnswer(onClose);
  const propose = async (): Promise<void> => {
    await post(`/conversations/${card.id}/links`, { network, handle, message_ids: [chosen] });
    toast(t("another.proposed"));
    onChanged();
  };
  return (
    <form className="form way" onSubmit={(event) => { event.preventDefault(); void run(propose); }}>
      <h3>{t("another.says")}</h3>
      <p className="quiet">{t(theirs.length ? "another.says_about" : "another.nothing")}</p>
      {theirs.length ? (
        <>
          <label>
            {t("another.network")}
            <select value={network} data-first onChange={(event) => setNetwork(event.target.value)}>
              {Object.keys(networks).sort().map((one) => <option key={one} value={one}>{titleOf(one)}</option>)}
            </select>
          </label>
          <label>{t("another.handle")}<input value={handle} required maxLength={300} dir="auto" autoComplete="off" spellCheck={false} onChange={(event) => setHandle(event.target.value)} /></label>
          <fieldset>
            <legend>{t("another.which")}</legend>
            {theirs.map((one) => (
              <label key={one.id} className="row-check"><input type="radio" name="words" checked={chosen === one.id} onChange={() => setChosen(one.id)} /> <span dir={directionOf(one.text)}>{one.text.slice(0, 160)}</span></label>
            ))}
          </fieldset>
          <Failed why={failed} />
          <div><button className="btn" aria-busy={busy || undefined}>{t("another.propose")}</button></div>
        </>
      ) : null}
    </form>
  );
}

export function Another({ card, contact, onCode, onChanged, onClose }: Props) {
  return (
    <Dialog title={t("another.title")} onClose={onClose}>
      <div className="ways">
        {contact ? <Accounts card={card} contact={contact} onChanged={onChanged} /> : null}
        <Code card={card} onCode={onCode} onClose={onClose} />
        <Says card={card} contact={contact} onChanged={onChanged} onClose={onClose} />
      </div>
    </Dialog>
  );
}
