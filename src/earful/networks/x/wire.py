"""X's own shapes, in both vocabularies: tweet.* and post.*. Unknown fields are passed over."""

from __future__ import annotations

from typing import Any

import msgspec


class Url(msgspec.Struct):
    """A link in a text. `media_key` is set where it stands for media of the post."""

    url: str = ""
    expanded_url: str = ""
    unwound_url: str = ""
    title: str = ""
    media_key: str = ""


class Called(msgspec.Struct):
    """A mention of somebody, from `start` to `end`."""

    start: int = 0
    end: int = 0
    username: str = ""
    id: str = ""


class Entities(msgspec.Struct):
    """What X found in a text."""

    urls: list[Url] | None = None
    mentions: list[Called] | None = None


class Note(msgspec.Struct):
    """The whole of a long post."""

    text: str = ""
    entities: Entities | None = None


class Reference(msgspec.Struct):
    """Another post that a post is about: `type` is replied_to, quoted, retweeted or reposted."""

    type: str = ""
    id: str = ""


class Enclosed(msgspec.Struct):
    """Keys of what comes with a post or message."""

    media_keys: list[str] | None = None
    poll_ids: list[str] | None = None


class Withheld(msgspec.Struct):
    """Where X does not show a post, and why."""

    country_codes: list[str] | None = None
    copyright: bool = False


class XPost(msgspec.Struct):
    """A post as X tells it."""

    id: str
    text: str = ""
    author_id: str = ""
    username: str = ""
    created_at: str = ""
    conversation_id: str = ""
    in_reply_to_user_id: str = ""
    in_reply_to_tweet_id: str = ""
    in_reply_to_post_id: str = ""
    lang: str = ""
    possibly_sensitive: bool = False
    display_text_range: list[int] | None = None
    entities: Entities | None = None
    attachments: Enclosed | None = None
    withheld: Withheld | None = None
    note_tweet: Note | None = None
    note_post: Note | None = None
    referenced_tweets: list[Reference] | None = None
    referenced_posts: list[Reference] | None = None
    edit_history_tweet_ids: list[str] | None = None
    edit_history_post_ids: list[str] | None = None

    @property
    def history(self) -> list[str]:
        """Ids of all versions, oldest first."""
        return self.edit_history_tweet_ids or self.edit_history_post_ids or [self.id]

    @property
    def references(self) -> list[Reference]:
        """Posts it is about."""
        return self.referenced_tweets or self.referenced_posts or []

    @property
    def note(self) -> Note | None:
        """The whole text of a long post."""
        return self.note_tweet or self.note_post


class Affiliation(msgspec.Struct):
    """What X shows beside a name; "Automated" for programs."""

    description: str = ""


class User(msgspec.Struct):
    """An account. X wraps it in `data` now and then, and old messages say `screen_name`."""

    id: str = ""
    username: str = ""
    screen_name: str = ""
    name: str = ""
    profile_image_url: str = ""
    description: str = ""
    protected: bool = False
    receives_your_dm: bool | None = None
    affiliation: Affiliation | None = None
    public_metrics: Any = None
    data: User | None = None


class Variant(msgspec.Struct):
    """One encoding of a film."""

    url: str = ""
    content_type: str = ""


class Medium(msgspec.Struct):
    """A picture or film."""

    media_key: str = ""
    type: str = ""
    url: str = ""
    preview_image_url: str = ""
    alt_text: str = ""
    width: int | None = None
    height: int | None = None


class Option(msgspec.Struct):
    """One choice of a poll."""

    label: str = ""


class Poll(msgspec.Struct):
    """A poll."""

    id: str = ""
    options: list[Option] | None = None


class Expansions(msgspec.Struct):
    """What an answer includes beside its posts."""

    users: list[User] | None = None
    media: list[Medium] | None = None
    tweets: list[XPost] | None = None
    posts: list[XPost] | None = None
    polls: list[Poll] | None = None


class Included:
    """What came with an answer, by id."""

    def __init__(self, expansions: Expansions | None = None) -> None:
        told = expansions or Expansions()
        people = [each.data or each for each in told.users or ()]
        self.users = {each.id: each for each in people if each.id}
        self.media = {each.media_key: each for each in told.media or () if each.media_key}
        self.posts = {each.id: each for each in (*(told.tweets or ()), *(told.posts or ()))}
        self.polls = {each.id: each for each in told.polls or ()}


class Meta(msgspec.Struct):
    """Where a page stands among its fellows."""

    next_token: str = ""
    result_count: int = 0
    newest_id: str = ""


class Rule(msgspec.Struct):
    """A rule of the filtered stream."""

    value: str = ""
    tag: str = ""
    id: str = ""


class Problem(msgspec.Struct):
    """What went wrong, wholly or for one of the things asked for."""

    title: str = ""
    detail: str = ""
    message: str = ""
    type: str = ""
    value: Any = None
    resource_id: str = ""
    resource_type: str = ""
    details: list[str] | None = None


class Page(msgspec.Struct):
    """An answer. What is in `data` is read one by one: a strange one must not hide the others."""

    data: msgspec.Raw = msgspec.Raw(b"null")
    includes: msgspec.Raw = msgspec.Raw(b"null")
    meta: Meta | None = None
    errors: list[Problem] | None = None
    matching_rules: list[Rule] | None = None
