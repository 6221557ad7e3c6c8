import { useState } from "react";

function initials(name: string): string {
  return name.split(/\s+/).slice(0, 2).map((part) => [...part][0] ?? "").join("").toUpperCase();
}

/** Somebody's picture, or their initials as long as there is none. Their name stands beside it. */
export function Avatar({ name, url }: { name: string; url: string | null | undefined }) {
  const [lost, setLost] = useState("");
  return (
    <div className="av" aria-hidden="true">
      {url && lost !== url ? <img src={url} alt="" onError={() => setLost(url)} /> : initials(name)}
    </div>
  );
}
