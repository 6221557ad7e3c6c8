/** Told to leads, quietly: posts wait that could not be taken in. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { get } from "../api/client";
import { go, usePath } from "../desk/route";
import { t } from "../i18n/t";
import { onEvent } from "../live/store";

export function AsideNotice() {
  const client = useQueryClient();
  const path = usePath();
  const found = useQuery({
    queryKey: ["/set-aside", "count"],
    queryFn: () => get<{ waiting: number }>("/set-aside?limit=1"),
    staleTime: Infinity,
  });
  useEffect(
    () => onEvent((event) => {
      if (event.kind.startsWith("post.")) void client.invalidateQueries({ queryKey: ["/set-aside"] });
    }),
    [client],
  );
  const n = found.data?.waiting ?? 0;
  if (!n || path === "/settings/set-aside") return null;
  return (
    <div className="banner calm" role="status">
      {t("aside.notice", { n })}
      <button className="btn" onClick={() => go("/settings/set-aside")}>{t("aside.look")}</button>
    </div>
  );
}
