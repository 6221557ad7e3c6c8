"""Who is one person: linked by a code or by agreement, proposed by an agent, parted again."""

from __future__ import annotations

from typing import Any

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.contacts import links
from earful.contacts.links import Link
from earful.conversations.cards import load_cards
from earful.conversations.messages import load_messages
from earful.conversations.rows import record_activity
from earful.desk.consent import check_words, words_of
from earful.kit.refusal import Refused
from earful.stream.screen import Inboxes
from earful.stream.work import Actor, Work


async def link_by_code(
    work: Work, one_id: str, other_id: str, *, messages: list[str], homes: list[str], agent_id: str
) -> Link:
    """A code that was sent to `one_id` came from `other_id`. Tells `homes`, the conversations."""
    await links.check_pair(work, one_id, other_id)
    link = await links.write_link(
        work, one_id, other_id, how="code", messages=messages, agent_id=agent_id
    )
    await _share_preference(work, link)
    # Without handles: a line here is another person's to read once the two are parted.
    words = "Proved by a code: another account is the same person, and stands together with this"
    for home in homes:
        await _tell(work, home, "link.made", words, link=link, actor=Actor("contact", other_id))
    await _audit(work, "link.made", link, Actor("contact", other_id))
    return link


async def propose(
    work: Work, one_id: str, other_id: str, message_ids: list[str], inboxes: Inboxes
) -> Link:
    """Propose that two are one person, pointing at what they wrote; again, to point at more.

    Raises Refused without any words, or where they are nobody's consent.
    """
    await links.hold_links(work)
    await links.check_pair(work, one_id, other_id)
    known = await links.proposal_between(work, one_id, other_id)
    pointed = list(dict.fromkeys([*(known.messages if known else []), *message_ids]))
    words = await words_of(work, one_id, other_id, pointed)
    check_words(words, message_ids, inboxes, work.now)
    link = await links.write_link(
        work,
        one_id,
        other_id,
        how="",
        messages=list(words),
        agent_id=str(work.actor.id),
    )
    said = f"{work.actor.name} proposed that another account is the same person"
    for home in _homes(words):
        await _tell(work, home, "link.proposed", said, link=link)
    await _audit(work, "link.proposed", link)
    return link


async def confirm(work: Work, link_id: str, inboxes: Inboxes) -> Link:
    """Link what was proposed, where both accounts said so in words that can be read here."""
    await links.hold_links(work)
    link = await links.find_link(work, link_id)
    if link.state != "proposed":
        raise Refused("ended", "That is no proposal any more.")
    await links.check_pair(work, link.one_id, link.other_id)
    words = await words_of(work, link.one_id, link.other_id, link.messages)
    seen = {key: row for key, row in words.items() if inboxes is None or row["inbox_id"] in inboxes}
    if {row["side"] for row in seen.values()} != {1, 2}:
        raise Refused("one-sided", "Only one of the accounts has said so. Ask in the other, too.")
    made = await links.confirm_link(work, link, str(work.actor.id), list(seen))
    await _share_preference(work, made)
    said = f"Agreed in both accounts, confirmed by {work.actor.name}: another account is the same "
    said += "person, and stands together with this"
    for home in _homes(seen):
        await _tell(work, home, "link.made", said, link=made)
    await _audit(work, "link.made", made)
    return made


async def end(work: Work, link_id: str, *, may_part: bool) -> Link:
    """Part two contacts, each as it was, or withdraw a proposal. Raises NotFound or Refused."""
    await links.hold_links(work)
    link = await links.find_link(work, link_id)
    if link.ended_at is not None:
        raise Refused("ended", "That is over already.")
    if link.state == "linked" and not may_part:
        raise Refused("forbidden", "Leads and owners part accounts. Ask one of them.")
    ended = await links.end_link(work, link, str(work.actor.id))
    for contact_id in (link.one_id, link.other_id):
        home = await newest_of(work, contact_id)
        if home and ended.state == "parted":
            said = f"{work.actor.name} parted this account from another"
            await _tell(work, home, "link.parted", said, link=ended)
        elif home:
            said = f"{work.actor.name} withdrew the proposal of another account"
            await _tell(work, home, "link.withdrawn", said, link=ended)
    await _audit(work, "link.parted" if ended.state == "parted" else "link.withdrawn", ended)
    return ended


async def forget_links(work: Work, contact_id: str) -> None:
    """Somebody is erased: what stood together only through them parts."""
    rows = await work.db.fetch(
        _GONE,
        work.workspace_id,
        contact_id,
    )
    for link in (links.link_of(row) for row in rows if row["state"] == "linked"):
        other = link.other_id if link.one_id == contact_id else link.one_id
        if home := await newest_of(work, other):
            said = "An account that stood together with this was erased"
            await _tell(work, home, "link.parted", said, link=link)


async def note(work: Work, home: str, words: str) -> None:
    """A line of history about a code that linked nobody."""
    await _tell(work, home, "link.refused", words, link=None)


async def newest_of(work: Work, contact_id: str) -> str | None:
    """The newest conversation of exactly this contact, if there is one."""
    found: str | None = await work.db.fetchval(
        """SELECT id FROM conversation WHERE workspace_id = $1 AND contact_id = $2
             AND merged_into IS NULL ORDER BY opened_at DESC LIMIT 1""",
        work.workspace_id,
        contact_id,
    )
    return found


def _homes(words: dict[str, Any]) -> list[str]:
    return list(dict.fromkeys(row["conversation_id"] for row in words.values()))


async def _share_preference(work: Work, link: Link) -> None:
    """What one of them wished counts for both; where both did, the first one's does."""
    await work.db.execute(
        """UPDATE contact SET preferred = p.wish FROM (
             SELECT preferred AS wish FROM contact WHERE workspace_id = $1
               AND id = ANY(same_person($1, $2)) AND preferred <> ''
             ORDER BY (id = $2) DESC, id LIMIT 1) p
           WHERE workspace_id = $1 AND id = ANY(same_person($1, $2)) AND preferred <> p.wish""",
        work.workspace_id,
        link.one_id,
    )


async def _tell(
    work: Work, home: str, kind: str, words: str, *, link: Link | None, actor: Actor | None = None
) -> None:
    """A line of history and an event; nothing is counted anew, as nothing else has changed."""
    line = await record_activity(work, home, words)
    card = (await load_cards(work.db, work.workspace_id, [home]))[home]
    messages = await load_messages(work.db, work.workspace_id, [line])
    data = {"card": card, "messages": messages} | ({"link": link} if link else {})
    work.emit(kind, data, conversation_id=home, inbox_id=card.inbox_id, actor=actor)


async def _audit(work: Work, act: Act, link: Link, actor: Actor | None = None) -> None:
    who = actor or work.actor
    line = audit.Line(
        actor_kind=who.kind, actor_id=who.id, act=act, object_kind="link", object_id=link.id
    )
    await audit.append(work.db, work.workspace_id, line, now=work.now)


_GONE = f"""
DELETE FROM contact_link WHERE workspace_id = $1 AND (one_id = $2 OR other_id = $2)
RETURNING {links.COLUMNS}
"""  # noqa: S608 - a constant
