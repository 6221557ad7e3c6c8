"""The manifest of Mastodon, and how a channel is opened."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from earful.networks.contract import Connector, Field, Manifest, Ports, Rejected
from earful.networks.mastodon.connector import MastodonConnector, Place
from earful.networks.mastodon.instance import PICTURES
from earful.networks.mastodon.length import LENGTH, Ruler

_FIELDS = (
    Field("instance", "Server", help="Where the account lives, such as https://mastodon.social"),
    Field(
        "token",
        "Access token",
        secret=True,
        help="Made on the server under Preferences, Development, with the scopes read and write",
    ),
    Field(
        "streaming",
        "Streaming",
        help="Where the server streams, if it does not say so itself; 'off' to only ask it",
    ),
)


class MastodonNetwork:
    """Posts, replies and direct posts on any server that speaks Mastodon's API."""

    manifest = Manifest(
        network="mastodon",
        title="Mastodon",
        fields=_FIELDS,
        length=LENGTH,
        counted_in="mastodon",
        threads=True,
        images=4,
        image_bytes=10_000_000,
        image_types=PICTURES,
        settle_for=300.0,
        direct_length=LENGTH,
        direct_images=4,
        direct_note="Readable by everyone it mentions, and by those who run their servers.",
    )

    def open(
        self, config: Mapping[str, str], secrets: Mapping[str, str], ports: Ports
    ) -> Connector:
        """A channel. Raises Rejected when the config makes no sense; touches nothing yet."""
        return MastodonConnector(place(config, secrets), ports)

    def origins(self, config: Mapping[str, str]) -> tuple[str, ...]:
        """The account's own server, which may stand on a private address."""
        return (place(config, {}).origin,)

    def count(self, text: str) -> int:
        """Length in graphemes, a link as 23, a name of another server without the server."""
        return Ruler().count(text)

    def split(self, text: str) -> list[str]:
        """The posts of the thread that a long text becomes."""
        return Ruler().split(text)


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
    bare = text.strip().lower().rstrip("/")
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
