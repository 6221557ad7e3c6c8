"""Pure: the parameters of requests, in the vocabulary that a channel's field names."""

from __future__ import annotations

_TWEET = (
    "id,text,author_id,created_at,conversation_id,in_reply_to_user_id,referenced_tweets,"
    "edit_history_tweet_ids,note_tweet,entities,attachments,display_text_range,lang,"
    "possibly_sensitive,withheld"
)
_POST = (
    "id,text,created_at,conversation_id,note_post,entities,attachments,display_text_range,lang,"
    "possibly_sensitive,withheld"
)
_USER = "id,username,name,profile_image_url,protected,affiliation,receives_your_dm,public_metrics"
_MEDIA = "media_key,type,url,preview_image_url,alt_text,width,height"


def post_fields(names: str) -> dict[str, str]:
    """All that is needed of a post, its author, its media. Never its place."""
    post = names == "post"
    about = (
        "author_id,referenced_posts,edit_history_post_ids,in_reply_to_user_id"
        if post
        else "author_id,referenced_tweets.id,edit_history_tweet_ids,in_reply_to_user_id"
    )
    # X knows no field of that name under the new names.
    people = _USER.replace(",affiliation", "") if post else _USER
    return {
        f"{'post' if post else 'tweet'}.fields": _POST if post else _TWEET,
        "expansions": f"{about},attachments.media_keys,attachments.poll_ids",
        "user.fields": people,
        "media.fields": _MEDIA,
        "poll.fields": "id,options",
    }


def message_fields(names: str) -> dict[str, str]:
    """All that is needed of a private message."""
    fields = "id,text,event_type,created_at,dm_conversation_id,attachments,entities"
    if names == "tweet":
        fields += ",sender_id,participant_ids"
    people = _USER if names == "tweet" else _USER.replace(",affiliation", "")
    return {
        "dm_event.fields": fields,
        "expansions": "sender_id,participant_ids,attachments.media_keys",
        "event_types": "MessageCreate",
        "user.fields": people,
        "media.fields": _MEDIA,
    }


def user_fields(names: str) -> dict[str, str]:
    """All that is needed of somebody."""
    people = _USER if names == "tweet" else _USER.replace(",affiliation", "")
    return {"user.fields": people}
