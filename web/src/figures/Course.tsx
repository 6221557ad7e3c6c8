/** First answers from day to day: the median and p90, on a scale of the lengths people have words for.
 *
 * What it shows stands in the table below, too, for whoever can't see it.
 */
import { useLayoutEffect, useRef, useState } from "react";
import { t } from "../i18n/t";
import { shortDay } from "../roster/week";
import { height, lasted, levelName, levels, line, median, p90, type Clock, type Figure } from "./figure";

const HEIGHT = 190;
const EDGE = { top: 12, bottom: 26, start: 58, end: 38 };
/** Pixels that the name of a day takes. */
const NAME = 96;

function useWidth() {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) return undefined;
    const seen = new ResizeObserver(() => setWidth(box.clientWidth));
    seen.observe(box);
    setWidth(box.clientWidth);
    return () => seen.disconnect();
  }, []);
  return { ref, width };
}

interface Props {
  rows: Figure[];
  clock: Clock;
  onDay: (row: Figure) => void;
}

export function Course({ rows, clock, onDay }: Props) {
  const { ref, width } = useWidth();
  const series = [
    { name: "p90", values: rows.map((row) => p90(row, clock)) },
    { name: "median", values: rows.map((row) => median(row, clock)) },
  ];
  const scale = levels(series.flatMap((one) => one.values));
  const inner = Math.max(1, width - EDGE.start - EDGE.end);
  const step = rows.length > 1 ? inner / (rows.length - 1) : 0;
  const x = (index: number): number => EDGE.start + (rows.length > 1 ? index * step : inner / 2);
  const y = (seconds: number): number => HEIGHT - EDGE.bottom - height(seconds, scale) * (HEIGHT - EDGE.top - EDGE.bottom);
  const every = Math.max(1, Math.ceil(rows.length / Math.max(2, Math.floor(inner / NAME))));
  const said = (row: Figure): string =>
    t("figures.on_day", { day: shortDay(row.key ?? ""), median: lasted(median(row, clock)), p90: lasted(p90(row, clock)), n: row.answered });
  return (
    <div className="course" ref={ref}>
      {scale.length === 0 ? <p className="calm-words">{t("figures.no_course")}</p> : null}
      {scale.length && width ? (
        <svg width={width} height={HEIGHT} role="img" aria-label={t("figures.course_label")}>
          {scale.map((level) => (
            <g key={level}>
              <line className="level" x1={EDGE.start} x2={width - EDGE.end} y1={y(level)} y2={y(level)} />
              <text x={EDGE.start - 8} y={y(level) + 4} textAnchor="end">{levelName(level)}</text>
            </g>
          ))}
          {rows.map((row, index) =>
            (rows.length - 1 - index) % every === 0 ? <text key={row.key} x={x(index)} y={HEIGHT - 6} textAnchor="middle">{shortDay(row.key ?? "")}</text> : null,
          )}
          {series.map(({ name, values }) => (
            <g key={name} className={name}>
              <path d={line(values, x, y)} />
              {values.map((value, index) => (value === null ? null : <circle key={rows[index]?.key} cx={x(index)} cy={y(value)} r={rows.length > 40 ? 1.8 : 2.6} />))}
            </g>
          ))}
          {rows.map((row, index) => (
            <rect key={row.key} className={row.waits ? "day" : "day none"} x={x(index) - step / 2} y={0} width={Math.max(step, 8)} height={HEIGHT - EDGE.bottom} onClick={() => row.waits && onDay(row)}>
              <title>{said(row)}</title>
            </rect>
          ))}
        </svg>
      ) : null}
    </div>
  );
}
