/** Where nothing is set yet: three sizes to begin with. */
import { useState, type FormEvent } from "react";
import { post, words } from "../../api/client";
import { t } from "../../i18n/t";
import { Failed } from "../../ui/Failed";
import { Holidays } from "./SpecialDays";
import { newCalendar } from "./types";

const SIZES = ["pair", "team", "carrier"] as const;

export function Start({ onDone }: { onDone: () => Promise<unknown> }) {
  const [size, setSize] = useState<(typeof SIZES)[number]>("team");
  const [calendar, setCalendar] = useState(newCalendar);
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState("");
  const begin = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setFailed("");
    const place = calendar.regions[0] ?? { country: "", subdivision: "" };
    const body = { size, zone: calendar.zone, ...place, hours_name: t("sla.first_hours"), policy_name: t("sla.first_policy") };
    await post("/policy-profiles", body).then(onDone).catch((error: unknown) => setFailed(words(error)));
    setBusy(false);
  };
  return (
    <form className="form" aria-label={t("sla.start")} onSubmit={(event) => void begin(event)}>
      <h2>{t("sla.start")}</h2>
      {SIZES.map((one) => (
        <label key={one} className="row-check choice">
          <input type="radio" name="size" checked={size === one} onChange={() => setSize(one)} />
          <span><b>{t(`sla.size.${one}`)}</b><br /><small>{t(`sla.size.${one}.help`)}</small></span>
        </label>
      ))}
      <label>{t("hours.zone")}<select value={calendar.zone} onChange={(event) => setCalendar({ ...calendar, zone: event.target.value })}>{[...new Set([calendar.zone, "UTC", ...Intl.supportedValuesOf("timeZone")])].map((zone) => <option key={zone}>{zone}</option>)}</select></label>
      <Holidays calendar={calendar} onChange={(part) => setCalendar({ ...calendar, ...part })} />
      <Failed why={failed} />
      <div><button className="btn go" disabled={busy} aria-busy={busy || undefined}>{t("sla.begin")}</button></div>
    </form>
  );
}
