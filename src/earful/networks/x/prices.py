"""What X charges and allows, each with the date at which it was read. One table, never scattered.

Prices are US dollars as `Decimal`, charged per resource and UTC day. Limits are requests in 15
minutes unless `per` says otherwise.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final

import msgspec

AS_OF: Final = date(2026, 8, 7)
"""The day that the tables below describe."""

QUARTER: Final = 900
DAY: Final = 86_400


class Item(StrEnum):
    """What is charged for."""

    READ_POST = "read_post"
    READ_USER = "read_user"
    READ_DM = "read_dm"
    READ_MENTION = "read_mention"
    POST = "post"
    POST_WITH_LINK = "post_with_link"
    SUMMONED_REPLY = "summoned_reply"
    DM = "dm"
    DELETE = "delete"
    EVENT_POST = "event_post"
    EVENT_DM = "event_dm"


PRICES: Final[dict[Item, Decimal]] = {
    Item.READ_POST: Decimal("0.005"),
    Item.READ_USER: Decimal("0.010"),
    Item.READ_DM: Decimal("0.010"),
    # Only where the token's user owns the app; otherwise a mention costs what a post does.
    Item.READ_MENTION: Decimal("0.001"),
    Item.POST: Decimal("0.015"),
    # Whether a summoned reply with a link costs this or the reply's price, X does not say.
    Item.POST_WITH_LINK: Decimal("0.20"),
    Item.SUMMONED_REPLY: Decimal("0.010"),
    Item.DM: Decimal("0.015"),
    Item.DELETE: Decimal("0.010"),
    Item.EVENT_POST: Decimal("0.005"),
    Item.EVENT_DM: Decimal("0.010"),
}
POST_READS_A_MONTH: Final = 3_000_000
LOOKS_A_DAY: Final = 1_000
"""Posts a channel looks at again in a UTC day, at the price of a read, where X takes no lists."""

EDITABLE_FOR: Final = 3600
"""Seconds in which an author can edit a post; answers to others can't be edited at all."""


class Limit(msgspec.Struct, frozen=True):
    """So many requests `app` wide or by `user` token in `per` seconds; None: not by that token."""

    app: int | None
    user: int | None
    per: int = QUARTER
    user_per: int = QUARTER


LIMITS: Final[dict[str, Limit]] = {
    "mentions": Limit(450, 300),
    "timeline": Limit(1500, 900),
    "search": Limit(450, 300),
    "posts": Limit(3500, 5000),
    "post": Limit(450, 900),
    "quotes": Limit(75, 75),
    "stream": Limit(50, None),
    "rules": Limit(450, None),
    "rules_change": Limit(100, None),
    "publish": Limit(10_000, 100, per=DAY),
    "delete": Limit(None, 50),
    "hide": Limit(None, 50),
    "users": Limit(300, 900),
    "me": Limit(None, 75),
    "dm_read": Limit(None, 15),
    "dm_send": Limit(1440, 15, per=DAY),
    "upload": Limit(180_000, 1875, per=DAY),
    "webhooks": Limit(450, None),
    "replay": Limit(100, None),
    "subscriptions": Limit(500, 500),
    "activity": Limit(450, None),
    "usage": Limit(50, None),
    "compliance": Limit(150, None),
    "connections": Limit(450, None),
}
DMS_A_DAY: Final = 1440
RULES: Final = 1000
RULE_LENGTH: Final = 1024
QUERY_LENGTH: Final = 512
QUERY_LENGTH_ENTERPRISE: Final = 4096
SUBSCRIPTIONS: Final = 1500
STREAM_CONNECTIONS: Final = 1
ACTIVITY_CONNECTIONS: Final = 2
IMAGE_BYTES: Final = 5_000_000
GIF_BYTES: Final = 15_000_000
VIDEO_BYTES: Final = 512_000_000
