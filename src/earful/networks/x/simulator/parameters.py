"""Which query parameters each endpoint takes, in both vocabularies; X refuses any other."""

from __future__ import annotations

from collections.abc import Mapping

from earful.networks.x.simulator.fields import words
from earful.networks.x.simulator.problems import invalid

_PEOPLE = words("user.fields expansions tweet.fields post.fields")
_STREAMED = words(
    "tweet.fields expansions media.fields poll.fields user.fields place.fields "
    "backfill_minutes start_time end_time"
)
_POSTS = words(
    "tweet.fields post.fields expansions media.fields poll.fields user.fields place.fields"
)
_PAGE = words("max_results pagination_token")
_LISTED = _POSTS | _PAGE | words("since_id until_id start_time end_time")
_DM = words("dm_event.fields expansions media.fields user.fields tweet.fields post.fields")
_DMS = _DM | _PAGE | {"event_types"}
_JOB = words("compliance_job.fields")

TAKEN: Mapping[tuple[str, str], frozenset[str]] = {
    ("GET", "/2/users/me"): _PEOPLE,
    ("GET", "/2/users"): _PEOPLE | {"ids"},
    ("GET", "/2/users/by"): _PEOPLE | {"usernames"},
    ("GET", "/2/users/by/username/{username}"): _PEOPLE,
    ("GET", "/2/users/{id}"): _PEOPLE,
    ("GET", "/2/users/{id}/mentions"): _LISTED,
    ("GET", "/2/users/{id}/tweets"): _LISTED | {"exclude"},
    ("GET", "/2/tweets/{id}/quote_tweets"): _POSTS | _PAGE | {"exclude"},
    ("GET", "/2/tweets/search/recent"): _LISTED | words("query next_token sort_order"),
    ("GET", "/2/tweets/search/stream"): _STREAMED,
    ("GET", "/2/tweets/search/stream/rules"): _PAGE | {"ids"},
    ("POST", "/2/tweets/search/stream/rules"): words("dry_run delete_all"),
    ("GET", "/2/connections"): _PAGE | words("status endpoints connection.fields"),
    ("GET", "/2/tweets"): _POSTS | {"ids"},
    ("GET", "/2/tweets/{id}"): _POSTS,
    ("GET", "/2/media/upload"): words("media_id command"),
    ("GET", "/2/dm_events"): _DMS,
    ("GET", "/2/dm_events/{id}"): _DM,
    ("GET", "/2/dm_conversations/with/{id}/dm_events"): _DMS,
    ("GET", "/2/dm_conversations/{id}/dm_events"): _DMS,
    ("GET", "/2/webhooks"): words("webhook_config.fields"),
    ("GET", "/2/activity/subscriptions"): _PAGE,
    ("DELETE", "/2/activity/subscriptions"): words("ids"),
    ("GET", "/2/activity/stream"): words("backfill_minutes start_time end_time"),
    ("POST", "/2/compliance/jobs"): _JOB,
    ("GET", "/2/compliance/jobs"): _JOB | words("type status"),
    ("GET", "/2/compliance/jobs/{id}"): _JOB,
    ("GET", "/2/usage/tweets"): words("days usage.fields"),
}
"""Only endpoints that take any; a test holds it against both descriptions."""


def checked(method: str, path: str, query: Mapping[str, str]) -> None:
    """Raises Trouble (400) for a parameter that the endpoint `path` does not take."""
    if not path.startswith("/2/") or path.startswith("/2/oauth2/"):
        return
    taken = TAKEN.get((method, path), frozenset())
    for name, value in query.items():
        if name not in taken:
            known = ",".join(sorted(taken))
            raise invalid(name, value, f"The query parameter [{name}] is not one of [{known}]")
    if "tweet.fields" in query and "post.fields" in query:
        raise invalid("post.fields", query["post.fields"], "Either the older words or the newer")
