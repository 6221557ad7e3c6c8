import { useEffect } from "react";
import { t } from "../i18n/t";
import { current, onEvent, useDesk } from "../live/store";
import { toast } from "../ui/toast";

/** The count in the title, and a desktop notification for a new conversation while we look away. */
export function useNotices(onOpen: (id: string) => void): void {
  const { counts, me } = useDesk();
  const wanted = me.preferences.notifications === true;
  useEffect(() => {
    document.title = counts.unanswered ? `(${counts.unanswered}) Earful` : "Earful";
  }, [counts.unanswered]);
  useEffect(
    () =>
      onEvent(({ kind, conversation_id, data }) => {
        const there = kind === "move.arrived" && data.move?.to_id === conversation_id ? conversation_id : null;
        const owned = there && current()?.cards.get(there);
        if (!there || !owned || owned.assignee_id !== me.agent.id || window.location.pathname === `/c/${there}`) return;
        toast(t("move.notice", { name: owned.contact.name }), { act: { label: t("move.open_private"), run: () => onOpen(there) } }, 15_000);
      }),
    [me.agent.id, onOpen],
  );
  useEffect(
    () =>
      onEvent((event) => {
        const card = event.data.card;
        if (!wanted || !card || event.kind !== "conversation.opened" || document.visibilityState === "visible") return;
        if (!("Notification" in window) || Notification.permission !== "granted") return;
        const notice = new Notification(t("notify.new", { name: card.contact.name }), { body: card.preview, tag: card.id });
        notice.onclick = () => {
          window.focus();
          onOpen(card.id);
        };
      }),
    [wanted, onOpen],
  );
}
