/** Line icons of our own, 20 units square. */
const PATHS = {
  ear: "M6 8.5a4.6 4.6 0 1 1 8.4 2.7c-1 1.3-2 1.7-2 3.6a2.8 2.8 0 0 1-4.9 1.7M8.2 8.6a2.2 2.2 0 1 1 3.9 1.4c-.7.8-1.6.9-1.6 2",
  inbox: "M3 11h4l1.5 2.5h3L13 11h4M3 11l2.5-7h9L17 11v5H3Z",
  me: "M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4ZM4 17c.6-3.2 3-4.6 6-4.6s5.4 1.4 6 4.6",
  team: "M7.5 9.5a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6ZM2.5 16c.4-2.8 2.4-4 5-4s4.6 1.2 5 4M13 4.2a2.7 2.7 0 0 1 0 5.1M14.5 12.3c1.7.5 2.8 1.7 3 3.7",
  wait: "M6 3h8M6 17h8M7 3c0 4 6 5 6 7s-6 3-6 7M13 3c0 4-6 5-6 7s6 3 6 7",
  moon: "M16 11.5A6.5 6.5 0 1 1 8.5 4a5 5 0 0 0 7.5 7.5Z",
  check: "M4 10.5l4 4 8-9",
  tag: "M3.5 3.5h6l7 7-6 6-7-7ZM7 7h.01",
  alert: "M10 3 18 17H2ZM10 8v4M10 14.5h.01",
  globe: "M10 2.8a7.2 7.2 0 1 0 0 14.4 7.2 7.2 0 0 0 0-14.4ZM2.8 10h14.4M10 2.8c3 3 3 11.4 0 14.4M10 2.8c-3 3-3 11.4 0 14.4",
  lock: "M5 9h10v8H5ZM7 9V6.5a3 3 0 0 1 6 0V9",
  search: "M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11ZM13.2 13.2 17 17",
  gear: "M10 7a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM10 2.5v2.4M10 15.1v2.4M2.5 10h2.4M15.1 10h2.4M4.7 4.7l1.7 1.7M13.6 13.6l1.7 1.7M4.7 15.3l1.7-1.7M13.6 6.4l1.7-1.7",
  image: "M3 4h14v12H3ZM3 13l4-4 4 4 2-2 4 4M13 8h.01",
  back: "M12 4 6 10l6 6",
  on: "M8 4l6 6-6 6",
  down: "M4 7l6 6 6-6",
  board: "M3 4h14v12H3ZM8 4v12M13 4v12",
  reach: "M3 9.5 16.5 4l-3.8 13-3.4-5.2L3 9.5zM9.3 11.8l3-3",
  hear: "M4 8v4h2.5L11 16V4L6.5 8ZM13.5 7.5a3.6 3.6 0 0 1 0 5M15.6 5.4a6.5 6.5 0 0 1 0 9.2",
  bars: "M4 17V9M10 17V3M16 17v-6",
  radar: "M10 10 15.5 5M10 2.8a7.2 7.2 0 1 0 7.2 7.2M10 6.4a3.6 3.6 0 1 0 3.6 3.6M10 10h.01",
  list: "M4 5h12M4 10h12M4 15h12",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18 }: { name: IconName; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true" className="icon">
      <path d={PATHS[name]} fill="none" stroke="currentColor" strokeWidth="1.6" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  );
}
