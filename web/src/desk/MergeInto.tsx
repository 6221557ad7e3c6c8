/** Into which conversation this one is merged: open ones of the same inbox, network and readers. */
import type { Card } from "../api/types";
import { t } from "../i18n/t";
import { useCalled, useDesk } from "../live/store";
import { Picker } from "../ui/Picker";
import { merge } from "./acts";

export function MergeInto({ card, onClose }: { card: Card; onClose: () => void }) {
  const { cards } = useDesk();
  const called = useCalled();
  const fits = (other: Card): boolean =>
    other.id !== card.id &&
    other.status !== "resolved" &&
    other.inbox_id === card.inbox_id &&
    other.network === card.network &&
    other.visibility === card.visibility;
  const choices = [...cards.values()].filter(fits).map((other) => ({
    id: other.id,
    label: `${other.contact.name} ${called(other.network, other.contact.handle)}`,
    hint: other.preview,
    work: () => merge(card.id, other.id),
  }));
  return <Picker title={t("merge.title")} empty={t("merge.none")} choices={choices} onClose={onClose} />;
}
