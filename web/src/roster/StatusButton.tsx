/** Here, busy, away: one's own status beside the queues; a full, a half and an empty ring. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { get, put, words } from "../api/client";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Dialog } from "../ui/Dialog";
import { toast } from "../ui/toast";
import type { Standing, Status } from "./types";
import { useRenewed } from "./useRenewed";

const STATUSES = ["here", "busy", "away"] as const;
const BEAT = 60_000;

function useStatus(): { status: Status; say: (status: Status) => Promise<void> } {
  const { me } = useDesk();
  const client = useQueryClient();
  const query = useQuery({ queryKey: ["statuses"], queryFn: () => get<Standing[]>("/statuses"), refetchInterval: BEAT });
  useRenewed("statuses", ["status."]);
  const shown = me.rules.presence;
  useEffect(() => {
    if (!shown) return undefined;
    const beat = (): void => void put("/me/seen").catch(() => undefined);
    beat();
    const timer = setInterval(beat, BEAT);
    return () => clearInterval(timer);
  }, [shown]);
  return {
    status: query.data?.find((one) => one.agent_id === me.agent.id)?.status ?? "away",
    say: async (status) => {
      await put("/me/status", { status });
      await client.invalidateQueries({ queryKey: ["statuses"] });
    },
  };
}

export function StatusButton() {
  const { status, say } = useStatus();
  const [open, setOpen] = useState(false);
  const choose = (one: Status): void => {
    setOpen(false);
    say(one).catch((error: unknown) => void toast(words(error), { bad: true }));
  };
  return (
    <>
      <button className={`status ${status}`} aria-label={t("status.mine", { status: t(`status.${status}`) })} onClick={() => setOpen(true)}>
        <i aria-hidden="true" className="dot" /><span>{t(`status.${status}`)}</span>
      </button>
      {open ? (
        <Dialog title={t("status.title")} onClose={() => setOpen(false)}>
          <p className="quiet">{t("status.about")}</p>
          <div className="acts">
            {STATUSES.map((one) => <button key={one} className={`btn stand ${one}`} data-first={one === status || undefined} aria-pressed={one === status} onClick={() => choose(one)}><i aria-hidden="true" className="dot" /> {t(`status.${one}`)}</button>)}
          </div>
        </Dialog>
      ) : null}
    </>
  );
}
