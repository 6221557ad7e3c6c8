/** What time it is where a person lives, as far as somebody noted it: no network tells. */
import { useState } from "react";
import { put, words } from "../api/client";
import type { Contact } from "../api/types";
import { t } from "../i18n/t";
import { clockIn, useNow } from "../ui/time";
import { toast } from "../ui/toast";

export function TheirTime({ contact, mayAct, onChanged }: { contact: Contact; mayAct: boolean; onChanged: () => void }) {
  const now = useNow();
  const [asking, setAsking] = useState(false);
  const keep = async (zone: string): Promise<void> => {
    setAsking(false);
    if (zone === contact.zone) return;
    try {
      await put(`/contacts/${contact.id}/zone`, { zone });
      onChanged();
    } catch (error) {
      toast(words(error), { bad: true });
    }
  };
  if (asking)
    return (
      <select autoFocus aria-label={t("person.zone")} defaultValue={contact.zone} onChange={(event) => void keep(event.target.value)} onBlur={() => setAsking(false)} onKeyDown={(event) => { if (event.key === "Escape") setAsking(false); event.stopPropagation(); }}>
        <option value="">{t("person.zone_unknown")}</option>
        {Intl.supportedValuesOf("timeZone").map((zone) => <option key={zone}>{zone}</option>)}
      </select>
    );
  const said = contact.zone ? t("person.time", { time: clockIn(contact.zone, now), zone: contact.zone }) : "";
  if (!mayAct) return said ? <p className="quiet num">{said}</p> : null;
  return <p className="quiet num">{said} <button className="plain" onClick={() => setAsking(true)}>{t(said ? "person.zone_change" : "person.zone_set")}</button></p>;
}
