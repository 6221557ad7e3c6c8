"""Rights by the name of the act: the one table that says which role may do what."""

from __future__ import annotations

from typing import Literal, get_args

Role = Literal["owner", "lead", "agent", "viewer"]
Scope = Literal["read", "write", "admin"]

ROLES: tuple[Role, ...] = get_args(Role)
SCOPES: tuple[Scope, ...] = get_args(Scope)

_RANK: dict[Role, int] = {"viewer": 0, "agent": 1, "lead": 2, "owner": 3}
_ENOUGH: dict[Scope, frozenset[Scope]] = {
    "read": frozenset(SCOPES),
    "write": frozenset({"write", "admin"}),
    "admin": frozenset({"admin"}),
}

LEAST: dict[str, Role] = {
    # Everybody who is in.
    "desk.read": "viewer",
    "people.read": "viewer",
    "own.change": "viewer",
    # Those who answer.
    "conversation.change": "agent",
    "conversation.reply": "agent",
    "conversation.note": "agent",
    "delivery.change": "agent",
    "media.add": "agent",
    "presence.change": "agent",
    "view.change": "agent",
    "token.make": "agent",
    # Those who run the desk.
    "agent.change": "lead",
    "agent.invite": "lead",
    "policy.change": "lead",
    "inbox.change": "lead",
    "team.change": "lead",
    "channel.read": "lead",
    "channel.change": "lead",
    "roster.change": "lead",
    "paging.change": "lead",
    "tag.change": "lead",
    "macro.change": "lead",
    "rule.read": "lead",
    "rule.change": "lead",
    "search.change": "lead",
    "webhook.change": "lead",
    "token.change": "lead",
    "audit.read": "lead",
    "board.read": "lead",
    "figures.read": "lead",
    "media.remove": "lead",
    "contact.export": "lead",
    "contact.erase": "lead",
    "contact.link": "lead",
    # Those who answer for it.
    "owner.change": "owner",
    "workspace.change": "owner",
    "outreach.change": "owner",
    "mail.change": "owner",
}
"""The least role for each act; a role includes all below it."""


class UnknownAct(LookupError):
    """A mistake in our code: an act that the table does not name is nobody's right."""


def least_role(act: str) -> Role:
    """The least role that may do `act`. Raises UnknownAct."""
    try:
        return LEAST[act]
    except KeyError:
        raise UnknownAct(act) from None


def may(role: Role, act: str) -> bool:
    """Whether `role` gives the right to `act`. Raises UnknownAct."""
    return _RANK[role] >= _RANK[least_role(act)]


def scope_for(act: str) -> Scope:
    """The least scope by which a token may do `act`. Raises UnknownAct."""
    least = least_role(act)
    if act.endswith(".read"):
        return "read"
    # A token that could make tokens would outlive its own end.
    return "admin" if _RANK[least] > _RANK["agent"] or act == "token.make" else "write"


def scopes_allow(scopes: tuple[Scope, ...], act: str) -> bool:
    """Whether a token with `scopes` may do `act`, whatever its agent's role. Raises UnknownAct."""
    return not _ENOUGH[scope_for(act)].isdisjoint(scopes)


def may_manage(actor: Role, before: Role, after: Role) -> bool:
    """Whether `actor` may turn somebody of role `before` into `after` (or disable, invite them)."""
    act = "owner.change" if "owner" in (before, after) else "agent.change"
    return may(actor, act)
