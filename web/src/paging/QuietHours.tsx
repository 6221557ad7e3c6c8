/** When one is not woken. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { del, get, put, words } from "../api/client";
import { t } from "../i18n/t";
import { Loaded } from "../settings/parts";
import { useUnsaved } from "../settings/unsaved";
import { toast } from "../ui/toast";

interface Quiet {
  zone: string;
  starts: number;
  ends: number;
  wakes_for_gravest: boolean;
}

const clock = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(11, 16);
const seconds = (text: string): number => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) * 60;

function Editor({ kept }: { kept: Quiet | null }) {
  const client = useQueryClient();
  const mine = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const [quiet, setQuiet] = useState(kept);
  const changed = JSON.stringify(quiet) !== JSON.stringify(kept);
  useUnsaved(changed);
  const change = (part: Partial<Quiet>): void => {
    if (quiet) setQuiet({ ...quiet, ...part });
  };
  const save = async (): Promise<void> => {
    try {
      await (quiet ? put("/me/quiet-hours", quiet) : del("/me/quiet-hours"));
      await client.invalidateQueries({ queryKey: ["/me/quiet-hours"] });
      toast(t("after.saved"));
    } catch (error) {
      toast(words(error), { bad: true });
    }
  };
  return (
    <form className="form" aria-label={t("quiet.title")} onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <h2>{t("quiet.title")}</h2>
      <label className="row-check"><input type="checkbox" checked={quiet !== null} onChange={(event) => setQuiet(event.target.checked ? { zone: mine, starts: 22 * 3600, ends: 7 * 3600, wakes_for_gravest: true } : null)} /> {t("quiet.on")}</label>
      {quiet ? (
        <>
          <div className="acts">
            <label>{t("quiet.from")}<input type="time" required value={clock(quiet.starts)} onChange={(event) => change({ starts: seconds(event.target.value) })} /></label>
            <label>{t("quiet.until")}<input type="time" required value={clock(quiet.ends)} onChange={(event) => change({ ends: seconds(event.target.value) })} /></label>
          </div>
          <label>{t("quiet.zone")}<input list="quiet-zones" required value={quiet.zone} onChange={(event) => change({ zone: event.target.value })} /></label>
          <datalist id="quiet-zones">{Intl.supportedValuesOf("timeZone").map((zone) => <option key={zone} value={zone} />)}</datalist>
          <label className="row-check"><input type="checkbox" checked={quiet.wakes_for_gravest} onChange={(event) => change({ wakes_for_gravest: event.target.checked })} /> {t("quiet.gravest")}</label>
        </>
      ) : null}
      <div><button className="btn go" disabled={!changed}>{t("act.save")}</button></div>
    </form>
  );
}

export function QuietHours() {
  const found = useQuery({ queryKey: ["/me/quiet-hours"], queryFn: async () => (await get<Quiet | null>("/me/quiet-hours")) ?? null });
  return <Loaded query={found}>{(kept) => <Editor key={JSON.stringify(kept)} kept={kept} />}</Loaded>;
}
