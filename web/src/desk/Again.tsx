/** One more try at a picture or a file that could not be fetched; what becomes of it is told as all news. */
import { post, words } from "../api/client";
import { t } from "../i18n/t";
import { useDesk } from "../live/store";
import { Do } from "../ui/Do";
import { toast } from "../ui/toast";

export function Again({ id }: { id: string }) {
  const { me } = useDesk();
  if (me.agent.role === "viewer") return null;
  const ask = (): Promise<unknown> => post(`/media/${id}/fetch`).catch((error: unknown) => toast(words(error), { bad: true }));
  return <Do className="link" act={ask}>{t("picture.again")}</Do>;
}
