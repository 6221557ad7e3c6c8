"""A new password: by a link, by the old one, or by the operator; every session ends with it."""

from __future__ import annotations

from datetime import datetime

from earful.accounts import throttle
from earful.accounts.acts import Act
from earful.accounts.audit import Line, append, by_agent
from earful.accounts.emails import clean_email
from earful.accounts.errors import AccountError, Invalid, NoSuchAgent
from earful.accounts.letters import new_password
from earful.accounts.links import (
    LASTS_FOR,
    Link,
    Purpose,
    look_at_link,
    make_link,
    use_link,
    void_links,
)
from earful.accounts.passwords import check_new, hash_of, matches, set_password
from earful.accounts.people import get_agent
from earful.accounts.postbox import can_mail, put_in
from earful.accounts.secrets import Keyring
from earful.accounts.sessions import revoke_all
from earful.store.pool import Connection


async def choose_by_link(
    db: Connection, token: str, purpose: Purpose, password: str, *, now: datetime
) -> Link | None:
    """Use a link up for a new password. None if it does not work. Raises Invalid, using nothing."""
    found = await look_at_link(db, token, purpose, now=now)
    check_new(password, email=found.email if found else "")
    link = await use_link(db, token, purpose, now=now)
    if link is None:
        return None
    await throttle.forgive(db, purpose="sign-in", account=link.email)
    act: Act = "invitation.accepted" if purpose == "invitation" else "password.reset"
    await _replace(db, link.workspace_id, link.agent_id, password, act, now=now)
    return link


async def change_password(
    db: Connection,
    workspace_id: str,
    agent_id: str,
    *,
    current: str,
    new: str,
    keep_session: str | None,
    now: datetime,
) -> None:
    """Change one's own password; other sessions end. Raises Invalid."""
    if not await matches(current, await hash_of(db, workspace_id, agent_id)):
        raise Invalid("current", "That is not your password.")
    check_new(new, email=(await get_agent(db, workspace_id, agent_id)).email)
    await _replace(db, workspace_id, agent_id, new, "password.changed", now=now, keep=keep_session)


async def reset(db: Connection, *, email: str, now: datetime) -> tuple[Link, str]:
    """A link for a new password, for the operator at the command line. Raises NoSuchAgent."""
    link = await _find(db, email)
    return link, await _make(db, link, now=now)


async def reset_by_mail(
    db: Connection, keyring: Keyring, *, email: str, base_url: str, now: datetime
) -> bool:
    """Mail a link for a new password to whoever has this address.

    False, and nothing is done, when nobody has it or their workspace sends no mail.
    """
    try:
        link = await _find(db, email)
    except AccountError:
        return False
    if not await can_mail(db, link.workspace_id):
        return False
    url = f"{base_url}/password/{await _make(db, link, now=now)}"
    letter = new_password(link.email, name=link.name, url=url)
    ids = (link.workspace_id, link.agent_id)
    await put_in(db, keyring, *ids, letter, lasts_for=LASTS_FOR["password"], now=now)
    return True


async def _find(db: Connection, email: str) -> Link:
    row = await db.fetchrow(_FIND, clean_email(email))
    if row is None:
        raise NoSuchAgent("Nobody who may sign in has this e-mail address.")
    return Link("", *row)


async def _make(db: Connection, link: Link, *, now: datetime) -> str:
    """The token of a link, as the audit log will have it."""
    token = await make_link(db, link.workspace_id, link.agent_id, "password", now=now)
    line = Line(
        actor_kind="system", act="password.link_made", object_kind="agent", object_id=link.agent_id
    )
    await append(db, link.workspace_id, line, now=now)
    return token


async def _replace(
    db: Connection,
    workspace_id: str,
    agent_id: str,
    password: str,
    act: Act,
    *,
    now: datetime,
    keep: str | None = None,
) -> None:
    await set_password(db, workspace_id, agent_id, password, now=now)
    await revoke_all(db, workspace_id, agent_id, now=now, keep=keep)
    await void_links(db, workspace_id, agent_id, now=now)
    await append(db, workspace_id, by_agent(agent_id, act), now=now)


_FIND = """
SELECT w.id::text, w.name, a.id::text, a.name, a.email FROM agent a
JOIN workspace w ON w.id = a.workspace_id
WHERE lower(a.email) = lower($1) AND a.disabled_at IS NULL
"""
