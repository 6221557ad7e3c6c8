/** Asking somebody to write in private: by what, and the words that go into the public reply. */
import { post } from "../api/client";
import type { Card, Channel } from "../api/types";
import { has, t } from "../i18n/t";
import type { Choice } from "../ui/Picker";

export interface Invitation {
  id: string;
  by: string;
  link: string;
}

type Invite = (text: string, move: string) => void;

/** Asks the desk for a link; the words that go with it are put in when the list has closed. */
function invitation(card: Card, by: string, onInvite: Invite): Pick<Choice, "work" | "after"> {
  let made: Invitation | null = null;
  return {
    work: async () => {
      made = await post<Invitation>(`/conversations/${card.id}/moves`, { by });
    },
    after: () => {
      const key = `move.text.${by}`;
      if (made) onInvite(has(key) ? t(key, { link: made.link }) : made.link, `${made.id} ${made.link}`);
    },
  };
}

/** The ways out of a public conversation, as far as channels are there for them. */
export function waysOf(card: Card, channels: Channel[], onInvite: Invite, onDirect: () => void): Choice[] {
  if (card.visibility !== "public") return [];
  const own = channels.find((one) => one.id === card.channel_id)?.can;
  const ways = [...(own?.invites ? ["direct"] : []), ...new Set(channels.map((one) => one.can.welcomes).filter(Boolean))];
  const asked = ways.map((by) => {
    const key = `move.by.${by}`;
    return { id: by, label: has(key) ? t(key) : by, ...invitation(card, by, onInvite) };
  });
  return own?.direct ? [{ id: "write", label: t("move.write"), act: onDirect }, ...asked] : asked;
}
