/** The figures split by one thing, a line for each. A number leads to whom it counts; for the keyboard
 * the name of a line does, and there one chooses which of them. */
import type { Key } from "../i18n/en";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { shortDay } from "../roster/week";
import { grouped } from "../ui/number";
import { has } from "../i18n/t";
import { lasted, percent, type Figure, type Figures, type Split, type Stage, type Which } from "./figure";

const NONE: Partial<Record<Split, Key>> = { team: "figures.no_team", agent: "figures.no_agent" };

/** What a line is called. */
export function nameOf(row: Figure, by: Split, networks: Record<string, string> = {}): string {
  const { key } = row;
  if (key === null) return t(NONE[by] ?? "figures.gone");
  if (by === "day") return shortDay(key);
  const severity = `severity.${key}`;
  if (by === "severity") return has(severity) ? t(severity) : key;
  return networks[key] ? `${row.name} · ${networks[key]}` : row.name || t("figures.gone");
}

interface Cell {
  head: Key;
  say: (row: Figure) => string;
  which: Which;
  longest?: true;
}

const good = (row: Figure): string =>
  row.rating_mean === null ? (row.rating_count ? t("figures.n", { n: row.rating_count }) : "–") : t("figures.mean_n", { mean: row.rating_mean.toFixed(1), n: row.rating_count });
const shareOf = (rate: number | null, n: number): string => (n ? t("figures.share_n", { rate: percent(rate), n }) : "–");

const FIRST: Cell[] = [
  { head: "figures.head.waits", say: (row) => grouped(row.waits), which: "waits" },
  { head: "figures.head.answered", say: (row) => shareOf(row.answered_rate, row.waits), which: "answered" },
  { head: "figures.head.median", say: (row) => lasted(row.first_answer_median), which: "answered", longest: true },
  { head: "figures.head.p90", say: (row) => lasted(row.first_answer_p90), which: "answered", longest: true },
  { head: "figures.head.business_median", say: (row) => lasted(row.business_median), which: "answered", longest: true },
  { head: "figures.head.business_p90", say: (row) => lasted(row.business_p90), which: "answered", longest: true },
  { head: "figures.head.in_time", say: (row) => shareOf(row.attainment, row.kept + row.missed), which: "missed" },
  { head: "figures.head.waiting", say: (row) => grouped(row.waiting), which: "waiting" },
  { head: "figures.head.promises", say: (row) => shareOf(row.promises_rate, row.promises_kept + row.promises_broken), which: "promises_made" },
  { head: "figures.head.rating", say: good, which: "rating_count" },
];

const CELLS: Record<Stage, Cell[]> = {
  first: FIRST,
  next: [
    { head: "figures.head.answered", say: (row) => grouped(row.next_answered), which: "next_answered" },
    { head: "figures.head.median", say: (row) => lasted(row.next_median), which: "next_answered", longest: true },
    { head: "figures.head.p90", say: (row) => lasted(row.next_p90), which: "next_answered", longest: true },
    { head: "figures.head.in_time", say: (row) => shareOf(row.next_attainment, row.next_kept + row.next_missed), which: "next_missed" },
  ],
  end: [
    { head: "figures.head.resolved", say: (row) => grouped(row.resolved), which: "resolved" },
    { head: "figures.head.median", say: (row) => lasted(row.resolution_median), which: "resolved", longest: true },
    { head: "figures.head.p90", say: (row) => lasted(row.resolution_p90), which: "resolved", longest: true },
    { head: "figures.head.in_time", say: (row) => shareOf(row.resolution_attainment, row.resolution_kept + row.resolution_missed), which: "resolution_missed" },
  ],
};

export const empty = (row: Figure): boolean => row.waits + row.left_out + row.promises_made + row.rating_asked === 0;

interface Props {
  found: Figures;
  stage: Stage;
  onLook: (row: Figure, which: Which, longest?: boolean) => void;
}

export function Lines({ found, stage, onLook }: Props) {
  const cells = CELLS[stage];
  const { channels, networks } = useDesk();
  const called = Object.fromEntries(channels.map((channel) => [channel.id, networks[channel.network] ?? channel.network]));
  // From today back to the first day on which anything was.
  const first = found.rows.findIndex((row) => !empty(row));
  const rows = found.by === "day" ? found.rows.slice(Math.max(0, first)).reverse() : found.rows;
  const cell = (row: Figure, { which, say, head, longest }: Cell) => (
    <td key={head} className="num">
      {row[which] ? <button tabIndex={-1} onClick={() => onLook(row, which, longest)}>{say(row)}</button> : say(row)}
    </td>
  );
  return (
    <div className="lines-in" role="region" aria-label={t("figures.table")} tabIndex={0}>
      <table className="lines">
        <thead>
          <tr>
            <th scope="col">{t(`figures.by.${found.by}`)}</th>
            {cells.map(({ head }) => <th key={head} scope="col">{t(head)}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key ?? ""} className={empty(row) ? "none" : ""}>
              <th scope="row">
                {empty(row) ? nameOf(row, found.by, called) : <button onClick={() => onLook(row, "waits")}><bdi>{nameOf(row, found.by, called)}</bdi></button>}
              </th>
              {cells.map((one) => cell(row, one))}
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr><th scope="row">{t("figures.all")}</th>{cells.map((one) => cell(found.total, one))}</tr>
        </tfoot>
      </table>
    </div>
  );
}
