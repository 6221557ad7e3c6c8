/** The alerts of the desk: what is the matter, and who has it. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { put, words } from "../api/client";
import { t } from "../i18n/t";
import { onEvent } from "../live/store";
import { usePages } from "../settings/useThings";
import { toast } from "../ui/toast";

export interface Alert {
  id: string;
  cause: string;
  title: string;
  conversation_id: string | null;
  severity: number | null;
  count: number;
  state: "raised" | "acknowledged" | "cleared";
  step: number;
  steps: number;
  next_at: string | null;
  reached: number;
  trouble: string;
  raised_at: string;
  acknowledged_name: string;
  cleared_at: string | null;
}

export interface Page {
  id: string;
  name: string;
  state: "queued" | "sending" | "sent" | "failed" | "dropped";
  attempts: number;
  error: string;
  created_at: string;
  sent_at: string | null;
}

interface Alerts {
  /** Those that are not over, the gravest first; `more` fetches the next page. */
  open: Alert[];
  more: (() => void) | undefined;
  fetching: boolean;
  /** Say that one has it: of the one that is named, or of the gravest. */
  have: (id?: string) => Promise<void>;
}

export function useAlerts(): Alerts {
  const client = useQueryClient();
  const { items: open, more, fetching } = usePages<Alert>("/alerts");
  useEffect(
    () => onEvent((event) => {
      if (event.kind.startsWith("alert.")) void client.invalidateQueries({ queryKey: ["/alerts"] });
    }),
    [client],
  );
  const have = async (id?: string): Promise<void> => {
    const chosen = id ?? open.find((alert) => alert.state === "raised")?.id;
    if (!chosen) return;
    try {
      await put(`/alerts/${chosen}/acknowledgement`);
      toast(t("alert.taken"));
    } catch (error) {
      toast(words(error), { bad: true });
    }
    await client.invalidateQueries({ queryKey: ["/alerts"] });
  };
  return { open, more, fetching, have };
}
