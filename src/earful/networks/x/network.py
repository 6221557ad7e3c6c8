"""The manifest of X, how a channel is opened, and what is known of X before one is there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from earful.kit.clock import system_clock
from earful.networks.contract import (
    Connector,
    Grant,
    Identity,
    Manifest,
    Ports,
    Samples,
    Visibility,
)
from earful.networks.x import oauth
from earful.networks.x.connector import XConnector
from earful.networks.x.guide import FIELDS, GUIDE
from earful.networks.x.length import LENGTH, links, split, weigh
from earful.networks.x.prices import IMAGE_BYTES, PRICES, Item
from earful.networks.x.sending import IMAGES
from earful.networks.x.where import where

_MESSAGE = 10_000


class XNetwork:
    """Public posts, replies, threads and private messages."""

    manifest = Manifest(
        network="x",
        title="X",
        fields=FIELDS,
        length=LENGTH,
        counted_in="weighted",
        threads=True,
        outreach="X lets programs answer only who named you, and forbids to write to people who "
        "complained without naming you. A person writes, in X itself; Earful keeps what was said.",
        spares_complaints=True,
        images=IMAGES,
        image_bytes=IMAGE_BYTES,
        image_types=("image/png", "image/jpeg", "image/webp", "image/gif"),
        # X has no key against doubles: what is uncertain is looked for, and a person decides.
        idempotent_send=False,
        settle_for=600.0,
        direct_length=_MESSAGE,
        direct_images=1,
        hides=True,
        removes=True,
        # X's developer agreement: within a day of its removal there.
        forgets=True,
        guide=GUIDE,
        cap_field="daily_cap",
        app_field="client_id",
    )

    def __init__(self, clock: Callable[[], datetime] = system_clock) -> None:
        self._clock = clock

    def open(
        self, config: Mapping[str, str], secrets: Mapping[str, str], ports: Ports
    ) -> Connector:
        """A channel. Raises Rejected when the config makes no sense; touches nothing yet."""
        return XConnector(where(config, secrets), ports)

    def samples(self) -> Samples:
        """See Sampled."""
        from earful.networks.x import samples  # noqa: PLC0415 - for who measures

        return samples

    def count(self, text: str) -> int:
        """Length as X weighs it."""
        return weigh(text)

    def split(self, text: str) -> list[str]:
        """The posts of the thread that a long text becomes."""
        return split(text)

    async def begin(
        self, config: Mapping[str, str], secrets: Mapping[str, str], callback: str, state: str
    ) -> Grant:
        """Where the account's owner says yes."""
        return oauth.begin(where(config, secrets), callback, state)

    async def finish(
        self,
        config: Mapping[str, str],
        secrets: Mapping[str, str],
        callback: str,
        keep: Mapping[str, Any],
        query: Mapping[str, str],
    ) -> Mapping[str, Any]:
        """The session. Raises Rejected when she said no."""
        return await oauth.finish(where(config, secrets), callback, keep, query, self._clock())

    def warn(self, text: str, visibility: Visibility, config: Mapping[str, str]) -> list[str]:  # noqa: ARG002 - the contract's
        """What a link costs. X does not say whether an answer to a mention is spared."""
        if visibility is not Visibility.PUBLIC or not links(text):
            return []
        posts = sum(1 for part in split(text) if links(part))
        most, least = PRICES[Item.POST_WITH_LINK], PRICES[Item.SUMMONED_REPLY]
        each = "" if posts == 1 else f" for each of {posts} posts"
        return [f"With a link X may charge ${most:.2f}{each} instead of ${least:.2f}."]

    def price_of_search(self) -> tuple[int, str]:
        """What X asks for each post that is read."""
        return int(PRICES[Item.READ_POST] * 1_000_000), "USD"

    def answer_there(self, external_id: str, uri: str, text: str) -> str:
        """X's own composer, below that post, with the text in it."""
        if not external_id.isdecimal():
            return uri or "https://x.com/messages"
        return f"https://x.com/intent/post?{urlencode({'in_reply_to': external_id, 'text': text})}"

    def invitation(self, identity: Identity) -> str:
        """The page on which a person begins a private talk with us."""
        return f"https://x.com/messages/compose?{urlencode({'recipient_id': identity.external_id})}"
