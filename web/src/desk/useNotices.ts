import { useEffect } from "react";
import { t } from "../i18n/t";
import { onEvent, useDesk } from "../live/store";

/** The count in the title, and a desktop notification for a new conversation while we look away. */
export function useNotices(onOpen: (id: string) => void): void {
  const { counts, me } = useDesk();
  const wanted = me.preferences.notifications === true;
  useEffect(() => {
    document.title = counts.unanswered ? `(${counts.unanswered}) Earful` : "Earful";
  }, [counts.unanswered]);
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
