/** Asking somebody to write in private: by what, and the words that go into the public reply. */
import { post } from "../api/client";
import type { Card, Channel, Contact } from "../api/types";
import { has, t } from "../i18n/t";
import type { Choice } from "../ui/Picker";
import { go } from "./route";

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

/** By which network they wish to be written to, and their newest private conversation there. */
function wishOf(card: Card, contact: Contact | undefined): { network: string; talk: Card | undefined } {
  const network = contact?.preferred ?? "";
  const talk = contact?.history.find((one) => one.network === network && one.id !== card.id && one.visibility !== "public");
  return { network, talk: network ? talk : undefined };
}

/** The ways out of a public conversation, as far as channels are there for them; what they wish comes
 * first, and where they speak with us already one only has to go there. */
export function waysOf(card: Card, channels: Channel[], contact: Contact | undefined, onInvite: Invite, onDirect: () => void): Choice[] {
  const wish = wishOf(card, contact);
  const { talk } = wish;
  const there: Choice[] = talk ? [{ id: "there", label: t("move.there"), hint: t("move.they_prefer"), act: () => go(`/c/${talk.id}`) }] : [];
  if (card.visibility !== "public") return there;
  const own = channels.find((one) => one.id === card.channel_id)?.can;
  const theirs = channels.find((one) => one.network === wish.network)?.can.welcomes;
  const ways = [...(own?.invites ? ["direct"] : []), ...new Set(channels.map((one) => one.can.welcomes).filter(Boolean))];
  const wished = (by: string): boolean => (by === "write" || by === "direct" ? wish.network === card.network : Boolean(theirs) && by === theirs);
  const asked: Choice[] = ways.map((by) => {
    const key = `move.by.${by}`;
    return { id: by, label: has(key) ? t(key) : by, ...invitation(card, by, onInvite) };
  });
  const all: Choice[] = own?.direct ? [{ id: "write", label: t("move.write"), act: onDirect }, ...asked] : asked;
  const first = all.filter((one) => wished(one.id)).map((one) => ({ ...one, hint: t("move.they_prefer") }));
  return [...there, ...first, ...all.filter((one) => !wished(one.id))];
}
