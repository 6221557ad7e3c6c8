"""The manifest of Mastodon, and how a channel is opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from earful.networks.contract import (
    Connector,
    Field,
    Grant,
    Limits,
    Manifest,
    Ports,
    Rejected,
    Samples,
    Step,
)
from earful.networks.mastodon.connector import MastodonConnector, Place
from earful.networks.mastodon.instance import PICTURES
from earful.networks.mastodon.length import LENGTH, LINK, NAME, Ruler, cuts
from earful.networks.mastodon.signing_in import begin, finish

_FIELDS = (
    Field(
        "instance",
        "Server",
        help="Where the account lives, such as https://mastodon.social",
        place=True,
    ),
    Field(
        "token",
        "Access token",
        secret=True,
        optional=True,
        instead=True,
        help="Only without signing in: made on the server under Preferences, Development, with "
        "the scopes read and write",
    ),
    Field(
        "streaming",
        "Streaming",
        help="Where the server streams, if it does not say so itself; 'off' to only ask it",
        place=True,
        nowhere=("off",),
    ),
)


_GUIDE = (
    Step(
        "Say where the account lives",
        "Type the address of its server, such as https://mastodon.social. Any server that speaks "
        "Mastodon's API will do: GoToSocial, Pleroma, Akkoma and others.",
    ),
    Step(
        "Sign in there",
        "Earful registers itself on the server and sends you to its page. Sign in as the brand and "
        "allow it to read and write.",
    ),
    Step(
        "Or make a token",
        "Where that is not to be had: on the server, open Preferences, Development, New "
        "application, choose the scopes read and write, and copy the access token.",
    ),
)


class MastodonNetwork:
    """Posts, replies and direct posts on any server that speaks Mastodon's API."""

    manifest = Manifest(
        network="mastodon",
        title="Mastodon",
        fields=_FIELDS,
        length=LENGTH,
        counted_in="shortened",
        threads=True,
        outreach="Each server has rules of its own, and many forbid advertising. Write to few, by "
        "hand, and only where you answer what was asked.",
        images=4,
        image_bytes=10_000_000,
        image_types=PICTURES,
        settle_for=300.0,
        removes=True,
        warnings=True,
        direct_length=LENGTH,
        direct_images=4,
        direct_note="Readable by everyone it mentions, and by those who run their servers.",
        guide=_GUIDE,
    )

    def open(
        self, config: Mapping[str, str], secrets: Mapping[str, str], ports: Ports
    ) -> Connector:
        """A channel. Raises Rejected when the config makes no sense; touches nothing yet."""
        return MastodonConnector(place(config, secrets), ports)

    def origins(self, config: Mapping[str, str]) -> tuple[str, ...]:
        """The account's own server, which may stand on a private address."""
        return (place(config, {}).origin,)

    def samples(self) -> Samples:
        """See Sampled."""
        from earful.networks.mastodon import samples  # noqa: PLC0415 - for who measures

        return samples

    def count(self, text: str) -> int:
        """Length in graphemes, a link as 23, a name of another server without the server."""
        return Ruler().count(text)

    def split(self, text: str) -> list[str]:
        """The posts of the thread that a long text becomes on a server with the usual limits."""
        return self.split_by(text, Limits())

    def count_by(self, text: str, limits: Limits) -> int:
        """Length where a link may count otherwise."""
        return Ruler(link=limits.link_length or LINK).count(text)

    def split_by(self, text: str, limits: Limits) -> list[str]:
        """The posts a text goes out as; in each there is room for the name it answers."""
        return cuts(text, (limits.length or LENGTH) - NAME, limits.link_length or LINK)

    async def begin(
        self, config: Mapping[str, str], secrets: Mapping[str, str], callback: str, state: str
    ) -> Grant:
        """Register an app of ours on the server, and send the person to its page."""
        del secrets
        return await begin(place(config, {}).origin, callback, state)

    async def finish(
        self,
        config: Mapping[str, str],
        secrets: Mapping[str, str],
        callback: str,
        keep: Mapping[str, Any],
        query: Mapping[str, str],
    ) -> Mapping[str, Any]:
        """The session that the person's code gives. Raises Rejected when she said no."""
        del secrets
        return await finish(place(config, {}).origin, callback, keep, query)


def place(config: Mapping[str, str], secrets: Mapping[str, str]) -> Place:
    """The account that a config names. Raises Rejected when it makes no sense."""
    origin = _origin(config.get("instance", ""))
    streaming = config.get("streaming", "").strip()
    if streaming and streaming != "off":
        streaming = _origin(streaming.replace("ws", "http", 1) if "ws" in streaming[:3]
                            else streaming)  # fmt: skip
    return Place(
        origin=origin,
        host=urlsplit(origin).netloc,
        token=secrets.get("token", "").strip(),
        streaming=streaming,
    )


def _origin(text: str) -> str:
    """Scheme and host of an address; a bare host, or `@northwind@host`, is reached by https."""
    bare = text.strip().lower()
    if "://" not in bare:
        bare = f"https://{bare.rpartition('@')[2]}"
    try:
        parts = urlsplit(bare)
        fine = parts.scheme in ("https", "http") and parts.hostname and not parts.username
        _ = parts.port
    except ValueError:
        fine = False
    if not text.strip() or not fine:
        raise Rejected(f"This is no address of a server: {text.strip() or 'nothing was given'}")
    return f"{parts.scheme}://{parts.netloc}"
