/** Severity as a shape: band 1, diamond 2, triangle 3, square 4, circle 5; filled when it burns. */
import { t, has } from "../i18n/t";

const SHAPES: Record<number, { filled: boolean; y: number; draw: string }> = {
  1: { filled: true, y: 13.4, draw: "M2 3h16v14H2Z" },
  2: { filled: true, y: 13.4, draw: "M10 1 19 10 10 19 1 10Z" },
  3: { filled: true, y: 16, draw: "M10 2 19 18H1Z" },
  4: { filled: false, y: 13.4, draw: "M3 5a2 2 0 0 1 2-2h10a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2Z" },
  5: { filled: false, y: 13.4, draw: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14Z" },
};

export function Severity({ value, heat }: { value: number; heat: string }) {
  const shape = SHAPES[value] ?? SHAPES[4];
  if (!shape) return null;
  const key = `severity.${value}`;
  return (
    <svg className={`sev sev${value} ${heat}`} width="20" height="20" viewBox="0 0 20 20" role="img" aria-label={has(key) ? t(key) : ""}>
      <path d={shape.draw} fill={shape.filled ? "currentColor" : "none"} stroke="currentColor" strokeWidth={shape.filled ? 0 : 1.8} />
      <text x="10" y={shape.y} fontSize="9" fontWeight="700" textAnchor="middle" className={shape.filled ? "digit cut" : "digit"}>
        {value}
      </text>
    </svg>
  );
}
