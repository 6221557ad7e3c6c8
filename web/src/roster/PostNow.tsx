/** What the roster means now: when a post would be due, and when a person answers it, inbox by inbox. */
import { useQuery } from "@tanstack/react-query";
import { get } from "../api/client";
import { t } from "../i18n/t";
import { moment } from "../settings/sla/moment";
import { here } from "./week";

interface Outlook {
  inbox_id: string;
  inbox: string;
  people: number;
  due_at: string | null;
  answered_by: string | null;
  in_time: boolean;
}

function One({ of }: { of: Outlook }) {
  const due = of.due_at ? t("post_now.due", { when: moment(of.due_at, here()) }) : t("post_now.no_due");
  const by = of.answered_by ? t("post_now.by", { when: moment(of.answered_by, here()) }) : t("post_now.nobody");
  return (
    <li>
      <b><bdi>{of.inbox}</bdi></b>
      <span className={`state ${of.in_time ? "good" : "bad"}`}>{t(of.in_time ? "post_now.in_time" : "post_now.late")}</span>
      <span className="num">{due} {by} <span className="quiet">{t("post_now.people", { n: of.people })}</span></span>
    </li>
  );
}

export function PostNow() {
  // Under the roster's key: every change of it asks anew; and each minute, since "now" moves on.
  const { data } = useQuery({ queryKey: ["roster", "post-now"], queryFn: () => get<Outlook[]>("/roster/post-now"), refetchInterval: 60_000 });
  if (!data?.length) return null;
  return (
    <section className="post-now" aria-label={t("sla.now")} aria-live="polite">
      <h2>{t("sla.now")}</h2>
      <ul className="plainlist">{data.map((one) => <One key={one.inbox_id} of={one} />)}</ul>
    </section>
  );
}
