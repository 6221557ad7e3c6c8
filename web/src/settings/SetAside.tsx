import { useState } from "react";
import { post, put, words } from "../api/client";
import { go } from "../desk/route";
import { t } from "../i18n/t";
import { useCalled, useNetworkTitle } from "../live/store";
import { Do } from "../ui/Do";
import { Dialog } from "../ui/Dialog";
import { directionOf } from "../ui/direction";
import { toast } from "../ui/toast";
import { ago, useNow } from "../ui/time";
import { Form, More, Things } from "./parts";
import { usePages } from "./useThings";

export interface Aside {
  id: string;
  network: string;
  handle: string;
  external_id: string;
  author: string;
  text: string;
  reason: string;
  readable: boolean;
  tries: number;
  at: string;
}

function Row({ one }: { one: Aside }) {
  const now = useNow();
  const titleOf = useNetworkTitle();
  const called = useCalled();
  return (
    <span className="grow">
      <b>{one.author ? called(one.network, one.author) : t("aside.unknown")}</b> <span className="quiet">{t("aside.to", { handle: called(one.network, one.handle), network: titleOf(one.network), ago: ago(one.at, now) })}</span>
      {one.text ? <><br /><span dir={directionOf(one.text)}>{one.text}</span></> : null}
      <br />
      <span className="hot">{t("aside.why")}</span> <code>{one.reason}</code>
      {one.tries ? <span className="quiet"> {t("aside.tries", { n: one.tries })}</span> : null}
      {one.readable ? null : <><br /><span className="quiet">{t("aside.unreadable")}</span></>}
    </span>
  );
}

export function SetAside() {
  const asides = usePages<Aside>("/set-aside");
  const [letting, setLetting] = useState<Aside | null>(null);
  const [busy, setBusy] = useState(false);
  const replay = async (ones: Aside[]): Promise<void> => {
    setBusy(true);
    const failed: string[] = [];
    let home: string | null = null;
    for (const one of ones)
      try {
        home = (await post<{ conversation_id: string | null }>(`/set-aside/${one.id}/replay`)).conversation_id;
      } catch (error) {
        failed.push(words(error));
      }
    const open = home;
    if (failed.length) toast(ones.length === 1 ? (failed[0] ?? "") : t("aside.some_fail", { n: failed.length }), { bad: true });
    else toast(t("aside.taken"), open ? { act: { label: t("aside.open"), run: () => go(`/c/${open}`) } } : {});
    setBusy(false);
    asides.again();
  };
  const discard = async (one: Aside, reason: string): Promise<boolean> => {
    await asides.tried(() => put(`/set-aside/${one.id}/discard`, { reason }));
    setLetting(null);
    return true;
  };
  return (
    <>
      <p className="quiet">{t("aside.about")}</p>
      {asides.items.length > 1 ? <div><button className="btn go" disabled={busy} onClick={() => void replay([...asides.items].reverse())}>{t("aside.replay_all", { n: asides.items.length })}</button></div> : null}
      <Things {...asides} empty={asides.items.length === 0} emptyWords={t("aside.empty")}>
        {asides.items.map((one) => (
          <li key={one.id}>
            <Row one={one} />
            <span className="acts">
              <Do disabled={busy} act={() => replay([one])}>{t("aside.replay")}</Do>
              <button className="btn" disabled={busy} onClick={() => setLetting(one)}>{t("aside.discard")}</button>
            </span>
          </li>
        ))}
      </Things>
      <More {...asides} />
      {letting ? (
        <Dialog title={t("aside.discard_title")} onClose={() => setLetting(null)}>
          <p>{t("aside.discard_words")}</p>
          <Form submit={t("aside.discard")} inputs={[{ name: "reason", label: t("aside.discard_reason") }]} onSubmit={({ reason = "" }) => discard(letting, reason)} />
        </Dialog>
      ) : null}
    </>
  );
}
