"""Connects an account: asks the network who we are, then keeps it with its secrets sealed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import msgspec

from earful.accounts.bounds import refuse_beyond
from earful.accounts.secrets import Keyring, context_of
from earful.desk.channels import describe
from earful.kit.clock import Clock
from earful.kit.ids import new_id
from earful.kit.refusal import NotFound, Refused
from earful.kit.text import one_line
from earful.networks.contract import (
    Connector,
    Identity,
    Limited,
    Network,
    NetworkError,
    Ports,
)
from earful.networks.measure import told_limits
from earful.networks.registry import UnknownNetwork, network
from earful.stream.work import Work

PROBE_FOR = 30.0


class _Nothing:
    """Tokens and budget of an account that is not connected yet: kept for the probe alone."""

    def __init__(self, session: Mapping[str, Any] | None) -> None:
        self.session = session

    async def load(self) -> Mapping[str, Any] | None:
        return self.session

    async def save(self, session: Mapping[str, Any]) -> None:
        self.session = session

    async def take(self, bucket: str, cost: int = 1) -> None:
        """Nothing is known of the budget yet."""

    async def learn(self, *_: Any) -> None:
        """Nothing is kept of it either."""


class Typed(msgspec.Struct, frozen=True):
    """What a person typed to connect an account, sorted into what may be shown and what not."""

    network: str
    config: dict[str, str]
    secrets: dict[str, str]


class Account(msgspec.Struct, frozen=True):
    """An account that was asked who it is, and what its server allows.

    `session` is there where the account was signed in to on the network's own pages.
    """

    network: str
    config: dict[str, str]
    secrets: dict[str, str]
    identity: Identity
    limits: dict[str, Any] = msgspec.field(default_factory=dict)
    session: Mapping[str, Any] | None = None


def find(name: str) -> Network:
    """The network of that name. Raises Refused."""
    try:
        return network(name)
    except UnknownNetwork as error:
        raise Refused("invalid", str(error)) from None


def typed(name: str, fields: Mapping[str, str]) -> Typed:
    """Fields as their network knows them, empty ones with their defaults. Raises Refused."""
    known = {field.name: field for field in find(name).manifest.fields}
    if unknown := sorted(set(fields) - set(known)):
        raise Refused("invalid", f"{name} has no field {', '.join(unknown)}.")
    values = {key: str(fields.get(key) or field.default) for key, field in known.items()}
    for key, field in known.items():
        if field.choices and values[key] not in field.choices:
            words = ", ".join(field.choices)
            raise Refused("invalid", f"{field.label}: choose one of {words}.")
    config = {key: value for key, value in values.items() if not known[key].secret}
    return Typed(name, config, {key: values[key] for key in values if known[key].secret})


def typed_again(name: str, before: Mapping[str, str], fields: Mapping[str, str]) -> Typed:
    """The same for an account that is connected: what is left empty stays. Raises Refused."""
    known = {field.name for field in find(name).manifest.fields}
    kept = {key: value for key, value in before.items() if key in known}
    return typed(name, kept | {key: value for key, value in fields.items() if value})


@asynccontextmanager
async def in_words(name: str) -> AsyncIterator[None]:
    """Trouble of talking to a network as a refusal in words."""
    try:
        yield
    except (NetworkError, TimeoutError, OSError) as error:
        words = str(error) or "it did not answer in time"
        raise Refused("cannot-connect", f"{find(name).manifest.title}: {words}") from error


async def probe(name: str, fields: Mapping[str, str], clock: Clock) -> Account:
    """Sign in with these fields. Talks to the network: hold no transaction. Raises Refused."""
    return await ask(typed(name, fields), clock)


async def ask(given: Typed, clock: Clock, session: Mapping[str, Any] | None = None) -> Account:
    """Ask the network who we are there, with the session of a sign-in on its pages if there is one.

    Hold no transaction. Raises Refused.
    """
    found, kept = find(given.network), _Nothing(session)
    ports = Ports(now=clock, wait=asyncio.sleep, tokens=kept, budget=kept)
    async with in_words(given.network):
        connector = found.open(given.config, given.secrets, ports)
        try:
            identity = await asyncio.wait_for(connector.probe(), PROBE_FOR)
            limits = await asyncio.wait_for(_limits(connector), PROBE_FOR)
        finally:
            await connector.close()
    # What was rotated while asking is what counts: what was typed may be worth nothing by now.
    return Account(given.network, given.config, given.secrets, identity, limits, kept.session)


async def _limits(connector: Connector) -> dict[str, Any]:
    return told_limits(await connector.limits()) if isinstance(connector, Limited) else {}


async def add_channel(
    work: Work, keyring: Keyring, account: Account, inbox_id: str
) -> dict[str, Any]:
    """Keep a probed account as an active channel. Raises Refused if it is connected already.

    One that was connected before is that channel again, with its conversations and its place in
    the feed. Replies that were held when it was disconnected stay held: a person sends each again
    or takes it back, for they may be out of date.
    """
    inbox = await work.db.fetchval(
        "SELECT true FROM inbox WHERE workspace_id = $1 AND id = $2 AND deleted_at IS NULL",
        work.workspace_id,
        inbox_id,
    )
    if not inbox:
        raise NotFound("inbox")
    before = await work.db.fetchval(
        _BEFORE, work.workspace_id, account.network, account.identity.external_id
    )
    channel_id = before or new_id()
    row = await work.db.fetchrow(
        _AGAIN if before else _ADD,
        work.workspace_id,
        channel_id,
        account.network,
        account.identity.external_id,
        account.identity.handle,
        one_line(account.identity.name or account.identity.handle, 200),
        inbox_id,
        account.config,
        *_sealed(work, keyring, channel_id, account),
        account.limits,
        work.now,
    )
    if row is None:
        raise Refused("exists", f"@{account.identity.handle} is connected already.")
    await refuse_beyond(work.db, work.workspace_id, "channel")
    channel = describe(row)
    work.emit("channel.connected", {"channel": channel}, inbox_id=inbox_id)
    return channel


_BEFORE = """
SELECT id FROM channel WHERE workspace_id = $1 AND network = $2 AND external_id = $3
  AND state = 'off' AND NOT EXISTS (SELECT 1 FROM channel c WHERE c.workspace_id = $1
    AND c.network = $2 AND c.external_id = $3 AND c.state <> 'off')
ORDER BY created_at DESC LIMIT 1 FOR UPDATE
"""

_ADD = """
INSERT INTO channel (workspace_id, id, network, external_id, handle, name, inbox_id, config,
  secret, session, limits, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT DO NOTHING
RETURNING *
"""

_AGAIN = """
UPDATE channel SET state = 'active', state_reason = '', notice = '', handle = $5, name = $6,
  inbox_id = $7, config = $8, secret = $9, session = $10, limits = $11, created_at = $12
WHERE workspace_id = $1 AND id = $2 AND network = $3 AND external_id = $4 AND state = 'off'
RETURNING *
"""


async def sign_in_again(work: Work, keyring: Keyring, channel_id: str, account: Account) -> None:
    """New fields for a channel, of the same account. The session of the old ones is forgotten."""
    row = await work.db.fetchrow(
        """SELECT external_id FROM channel WHERE workspace_id = $1 AND id = $2 AND state <> 'off'
           FOR UPDATE""",
        work.workspace_id,
        channel_id,
    )
    if row is None:
        raise NotFound("channel")
    if row["external_id"] != account.identity.external_id:
        raise Refused("invalid", f"That is another account: @{account.identity.handle}.")
    [changed] = await work.db.fetch(
        """UPDATE channel SET config = $3, secret = $4, session = $5, limits = $6, notice = ''
           WHERE workspace_id = $1 AND id = $2 RETURNING *""",
        work.workspace_id,
        channel_id,
        account.config,
        *_sealed(work, keyring, channel_id, account),
        account.limits,
    )
    work.emit("channel.changed", {"channel": describe(changed)}, inbox_id=changed["inbox_id"])


def _sealed(
    work: Work, keyring: Keyring, channel_id: str, account: Account
) -> tuple[bytes, bytes | None]:
    """Its secrets and its session, as its row keeps them."""
    secret = context_of(work.workspace_id, "channel.secret", channel_id)
    session = context_of(work.workspace_id, "channel.session", channel_id)
    return (
        keyring.seal(msgspec.json.encode(account.secrets), context=secret),
        None
        if account.session is None
        else keyring.seal(msgspec.json.encode(account.session), context=session),
    )
