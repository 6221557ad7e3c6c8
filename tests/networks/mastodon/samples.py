"""Payloads as servers send them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from earful.networks.mastodon.translate import Where

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
WHERE = Where("social.example", "social.example", "1")
US = {"id": "1", "acct": "northwind", "url": "https://social.example/@northwind"}
CAROL = {
    "id": "7",
    "username": "carol",
    "acct": "carol@other.example",
    "display_name": "Carol :blobcat:",
    "url": "https://other.example/@carol",
    "avatar_static": "https://social.example/a.png",
    "bot": False,
}


def status(content: Any = "<p>hello</p>", **more: Any) -> dict[str, Any]:
    """A status by Carol that mentions us."""
    return {
        "id": "100",
        "uri": "https://other.example/users/carol/statuses/9",
        "url": "https://other.example/@carol/9",
        "created_at": "2026-11-22T11:59:00.000Z",
        "edited_at": None,
        "account": CAROL,
        "in_reply_to_id": None,
        "in_reply_to_account_id": None,
        "reblog": None,
        "content": content,
        "visibility": "public",
        "language": "en",
        "spoiler_text": "",
        "mentions": [US],
        "media_attachments": [],
        "poll": None,
    } | more
