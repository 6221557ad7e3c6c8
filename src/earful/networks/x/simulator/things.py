"""What there is on X: accounts, posts, direct messages, pictures and films."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

EDITS = 5
EDITABLE_FOR = timedelta(hours=1)


class User(msgspec.Struct, kw_only=True):
    """An account. `receives_dms`: from everybody; who wrote to us first can always be answered."""

    id: str
    username: str
    name: str
    created_at: datetime
    description: str = ""
    protected: bool = False
    suspended: bool = False
    receives_dms: bool = True
    verified_type: str = "none"
    followers: int = 0
    withheld: tuple[str, ...] = ()


class Post(msgspec.Struct, kw_only=True):
    """A post. `text` is what was typed, with a reply's leading handles.

    `mentions` are the ids of all whom it calls, `explicit` those whom its author typed. `history`
    has the ids of all versions, oldest first, and is the same list in each of them. `key` is the
    tester's own mark.
    """

    id: str
    author_id: str
    text: str
    created_at: datetime
    conversation_id: str
    reply_to: str | None = None
    reply_to_user: str | None = None
    quoted: str | None = None
    mentions: tuple[str, ...] = ()
    explicit: frozenset[str] = frozenset()
    media: tuple[str, ...] = ()
    reply_settings: str = "everyone"
    lang: str = "en"
    history: list[str] = msgspec.field(default_factory=list)
    prefix: int = 0
    deep_link: str = ""
    made_with_ai: bool = False
    by_api: bool = False
    hidden: bool = False
    deleted_at: datetime | None = None
    withheld: tuple[str, ...] = ()
    key: str = ""

    @property
    def typed(self) -> str:
        """What its author wrote, without the handles that lead a reply."""
        return self.text[self.prefix :]

    @property
    def superseded(self) -> bool:
        """Whether a later version stands in its place."""
        return self.history[-1] != self.id

    @property
    def stands(self) -> bool:
        """Whether it is there to be read."""
        return self.deleted_at is None


class Dm(msgspec.Struct, kw_only=True):
    """A direct message between two."""

    id: str
    sender_id: str
    recipient_id: str
    text: str
    created_at: datetime
    media: tuple[str, ...] = ()
    deleted: bool = False

    @property
    def conversation_id(self) -> str:
        """The same for both."""
        low, high = sorted((self.sender_id, self.recipient_id), key=int)
        return f"{low}-{high}"


class Medium(msgspec.Struct, kw_only=True):
    """A picture or film: uploaded in chunks, or with a customer's post."""

    id: str
    owner_id: str
    mime: str
    total: int
    created_at: datetime
    category: str = "tweet_image"
    chunks: dict[int, bytes] = msgspec.field(default_factory=dict)
    data: bytes = b""
    alt: str = ""
    width: int = 640
    height: int = 480
    ready_at: datetime | None = None

    @property
    def kind(self) -> str:
        """`photo`, `animated_gif` or `video`."""
        if self.mime.startswith("video/"):
            return "video"
        return "animated_gif" if self.mime == "image/gif" else "photo"

    @property
    def key(self) -> str:
        """The media key."""
        return f"{ {'photo': 3, 'video': 7, 'animated_gif': 16}[self.kind] }_{self.id}"


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the ledger: what happened, once, in order.

    `kind` is post, edit, deletion, dm, hidden or unhidden; `id` the thing's; `own` tells that a
    brand's account did it, `by_api` that it came through the API.
    """

    seq: int
    at: datetime
    kind: str
    id: str
    user_id: str
    username: str
    own: bool
    by_api: bool
    text: str = ""
    parent_id: str | None = None
    previous_id: str | None = None
    recipient_id: str | None = None
    key: str = ""
