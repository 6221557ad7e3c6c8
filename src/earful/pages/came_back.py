"""/oauth/callback: who signed in on a network's own pages comes back here."""

from __future__ import annotations

from typing import Any

from litestar import get

from earful.accounts import audit
from earful.accounts.acts import Act
from earful.accounts.identify import Principal
from earful.desk import authorize
from earful.desk.authorize import Begun
from earful.desk.channels import set_channel_state
from earful.desk.connect import Account, add_channel, sign_in_again
from earful.kit.refusal import Refused
from earful.pages.door import AnyRequest, Door, Page
from earful.pages.markup import fill, join, link, paragraph
from earful.stream.work import Actor, Work

_LONGEST = 8192
_STALE = (
    "This sign-in was finished already, began more than 15 minutes ago, or was begun by somebody "
    "else. Begin again under Settings, Channels."
)
_BY_COMMAND = (
    "If you began it by a command on the machine, copy the whole address of this page and paste it "
    "there."
)


@get("/oauth/callback")
async def come_back(request: AnyRequest) -> Page:
    """Finish the sign-in and go on to the channels."""
    door = Door(request)
    who = await door.principal()
    if who is None:
        return _not_signed_in(door)
    query = {name: str(value)[:_LONGEST] for name, value in request.query_params.items()}
    try:
        channel_id = await _finish(door, who, query)
    except Refused as error:
        slugs = {"cannot-connect": 502, "forbidden": 403, "gone": 410}
        return _failed(door, error.detail, slugs.get(error.slug, 409))
    return door.go(f"/settings/channels?connected={channel_id}")


async def _finish(door: Door, who: Principal, query: dict[str, str]) -> str:
    if not who.may("channel.change"):
        raise Refused("forbidden", "Your role does not allow this. Ask a lead or an owner.")
    async with door.database.transaction() as db:
        found = await authorize.use(
            db,
            door.keyring,
            query.get("state", ""),
            agent_id=who.agent_id,
            session_id=who.session_id,
            now=door.now,
        )
    if found is None:
        raise Refused("gone", _STALE)
    begun, kept = found
    state = door.request.app.state
    account = await authorize.finish(kept, door.settings.callback_url, query, state.now)
    actor = Actor("agent", who.agent_id, who.name)
    async with state.works.open(who.workspace_id, actor) as work:
        return await _keep(work, door, begun, account)


async def _keep(work: Work, door: Door, begun: Begun, account: Account) -> str:
    """A new channel, or the one that is signed in to again. Returns its id."""
    if begun.channel_id is None:
        channel = await add_channel(work, door.keyring, account, begun.inbox_id)
        channel_id: str = channel["id"]
        act: Act = "channel.connected"
    else:
        channel_id, act = begun.channel_id, "channel.active"
        await sign_in_again(work, door.keyring, channel_id, account)
        await set_channel_state(work, channel_id, "active")
    line = audit.Line(
        actor_kind="agent",
        actor_id=begun.agent_id,
        act=act,
        object_kind="channel",
        object_id=channel_id,
    )
    await audit.append(work.db, work.workspace_id, line, now=work.now)
    return channel_id


def _not_signed_in(door: Door) -> Page:
    origin = door.settings.callback_url.removesuffix("/oauth/callback")
    return door.page(
        "You are not signed in here",
        join(
            paragraph(
                "Nothing was connected. Sign in to the desk at this address and begin again:"
            ),
            fill("<p><code>{origin}</code></p>", origin=origin),
            paragraph(_BY_COMMAND),
            link("/sign-in?next=%2Fsettings%2Fchannels", "Sign in"),
        ),
        status=401,
    )


def _failed(door: Door, words: str, status: int) -> Page:
    parts: list[Any] = [paragraph(words), paragraph("Nothing was connected.")]
    if status == 410:
        parts.append(paragraph(_BY_COMMAND))
    parts.append(link("/settings/channels", "Back to the channels"))
    return door.page("That did not work", join(*parts), status=status)
