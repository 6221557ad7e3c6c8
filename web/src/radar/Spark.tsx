/** How many people spoke of it on the days before, and now: the words beside it say the same. */
const WIDTH = 132;
const HEIGHT = 34;

export function Spark({ course, now, label }: { course: number[]; now: number; label: string }) {
  const values = [...course, now];
  const most = Math.max(1, ...values);
  const step = WIDTH / values.length;
  return (
    <svg className="spark" width={WIDTH} height={HEIGHT} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {values.map((value, at) => {
        const high = value ? Math.max(2, (value / most) * (HEIGHT - 2)) : 1;
        return <rect key={at} className={at === values.length - 1 ? "now" : ""} x={at * step + 0.5} y={HEIGHT - high} width={Math.max(1, step - 1)} height={high} rx={1} />;
      })}
    </svg>
  );
}
