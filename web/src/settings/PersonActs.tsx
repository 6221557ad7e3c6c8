/** Hand over what is known of a person, or erase it: in the desk beside them, and in the settings. */
import { useState } from "react";
import { del, get, words } from "../api/client";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Do } from "../ui/Do";
import { Dialog } from "../ui/Dialog";
import { toast } from "../ui/toast";
import { Sure } from "./parts";

type Report = Record<"messages" | "conversations" | "handles" | "pictures", number>;

async function download(id: string, all: string): Promise<void> {
  const told = JSON.stringify(await get<unknown>(`/contacts/${id}/export${all}`), null, 2);
  const url = URL.createObjectURL(new Blob([told], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `person-${id}.json`;
  link.click();
  URL.revokeObjectURL(url);
}

interface Props {
  id: string;
  name: string;
  /** How many accounts of the person stand together. */
  accounts?: number;
  onErased?: () => void;
}

export function PersonActs({ id, name, accounts = 1, onErased }: Props) {
  const { me } = useDesk();
  const [asking, setAsking] = useState(false);
  const [report, setReport] = useState<Report | null>(null);
  const [busy, setBusy] = useState(false);
  const [all, setAll] = useState(false);
  if (me.agent.role !== "owner" && me.agent.role !== "lead") return null;
  const run = async (act: () => Promise<void>): Promise<void> => {
    setBusy(true);
    await act().catch((error: unknown) => toast(words(error), { bad: true }));
    setBusy(false);
  };
  const wide = all && accounts > 1;
  const query = wide ? "?all=true" : "";
  const close = (): void => {
    setReport(null);
    onErased?.();
  };
  return (
    <>
      {accounts > 1 ? <label className="row-check"><input type="checkbox" checked={all} onChange={(event) => setAll(event.target.checked)} /> {t("person.all", { n: accounts })}</label> : null}
      <span className="acts">
        <Do act={() => run(() => download(id, query))}>{t("person.export")}</Do>
        <button className="btn" disabled={busy} onClick={() => setAsking(true)}>{t("person.erase")}</button>
      </span>
      {asking ? <Sure title={wide ? t("person.erase_all_title", { name, n: accounts }) : t("person.erase_title", { name })} words={t("person.erase_words")} act={t("person.erase_yes")} onClose={() => setAsking(false)} onYes={async () => setReport(await del<Report>(`/contacts/${id}${query}`))} /> : null}
      {report ? (
        <Dialog title={t("person.erased_title")} onClose={close}>
          <p>{t("person.erased", report)}</p>
          <p className="quiet">{t("person.erased_more")}</p>
          <div className="acts"><button className="btn go" autoFocus onClick={close}>{t("act.close")}</button></div>
        </Dialog>
      ) : null}
    </>
  );
}
