/** Settings: how long people may wait, in policies of which the first that fits holds. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { del, get, post, put, words } from "../api/client";
import { t } from "../i18n/t";
import { Do } from "../ui/Do";
import { toast } from "../ui/toast";
import { length } from "../ui/time";
import { Loaded, Things } from "./parts";
import { PolicyForm } from "./sla/PolicyForm";
import { Start } from "./sla/Start";
import { EMPTY_MATCH, type Hours, type Policy, type Terms } from "./sla/types";
import { useThings } from "./useThings";

interface Kept {
  items: Policy[];
  standard: Terms;
}

/** "1: 5 min, 2: 10 min, ...": what it promises first. */
function inWords(terms: Terms): string {
  return Object.entries(terms.severities)
    .map(([severity, promised]) => `${severity}: ${promised.first_response ? length(promised.first_response.within * 1000).replace(/ 00$/, "") : "–"}`)
    .join(", ");
}

function List({ found, hours }: { found: Kept; hours: Hours[] }) {
  const client = useQueryClient();
  const [open, setOpen] = useState<string | null>(null);
  const again = (): Promise<unknown> => Promise.all([client.invalidateQueries({ queryKey: ["/policies"] }), client.invalidateQueries({ queryKey: ["/hours"] })]);
  const act = (change: () => Promise<unknown>): Promise<unknown> => change().then(again).catch((error: unknown) => toast(words(error), { bad: true }));
  const kept = found.items.find((one) => one.id === open);
  const save = async (terms: Terms): Promise<void> => {
    await (kept ? put(`/policies/${kept.id}`, terms) : post("/policies", terms));
    await again();
    setOpen(null);
    toast(t("sla.saved"));
  };
  const move = (index: number): Promise<unknown> => {
    const ids = found.items.map((one) => one.id);
    ids.splice(index - 1, 2, ids[index] ?? "", ids[index - 1] ?? "");
    return act(() => put("/policies/order", { ids }));
  };
  if (open !== null) return <PolicyForm key={open} fresh={!kept} hours={hours} kept={kept?.terms ?? { ...found.standard, name: "", match: EMPTY_MATCH }} onSave={save} onClose={() => setOpen(null)} />;
  return (
    <>
      <p className="quiet">{t("sla.about")}</p>
      {found.items.length === 0 ? <Start onDone={again} /> : null}
      {found.items.length ? (
        <Things loading={false} failed="" again={() => undefined} empty={false}>
          {found.items.map((one, index) => (
            <li key={one.id}>
              <span className="num quiet">{index + 1}.</span>
              <span className="grow"><b>{one.terms.name}</b><br /><span className="quiet">{inWords(one.terms)}</span></span>
              {index ? <Do aria-label={t("sla.up_one", { name: one.terms.name })} act={() => move(index)}>{t("sla.up")}</Do> : null}
              <button className="btn" aria-label={t("sla.change_one", { name: one.terms.name })} onClick={() => setOpen(one.id)}>{t("act.change")}</button>
              <Do aria-label={t("settings.remove_one", { name: one.terms.name })} act={() => act(() => del(`/policies/${one.id}`))}>{t("act.remove")}</Do>
            </li>
          ))}
        </Things>
      ) : null}
      <p className="quiet">{t("sla.standard", { words: inWords(found.standard) })}</p>
      <div><button className={`btn ${found.items.length ? "go" : ""}`} onClick={() => setOpen("")}>{t("sla.add")}</button></div>
    </>
  );
}

export function Policies() {
  const found = useQuery({ queryKey: ["/policies"], queryFn: () => get<Kept>("/policies") });
  const hours = useThings<Hours>("/hours");
  return <Loaded query={found}>{(policies) => <List found={policies} hours={hours.items} />}</Loaded>;
}
