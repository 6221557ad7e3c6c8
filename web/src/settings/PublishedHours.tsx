/** The published hours of an inbox: the line for a profile, and where the roster does not keep them. */
import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import { t } from "../i18n/t";
import { toast } from "../ui/toast";
import { moment } from "./sla/moment";

interface Published {
  zone: string;
  bio: string;
  unstaffed: [string, string][];
}

const MOST = 5;

function Gaps({ found }: { found: Published }) {
  const rest = found.unstaffed.length - MOST;
  if (!found.unstaffed.length) return null;
  return (
    <div role="note">
      <p className="hot">{t("published.unstaffed")}</p>
      <ul className="plainlist num">
        {found.unstaffed.slice(0, MOST).map(([from, until]) => <li key={from}>{t("published.stretch", { from: moment(from, found.zone), until: moment(until, found.zone) })}</li>)}
        {rest > 0 ? <li className="quiet">{t("published.more", { n: rest })}</li> : null}
      </ul>
    </div>
  );
}

export function PublishedHours({ inboxId, hoursId }: { inboxId: string; hoursId: string | null }) {
  const path = `/inboxes/${inboxId}/published-hours`;
  const { data } = useQuery({ queryKey: [path, hoursId], queryFn: () => get<Published | null>(path), enabled: hoursId !== null });
  if (!data || hoursId === null) return null;
  const copy = (): void => void navigator.clipboard.writeText(data.bio).then(() => toast(t("published.copied")), () => toast(t("published.not_copied"), { bad: true }));
  return (
    <>
      {data.bio ? (
        <div className="once">
          <span className="grow">{t("published.bio")}<br /><code>{data.bio}</code></span>
          <button type="button" className="btn" onClick={copy}>{t("published.copy")}</button>
        </div>
      ) : null}
      <Gaps found={data} />
    </>
  );
}
