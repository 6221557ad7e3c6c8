/** How each inbox gives out its conversations, and what each agent takes, knows and writes. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { get, put, words } from "../api/client";
import type { Inbox } from "../api/types";
import { t } from "../i18n/t";
import { Loaded, Things } from "../settings/parts";
import { useThings } from "../settings/useThings";
import { useUnsaved } from "../settings/unsaved";
import { toast } from "../ui/toast";
import { Abilities } from "./Abilities";

interface Rule {
  way: "manual" | "round_robin" | "least_busy";
  sticky: boolean;
  by_skill: boolean;
  by_language: boolean;
  on_shift_only: boolean;
  capacity: number;
  free_after: number | null;
}

const WAYS = ["manual", "round_robin", "least_busy"] as const;
const TICKS = ["sticky", "by_skill", "by_language", "on_shift_only"] as const;

function Details({ rule, change }: { rule: Rule; change: (part: Partial<Rule>) => void }) {
  return (
    <>
      <label>{t("giving.capacity")}<input type="number" required min={1} max={1000} value={rule.capacity} onChange={(event) => change({ capacity: Number(event.target.value) })} /></label>
      {TICKS.map((tick) => <label key={tick} className="row-check"><input type="checkbox" checked={rule[tick]} onChange={(event) => change({ [tick]: event.target.checked })} /> {t(`giving.${tick}`)}</label>)}
      <label className="row-check"><input type="checkbox" checked={rule.free_after !== null} onChange={(event) => change({ free_after: event.target.checked ? 300 : null })} /> {t("giving.free")}</label>
      {rule.free_after === null ? null : <label>{t("giving.free_after")}<input type="number" required min={0} max={1440} value={rule.free_after / 60} onChange={(event) => change({ free_after: Math.round(Number(event.target.value) * 60) })} /></label>}
    </>
  );
}

function Editor({ inbox, kept }: { inbox: Inbox; kept: Rule }) {
  const client = useQueryClient();
  const [rule, setRule] = useState(kept);
  const [busy, setBusy] = useState(false);
  const changed = JSON.stringify(rule) !== JSON.stringify(kept);
  useUnsaved(changed);
  const change = (part: Partial<Rule>): void => setRule({ ...rule, ...part });
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      await put(`/inboxes/${inbox.id}/assignment`, rule);
      await client.invalidateQueries({ queryKey: ["assignment", inbox.id] });
      toast(t("giving.saved"));
    } catch (error) {
      toast(words(error), { bad: true });
    }
    setBusy(false);
  };
  return (
    <form className="form" aria-label={inbox.name} onSubmit={(event) => { event.preventDefault(); void save(); }}>
      <fieldset>
        <legend>{inbox.name}</legend>
        <label>{t("giving.way")}<select value={rule.way} onChange={(event) => change({ way: event.target.value as Rule["way"] })}>{WAYS.map((way) => <option key={way} value={way}>{t(`giving.way.${way}`)}</option>)}</select></label>
        <small className="quiet">{t(`giving.help.${rule.way}`)}</small>
        {rule.way === "manual" ? null : <Details rule={rule} change={change} />}
        <div><button className="btn go" disabled={busy || !changed}>{t("act.save")}</button></div>
      </fieldset>
    </form>
  );
}

function Of({ inbox }: { inbox: Inbox }) {
  const kept = useQuery({ queryKey: ["assignment", inbox.id], queryFn: () => get<Rule>(`/inboxes/${inbox.id}/assignment`) });
  return <Loaded query={kept}>{(rule) => <Editor key={JSON.stringify(rule)} inbox={inbox} kept={rule} />}</Loaded>;
}

export function Giving() {
  const inboxes = useThings<Inbox>("/inboxes");
  return (
    <>
      <p className="quiet">{t("giving.about")}</p>
      {inboxes.items.length ? inboxes.items.map((inbox) => <Of key={inbox.id} inbox={inbox} />) : <Things {...inboxes} empty emptyWords={t("settings.no_inboxes")}>{null}</Things>}
      <Abilities />
    </>
  );
}
