"""Which fields and expansions a request asks for, in which of X's two vocabularies."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from earful.networks.x.simulator.plan import Names
from earful.networks.x.simulator.problems import invalid


def words(text: str) -> frozenset[str]:
    """Words separated by spaces."""
    return frozenset(text.split())


_POST = words(
    "article attachments card_uri community_id context_annotations created_at "
    "conversation_id display_text_range edit_controls entities geo id lang "
    "matched_media_notes media_metadata non_public_metrics note_request_suggestions "
    "organic_metrics paid_partnership possibly_sensitive promoted_metrics "
    "public_metrics reply_settings scopes source suggested_source_links "
    "suggested_source_links_with_counts text withheld"
)
_POST_OF: dict[Names, frozenset[str]] = {
    "tweet": _POST
    | words("author_id in_reply_to_user_id edit_history_tweet_ids note_tweet referenced_tweets"),
    "post": _POST | {"article_title", "note_post"},
}
_EXPANSIONS = words(
    "article.cover_media article.media_entities attachments.media_keys author_id "
    "attachments.media_source_tweet attachments.poll_ids entities.mentions.username "
    "geo.place_id in_reply_to_user_id participant_ids sender_id"
)
_EXPANSIONS_OF: dict[Names, frozenset[str]] = {
    "tweet": _EXPANSIONS
    | words(
        "edit_history_tweet_ids entities.note.mentions.username referenced_tweets.id "
        "referenced_tweets.id.attachments.media_keys referenced_tweets.id.author_id "
        "affiliation.user_id most_recent_tweet_id pinned_tweet_id"
    ),
    "post": _EXPANSIONS
    | words(
        "edit_history_post_ids referenced_posts username affiliation most_recent_post_id "
        "pinned_post_id"
    ),
}
_USER = words(
    "confirmed_email connection_status created_at description entities id "
    "is_identity_verified location name parody profile_banner_url profile_image_url "
    "protected public_metrics receives_your_dm subscription subscription_type url "
    "username verified verified_followers_count verified_type withheld"
)
_USER_OF: dict[Names, frozenset[str]] = {
    "tweet": _USER | {"affiliation", "most_recent_tweet_id", "pinned_tweet_id"},
    "post": _USER | {"subscribes_to_you"},
}
_MEDIA = words(
    "alt_text duration_ms height media_key non_public_metrics organic_metrics "
    "preview_image_url promoted_metrics public_metrics type url variants width"
)
_DM = words("attachments created_at dm_conversation_id entities event_type id text")
_DM_OF: dict[Names, frozenset[str]] = {
    "tweet": _DM | {"participant_ids", "referenced_tweets", "sender_id"},
    "post": _DM,
}
# Fields in X's older words; the code here speaks those, and turns them at the way out.
_OLDER = {
    "edit_history_post_ids": "edit_history_tweet_ids",
    "note_post": "note_tweet",
    "referenced_posts": "referenced_tweets",
}
NEWER = {
    **{old: new for new, old in _OLDER.items()},
    "tweets": "posts",
    "most_recent_tweet_id": "most_recent_post_id",
}


class Wanted(msgspec.Struct, frozen=True):
    """What to answer, in the older words. `names` are those of the answer."""

    names: Names
    post: frozenset[str]
    user: frozenset[str]
    media: frozenset[str]
    dm: frozenset[str]
    expansions: frozenset[str]


def wanted(query: Mapping[str, str], default: Names, only: Names | None = None) -> Wanted:
    """Read a request. Raises Trouble (400) for what that vocabulary doesn't have; `only` is the
    one that the endpoint speaks."""
    names = only or _names(query, default)
    expansions = _read(query, "expansions", _EXPANSIONS_OF[names])
    roots = {_OLDER.get(name.split(".")[0], name.split(".")[0]) for name in expansions}
    post = {_OLDER.get(name, name) for name in _read(query, f"{names}.fields", _POST_OF[names])}
    dm = {_OLDER.get(name, name) for name in _read(query, "dm_event.fields", _DM_OF[names])}
    return Wanted(
        names,
        frozenset(post | roots | {"id", "text", "edit_history_tweet_ids"}),
        frozenset(_read(query, "user.fields", _USER_OF[names]) | {"id", "name", "username"}),
        frozenset(_read(query, "media.fields", _MEDIA) | {"media_key", "type"}),
        frozenset(dm | roots | {"id", "text", "event_type"}),
        frozenset(expansions),
    )


def everything(names: Names) -> Wanted:
    """All there is."""
    return Wanted(names, _POST_OF["tweet"], _USER_OF["tweet"], _MEDIA, _DM_OF["tweet"], frozenset())


def renamed(thing: object, names: Names) -> object:
    """`thing` in the words of `names`."""
    if names == "tweet":
        return thing
    if isinstance(thing, dict):
        return {NEWER.get(key, key): renamed(value, names) for key, value in thing.items()}
    return [renamed(one, names) for one in thing] if isinstance(thing, list) else thing


def _names(query: Mapping[str, str], default: Names) -> Names:
    expansions = query.get("expansions", "")
    if "post.fields" in query or any(new in expansions for new in _OLDER):
        return "post"
    if "tweet.fields" in query or any(old in expansions for old in _OLDER.values()):
        return "tweet"
    return default


def _read(query: Mapping[str, str], parameter: str, known: frozenset[str]) -> set[str]:
    given = {part.strip() for part in query.get(parameter, "").split(",") if part.strip()}
    for name in sorted(given - known):
        raise invalid(
            parameter, name, f"The `{parameter}` query parameter value [{name}] is not one of them"
        )
    return given
