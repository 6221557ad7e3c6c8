"""Private messages: the chat service, reached through the account's own server."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from earful.networks.bluesky.keys import made_at
from earful.networks.bluesky.people import People
from earful.networks.bluesky.posts import Posts
from earful.networks.bluesky.richtext import facets, spans
from earful.networks.bluesky.session import Session
from earful.networks.bluesky.talk import Said, to_change, to_published
from earful.networks.bluesky.translate import instant
from earful.networks.bluesky.xrpc import Call, Refused
from earful.networks.contract import (
    Batch,
    Change,
    Draft,
    Person,
    Ports,
    Reach,
    Reauthorize,
    Receipt,
    Rejected,
    Target,
)

SERVICE = "did:web:api.bsky.chat#bsky_chat"
UNPRIVILEGED = (
    "No private messages: this app password does not allow them. Make one in Bluesky that has "
    "access to your direct messages, and sign in again with it."
)
OFF = "Private messages are switched off for this channel."
_LOOK = 50  # messages of a conversation that are read at once
_SLACK = timedelta(seconds=5)  # between the chat's clock and ours
_SHUT = {
    "AccountSuspended": "Their account is suspended.",
    "BlockedActor": "They blocked this account, or it blocked them.",
    "MessagesDisabled": "They take no private messages.",
    "NotFollowedBySender": "They take private messages only from people they follow.",
    "RecipientNotFound": "Nobody of that name takes messages.",
}


class Chat:
    """The messages of one account. `service` is whom calls are handed on to; empty for nobody."""

    def __init__(
        self, session: Session, people: People, posts: Posts, ports: Ports, service: str
    ) -> None:
        self._session, self._people, self._posts = session, people, posts
        self._ports, self._service = ports, service
        self._others: dict[str, str] = {}

    async def allowed(self) -> bool:
        """Whether this channel has private messages at all."""
        return bool(self._service) and await self._session.privileged()

    async def reach(self, target: Target) -> Reach:
        """Whether the author of a post takes a message from us, and why not."""
        if not await self.allowed():
            return Reach(False, UNPRIVILEGED if self._service else OFF)
        try:
            said = await self._ask("getConvoAvailability", members=[target.author_id])
        except Rejected as error:
            return Reach(False, str(error))
        if said.get("canChat"):
            return Reach(True)
        try:
            profile = await self._session.call(
                Call(name="app.bsky.actor.getProfile", params={"actor": target.author_id})
            )
        except Rejected:
            # Shut off, gone, or so new that the network's index does not know it yet.
            profile = {}
        chat = (profile.get("associated") or {}).get("chat") or {}
        shut = "MessagesDisabled" if chat.get("allowIncoming") == "none" else "NotFollowedBySender"
        return Reach(False, _SHUT[shut])

    async def send(self, draft: Draft, key: str) -> Receipt:
        """Send one message. Nothing makes it once only: silence is to be settled by looking."""
        del key
        if not await self.allowed():
            raise Rejected(UNPRIVILEGED if self._service else OFF)
        if draft.uploads:
            raise Rejected("Bluesky's messages carry no pictures.")
        convo = await self._convo_of(draft)
        dids = await self._posts.resolve(
            span.value for span in spans(draft.text) if span.kind == "mention"
        )
        message: dict[str, Any] = {"text": draft.text}
        if found := facets(draft.text, dids):
            message["facets"] = found
        made = await self._call(
            Call(
                name="chat.bsky.convo.sendMessage",
                body={"convoId": convo, "message": message},
                bucket="chat",
                writes=True,
            )
        )
        return Receipt((to_published(convo, made),))

    async def settle(self, draft: Draft, key: str) -> Receipt | None:
        """The receipt if a message of ours with these words stands, sent since the key was made."""
        convo = await self._convo_of(draft)
        said = await self._ask("getMessages", convoId=convo, limit=_LOOK)
        us, since = (await self._session.who()).external_id, made_at(key) - _SLACK
        for message in said.get("messages") or ():
            ours = (message.get("sender") or {}).get("did") == us
            alike = message.get("text") == draft.text
            if ours and alike and instant(message.get("sentAt"), since) >= since:
                return Receipt((to_published(convo, message),))
        return None

    async def since(self, cursor: str | None) -> Batch:
        """What was said since the cursor; without one, what nobody has read yet."""
        if cursor is None:
            return await self._unread()
        said = await self._ask("getLog", cursor=cursor)
        found = [
            Said(str(entry.get("convoId", "")), entry.get("message"), self._ports.now())
            for entry in said.get("logs") or ()
            if entry.get("$type") == "chat.bsky.convo.defs#logCreateMessage"
        ]
        return Batch(await self._changes(found), {"chat": str(said.get("cursor") or cursor)})

    async def _unread(self) -> Batch:
        said = await self._ask("listConvos", limit=100)
        convos = said.get("convos") or ()
        found = []
        for convo in convos:
            waiting = min(int(convo.get("unreadCount") or 0), _LOOK)
            if not waiting:
                continue
            page = await self._ask("getMessages", convoId=convo["id"], limit=waiting)
            messages = reversed(page.get("messages") or ())
            found += [Said(str(convo["id"]), each, self._ports.now()) for each in messages]
        newest = max((str(convo.get("rev", "")) for convo in convos), default="")
        return Batch(await self._changes(found), {"chat": newest})

    async def _changes(self, found: list[Said]) -> tuple[Change, ...]:
        us = (await self._session.who()).external_id
        readable = [each for each in found if each.sender]
        people = await self._people.meet(each.sender for each in readable)
        changes = []
        for each in readable:
            reader = await self._other(each.convo, us) if each.sender == us else None
            changes.append(to_change(each, people[each.sender], us, reader))
        return tuple(changes)

    async def _other(self, convo: str, us: str) -> Person | None:
        """Whom we talk to there; None in a group."""
        if convo not in self._others:
            said = await self._ask("getConvo", convoId=convo)
            members = (said.get("convo") or {}).get("members") or ()
            others = [did for each in members if (did := str(each.get("did", ""))) != us]
            self._others[convo] = others[0] if len(others) == 1 else ""
        did = self._others[convo]
        return (await self._people.meet([did]))[did] if did else None

    async def _convo_of(self, draft: Draft) -> str:
        """The conversation that a draft belongs to, begun where there is none."""
        target = draft.reply_to
        if target is None:
            raise Rejected("A private message must be for somebody.")
        if convo := target.ref.get("convo"):
            return str(convo)
        said = await self._ask("getConvoForMembers", members=[target.author_id])
        return str(said["convo"]["id"])

    async def _ask(self, method: str, **params: Any) -> Mapping[str, Any]:
        return await self._call(Call(name=f"chat.bsky.convo.{method}", params=params))

    async def _call(self, call: Call) -> dict[str, Any]:
        try:
            return await self._session.call(call, proxy=self._service)
        except Rejected as error:
            code = error.__cause__.code if isinstance(error.__cause__, Refused) else ""
            raise Rejected(_SHUT.get(code, str(error))) from error
        except Reauthorize as error:
            # The chat service shut its own door; the account itself is signed in.
            await self._session.confirm()
            raise Rejected(f"Bluesky's messages are shut for this account: {error}") from error
