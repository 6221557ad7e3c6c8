/** Asking somebody to write in private: by what, and the words that go into the public reply. */
import { post, words } from "../api/client";
import type { Card, Channel } from "../api/types";
import { has, t } from "../i18n/t";
import type { Choice } from "../ui/Picker";
import { toast } from "../ui/toast";

export interface Invitation {
  id: string;
  by: string;
  link: string;
}

async function invite(card: Card, by: string, onInvite: (text: string, move: string) => void): Promise<void> {
  try {
    const made = await post<Invitation>(`/conversations/${card.id}/moves`, { by });
    const key = `move.text.${by}`;
    onInvite(has(key) ? t(key, { link: made.link }) : made.link, `${made.id} ${made.link}`);
  } catch (error) {
    toast(words(error), { bad: true });
  }
}

/** The ways out of a public conversation, as far as channels are there for them. */
export function waysOf(card: Card, channels: Channel[], onInvite: (text: string, move: string) => void, onDirect: () => void): Choice[] {
  if (card.visibility !== "public") return [];
  const own = channels.find((one) => one.id === card.channel_id)?.can;
  const ways = [...(own?.invites ? ["direct"] : []), ...new Set(channels.map((one) => one.can.welcomes).filter(Boolean))];
  const asked = ways.map((by) => {
    const key = `move.by.${by}`;
    return { id: by, label: has(key) ? t(key) : by, act: () => void invite(card, by, onInvite) };
  });
  return own?.direct ? [{ id: "write", label: t("move.write"), act: onDirect }, ...asked] : asked;
}
