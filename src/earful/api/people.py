"""Agents, invitations, tokens and sessions."""

from __future__ import annotations

from functools import partial
from typing import Any

import msgspec
from litestar import delete, get, patch, post
from litestar.params import FromPath, JSONBody

from earful.accounts import api_tokens, audit, people, sessions, standing
from earful.accounts.acts import Act
from earful.accounts.invitations import invite, mail_link
from earful.api.caller import Called, Caller, check_id
from earful.api.once import once, once_shown
from earful.kit.refusal import NotFound, Refused
from earful.stream.work import Work


class AgentBody(msgspec.Struct, frozen=True):
    """A colleague to add."""

    name: str
    email: str
    role: str = "agent"
    initials: str = ""


class AgentPatch(msgspec.Struct, frozen=True):
    """What to change of a colleague."""

    name: str | None = None
    initials: str | None = None
    role: str | None = None
    disabled: bool | None = None


class TokenBody(msgspec.Struct, frozen=True):
    """A token to make; scopes are read, write, admin."""

    name: str
    scopes: list[str]


def show(agent: people.Agent) -> dict[str, Any]:
    """An agent as the API shows one."""
    built: dict[str, Any] = msgspec.to_builtins(agent)
    return built | {"sign_off": f"^{agent.initials}"}


async def _told(work: Work, caller: Caller, agent: people.Agent, act: Act) -> dict[str, Any]:
    """Tell the stream and the audit log of a change of people."""
    shown = show(agent)
    work.emit(act, {"agent": shown})
    line = audit.Line(
        actor_kind="agent",
        actor_id=caller.id,
        act=act,
        object_kind="agent",
        object_id=agent.id,
        texts=(agent.role,),
    )
    await audit.append(work.db, caller.workspace_id, line, now=work.now)
    return shown


@get("/agents")
async def get_agents(caller: Called) -> list[dict[str, Any]]:
    """Everybody in the workspace."""
    caller.need("people.read")
    async with caller.state.database.acquire() as db:
        return [show(agent) for agent in await people.list_agents(db, caller.workspace_id)]


@post("/agents")
async def post_agent(caller: Called, data: JSONBody[AgentBody]) -> dict[str, Any]:
    """Add somebody; she comes in by an invitation."""
    async with caller.work("agent.invite") as work:

        async def act() -> dict[str, Any]:
            agent = await people.add_agent(
                work.db,
                caller.workspace_id,
                name=data.name,
                email=data.email,
                role=data.role,
                initials=data.initials,
                now=work.now,
                by=caller.who.role,
            )
            return await _told(work, caller, agent, "agent.added")

        return await once(caller, work, act, dict[str, Any])


@patch("/agents/{agent_id:str}")
async def patch_agent(
    caller: Called, agent_id: FromPath[str], data: JSONBody[AgentPatch]
) -> dict[str, Any]:
    """Change name, initials or role; shut out or let in."""
    check_id(agent_id, "agent")
    key = caller.workspace_id
    async with caller.work("agent.change") as work:
        agent = await people.get_agent(work.db, key, agent_id)
        by = caller.who.role
        standing.refuse_unless_allowed(by, agent.role, agent.role)
        if data.role is not None:
            agent = await standing.change_role(work.db, key, agent_id, data.role, by=by)
        if data.name is not None or data.initials is not None:
            agent = await people.change_agent(
                work.db, key, agent_id, name=data.name, initials=data.initials
            )
        if data.disabled is True:
            agent = await standing.disable_agent(work.db, key, agent_id, by=by, now=work.now)
        elif data.disabled is False:
            agent = await standing.enable_agent(work.db, key, agent_id, by=by)
        return await _told(work, caller, agent, "agent.changed")


@post("/agents/{agent_id:str}/invitation")
async def post_invitation(caller: Called, agent_id: FromPath[str]) -> dict[str, Any]:
    """A link by which somebody chooses a password, mailed where that can be; voids earlier ones."""
    check_id(agent_id, "agent")
    async with caller.work("agent.invite") as work:
        return await once_shown(caller, work, partial(_invite, work, caller, agent_id))


async def _invite(
    work: Work, caller: Caller, agent_id: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    settings = caller.state.settings
    ids = (caller.workspace_id, agent_id)
    by = (caller.who.role, caller.id)
    path = await invite(work.db, *ids, by=by[0], by_id=by[1], now=work.now)
    url = settings.base_url + path
    mailed = None
    if settings.public_url:  # else the address means something on this machine only
        mailed = await mail_link(work.db, caller.state.keyring, *ids, url, now=work.now)
    return {"mailed_to": mailed}, {"url": url}


@get("/tokens")
async def get_tokens(caller: Called) -> list[api_tokens.ApiToken]:
    """API tokens that work: one's own, and everybody's for those who run the desk."""
    caller.need("token.make")
    async with caller.state.database.acquire() as db:
        found = await api_tokens.list_tokens(db, caller.workspace_id)
    every = caller.who.may("token.change")
    return [token for token in found if every or token.agent_id == caller.id]


@post("/tokens")
async def post_token(caller: Called, data: JSONBody[TokenBody]) -> dict[str, Any]:
    """A token of one's own; its text is in this answer and nowhere else.

    It never may more than who made it may by then, nor more than its scopes say.
    """
    caller.need("token.make")
    _check_scopes(caller, data.scopes)
    async with caller.work("token.make") as work:

        async def act() -> tuple[dict[str, Any], dict[str, Any]]:
            token, text = await api_tokens.create_token(
                work.db,
                caller.workspace_id,
                caller.id,
                name=data.name,
                scopes=data.scopes,
                now=work.now,
            )
            await _audit_token(work, caller, "token.created", token.id)
            return msgspec.to_builtins(token), {"token": text}

        return await once_shown(caller, work, act)


def _check_scopes(caller: Caller, scopes: list[str]) -> None:
    if "admin" in scopes and not caller.who.may("token.change"):
        raise Refused("invalid", "Your role has no use for the scope admin: read and write do all.")


async def _audit_token(work: Work, caller: Caller, act: Act, token_id: str) -> None:
    line = audit.Line(
        actor_kind="agent",
        actor_id=caller.id,
        act=act,
        object_kind="token",
        object_id=token_id,
    )
    await audit.append(work.db, caller.workspace_id, line, now=work.now)


@delete("/tokens/{token_id:str}")
async def delete_token(caller: Called, token_id: FromPath[str]) -> None:
    """End a token of one's own; those who run the desk end anybody's."""
    check_id(token_id, "token")
    async with caller.work("token.make") as work:
        key = caller.workspace_id
        owner = await api_tokens.owner_of(work.db, key, token_id)
        if owner != caller.id and not caller.who.may("token.change"):
            raise NotFound("token")
        if not await api_tokens.revoke_token(work.db, key, token_id, now=work.now):
            raise NotFound("token")
        await _audit_token(work, caller, "token.revoked", token_id)


@get("/sessions")
async def get_sessions(caller: Called) -> list[dict[str, Any]]:
    """Where the caller is signed in."""
    async with caller.state.database.acquire() as db:
        found = await sessions.list_sessions(db, caller.workspace_id, caller.id, now=caller.now())
    return [
        msgspec.to_builtins(session) | {"current": session.id == caller.who.session_id}
        for session in found
    ]


@delete("/sessions/{session_id:str}")
async def delete_session(caller: Called, session_id: FromPath[str]) -> None:
    """Sign out elsewhere."""
    check_id(session_id, "session")
    async with caller.work("own.change") as work:
        key = caller.workspace_id
        if not await sessions.revoke(work.db, key, caller.id, session_id, now=work.now):
            raise NotFound("session")


ROUTES = [
    get_agents, post_agent, patch_agent, post_invitation, get_tokens, post_token, delete_token,
    get_sessions, delete_session,
]  # fmt: skip
