"""Which query parameters each endpoint takes, in both vocabularies; X refuses any other."""

from __future__ import annotations

from collections.abc import Mapping

from earful.networks.x.simulator.call import ID
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
"""Only endpoints that take any; a test holds these tables against both descriptions."""

VALUES: Mapping[str, frozenset[str]] = {
    "event_types": words("MessageCreate ParticipantsJoin ParticipantsLeave"),
    "exclude": words("replies retweets"),
    "sort_order": words("recency relevancy"),
    "command": words("STATUS"),
    "type": words("tweets users"),
    "poll.fields": words("duration_minutes end_datetime id options voting_status"),
    "place.fields": words("contained_within country country_code full_name geo id name place_type"),
    "webhook_config.fields": words("created_at id url valid"),
    "connection.fields": words(
        "client_ip connected_at disconnect_reason disconnected_at endpoint_name id"
    ),
    "compliance_job.fields": words(
        "created_at download_expires_at download_url id name resumable status type "
        "upload_expires_at upload_url"
    ),
    "usage.fields": words(
        "cap_reset_day daily_client_app_usage daily_project_usage project_cap project_id "
        "project_usage"
    ),
    "endpoints": words(
        "filtered_stream firehose_stream firehose_stream_lang_en firehose_stream_lang_ja "
        "firehose_stream_lang_ko firehose_stream_lang_pt likes_compliance_stream "
        "likes_firehose_stream likes_sample10_stream sample10_stream sample_stream "
        "tweet_label_stream tweets_compliance_stream users_compliance_stream"
    ),
}
"""What may stand in a parameter; the fields of posts, people, media and messages are looked at
where they are used."""

STATES: Mapping[str, frozenset[str]] = {
    "/2/connections": words("active all inactive"),
    "/2/compliance/jobs": words("complete created failed in_progress"),
}
MOST: Mapping[str, int] = {
    "/2/connections": 100,
    "/2/activity/subscriptions": 1000,
    "/2/tweets/search/stream/rules": 1000,
}
"""`max_results` from 1 on, of endpoints that tell everything at once."""
_TOKEN = 16  # signs
_IDS = words("since_id until_id media_id")


def checked(method: str, path: str, query: Mapping[str, str]) -> None:
    """Raises Trouble (400) for a parameter that the endpoint `path` does not take."""
    if not path.startswith("/2/") or path.startswith("/2/oauth2/"):
        return
    taken = TAKEN.get((method, path), frozenset())
    for name, value in query.items():
        if name not in taken:
            known = ",".join(sorted(taken))
            raise invalid(name, value, f"The query parameter [{name}] is not one of [{known}]")
        _value(path, name, value)
    if "tweet.fields" in query and "post.fields" in query:
        raise invalid("post.fields", query["post.fields"], "Either the older words or the newer")


def _value(path: str, name: str, value: str) -> None:
    good = bool(value)
    known = STATES.get(path) if name == "status" else VALUES.get(name)
    if known is not None:
        given = value.split(",")
        good = set(given) <= known and len(set(given)) == len(given)
    elif name in _IDS:
        good = ID.fullmatch(value) is not None
    elif name == "max_results" and path in MOST:
        good = value.isdecimal() and 1 <= int(value) <= MOST[path]
    elif name == "pagination_token" and path in MOST:
        good = len(value) >= _TOKEN
    if not good:
        message = f"The `{name}` query parameter value [{value}] is not valid"
        raise invalid(name, value, message)
