/** The week's people beside its posts: a table of numbers, shaded, with the gaps by name above. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "../api/client";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Loaded } from "../settings/parts";
import type { Coverage } from "./types";
import { useRenewed } from "./useRenewed";
import { WeekBar } from "./WeekBar";
import { dayOf, here, mondayOf, shortDay, weekFrom } from "./week";

type Cell = Coverage["cells"][number];

/** Posts in a gap from which on it is said to have any. */
const FELT = 0.5;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const one = (n: number): string => (n >= 10 || Number.isInteger(n) ? String(Math.round(n)) : n.toFixed(1));

function Hour({ cell, most }: { cell: Cell | undefined; most: number }) {
  if (!cell) return <td className="none" />;
  const gap = cell.covered < 1;
  const shade = Math.ceil((4 * cell.people) / Math.max(most, 1));
  const words = t("coverage.cell", { people: one(cell.people), posts: one(cell.posts) });
  return (
    <td className={gap ? `gap${cell.posts >= 1 ? " busy" : ""}` : `s${shade}`} title={words}>
      <span className="hidden">{gap ? `${t("coverage.gap")} ` : ""}{words}</span>
      <span aria-hidden="true"><b>{gap && cell.people === 0 ? "–" : one(cell.people)}</b><small>{cell.posts ? one(cell.posts) : "·"}</small></span>
    </td>
  );
}

function Heat({ found }: { found: Coverage }) {
  const days = weekFrom(found.monday);
  const most = Math.max(...found.cells.map((cell) => cell.people));
  return (
    <div className="scroller" tabIndex={0} role="region" aria-label={t("coverage.table")}>
      <table className="heat" aria-describedby="heat-legend">
        <thead><tr><th scope="col">{t("coverage.hour")}</th>{days.map((day) => <th key={day} scope="col">{shortDay(day)}</th>)}</tr></thead>
        <tbody>
          {HOURS.map((hour) => (
            <tr key={hour}>
              <th scope="row" className="num">{String(hour).padStart(2, "0")}</th>
              {days.map((day, index) => <Hour key={day} most={most} cell={found.cells.find((cell) => cell.weekday === index && cell.hour === hour)} />)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Named({ gaps }: { gaps: Coverage["gaps"] }) {
  return <ul className="gaps">{gaps.map((gap) => <li key={gap.starts_at} className={gap.posts >= 1 ? "busy" : ""}>{gap.words}</li>)}</ul>;
}

function Gaps({ found }: { found: Coverage }) {
  if (!found.rostered) return <p className="nothing">{t("coverage.no_roster")}</p>;
  if (!found.gaps.length) return <p className="done">{t("coverage.no_gaps")}</p>;
  const worst = [...found.gaps].sort((a, b) => b.posts - a.posts || a.starts_at.localeCompare(b.starts_at));
  const felt = worst.filter((gap) => gap.posts >= FELT);
  const calm = felt.length ? worst.slice(felt.length) : [];
  return (
    <section aria-label={t("coverage.gaps")}>
      <h2>{t("coverage.gaps")}</h2>
      <Named gaps={felt.length ? felt : worst} />
      {calm.length ? <details><summary>{t("coverage.calm", { n: calm.length })}</summary><Named gaps={calm} /></details> : null}
    </section>
  );
}

export function Covered() {
  const { teams, inboxes } = useDesk();
  const [monday, setMonday] = useState(mondayOf(dayOf(new Date())));
  const [of, setOf] = useState("");
  const [what = "", id = ""] = of.split(":");
  const asked = new URLSearchParams({ monday, zone: here(), ...(id ? { [what]: id } : {}) }).toString();
  const query = useQuery({ queryKey: ["coverage", asked], queryFn: () => get<Coverage>(`/coverage?${asked}`) });
  useRenewed("coverage", ["shift.", "absence."]);
  return (
    <>
      <p className="quiet">{t("coverage.about")}</p>
      <WeekBar monday={monday} onChange={setMonday}>
        <select aria-label={t("coverage.of")} value={of} onChange={(event) => setOf(event.target.value)}>
          <option value="">{t("coverage.all")}</option>
          {teams.length ? <optgroup label={t("coverage.teams")}>{teams.map((one) => <option key={one.id} value={`team:${one.id}`}>{one.name}</option>)}</optgroup> : null}
          <optgroup label={t("coverage.inboxes")}>{inboxes.map((one) => <option key={one.id} value={`inbox:${one.id}`}>{one.name}</option>)}</optgroup>
        </select>
      </WeekBar>
      <Loaded query={query}>
        {(found) => (
          <>
            {found.weeks < 1 ? <p className="quiet">{t("coverage.young")}</p> : null}
            <Gaps found={found} />
            <p className="quiet" id="heat-legend">{t("coverage.legend")}</p>
            <Heat found={found} />
          </>
        )}
      </Loaded>
    </>
  );
}
