"""The simulated X itself: who and what there is, and the ledger of what happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from earful.networks.x.simulator.clock import Clock, milliseconds
from earful.networks.x.simulator.entities import Shown, mentioned
from earful.networks.x.simulator.plan import Plan
from earful.networks.x.simulator.things import Dm, Entry, Medium, Post, User

_EPOCH = 1288834974657
Heard = Callable[[str, Any], None]


class World:
    """All state of one simulator, in memory. `listeners` hear of everything that happens.

    `said` has the last post of an author with the same words in the same place, `wrote` who has
    written to whom, `shown` texts as they are answered.
    """

    def __init__(self, plan: Plan, now: Clock) -> None:
        self.plan, self.now = plan, now
        self.users: dict[str, User] = {}
        self.ids: dict[str, str] = {}
        self.posts: dict[str, Post] = {}
        self.by_author: dict[str, list[str]] = {}
        self.by_mention: dict[str, list[str]] = {}
        self.said: dict[tuple[str, str | None, str], str] = {}
        self.shown: dict[str, tuple[Shown, Shown | None]] = {}
        self.dms: dict[str, Dm] = {}
        self.wrote: set[tuple[str, str]] = set()
        self.media: dict[str, Medium] = {}
        self.ledger: list[Entry] = []
        self.listeners: list[Heard] = []
        self._last_id = 0
        self.brands = [self.add_user(handle).id for handle in plan.brands]

    def new_id(self) -> str:
        """The next id: larger than all before, and telling the time as X's do."""
        at = (milliseconds(self.now()) - _EPOCH) << 22
        self._last_id = max(self._last_id + 1, at)
        return str(self._last_id)

    def add_user(self, handle: str) -> User:
        """A new account; the known one for a known handle."""
        handle = handle.lstrip("@")
        if known := self.ids.get(handle.lower()):
            return self.users[known]
        user = User(id=self.new_id(), username=handle, name=handle, created_at=self.now())
        self.users[user.id] = user
        self.ids[handle.lower()] = user.id
        return user

    def user(self, handle: str) -> User | None:
        """By handle."""
        return self.users.get(self.ids.get(handle.lstrip("@").lower(), ""))

    def post(self, id_: str) -> Post | None:
        """A post that stands."""
        post = self.posts.get(id_)
        return post if post and post.stands else None

    def visible(self, post: Post, viewer: str | None) -> bool:
        """Whether `viewer` may read it."""
        author = self.users[post.author_id]
        return author.id == viewer or not (author.protected or author.suspended)

    def called(self, text: str) -> tuple[str, ...]:
        """The ids of accounts that `text` mentions, once each."""
        found = (self.ids.get(handle.lower()) for handle in mentioned(text))
        return tuple(dict.fromkeys(id_ for id_ in found if id_))

    def put(self, post: Post) -> None:
        """Let a post stand, and tell of it."""
        self.posts[post.id] = post
        self.by_author.setdefault(post.author_id, []).append(post.id)
        self.said[post.author_id, post.reply_to, post.typed] = post.id
        for id_ in post.mentions:
            if id_ != post.author_id:
                self.by_mention.setdefault(id_, []).append(post.id)
        edited = len(post.history) > 1
        self._note(
            "edit" if edited else "post",
            post.id,
            post.author_id,
            text=post.text,
            by_api=post.by_api,
            parent_id=post.reply_to,
            previous_id=post.history[-2] if edited else None,
            key=post.key,
        )
        self._tell("post", post)

    def remove(self, post: Post, *, by_api: bool) -> None:
        """Delete a post with all its versions."""
        for id_ in post.history:
            self.posts[id_].deleted_at = self.now()
        self._note("deletion", post.id, post.author_id, by_api=by_api)
        self._tell("deletion", post)

    def send(self, dm: Dm, *, by_api: bool) -> None:
        """Deliver a direct message."""
        self.dms[dm.id] = dm
        self.wrote.add((dm.sender_id, dm.recipient_id))
        self._note(
            "dm",
            dm.id,
            dm.sender_id,
            text=dm.text,
            by_api=by_api,
            recipient_id=dm.recipient_id,
        )
        self._tell("dm", dm)

    def hide(self, post: Post, by: str, *, hidden: bool) -> None:
        """Hide a reply under one's own post, or show it again."""
        post.hidden = hidden
        self._note("hidden" if hidden else "unhidden", post.id, by, by_api=True)

    def _note(self, kind: str, id_: str, user_id: str, *, by_api: bool, **more: Any) -> None:
        user = self.users[user_id]
        entry = Entry(
            seq=len(self.ledger) + 1,
            at=self.now(),
            kind=kind,
            id=id_,
            user_id=user_id,
            username=user.username,
            own=user_id in self.brands,
            by_api=by_api,
            **more,
        )
        self.ledger.append(entry)

    def _tell(self, kind: str, thing: Post | Dm) -> None:
        for heard in self.listeners:
            heard(kind, thing)
