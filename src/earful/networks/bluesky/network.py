"""The manifest of Bluesky, and how a channel is opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from earful.kit.text import graphemes
from earful.networks.bluesky.blobs import CDN, Pictures
from earful.networks.bluesky.chat import SERVICE
from earful.networks.bluesky.connector import BlueskyConnector, Where
from earful.networks.bluesky.split import split
from earful.networks.contract import Connector, Field, Manifest, Ports, Rejected, Samples, Step

LENGTH = 300
DIRECT_LENGTH = 1000
IMAGES = 4
IMAGE_BYTES = 1_000_000
RELAY = "wss://bsky.network"

_FIELDS = (
    Field(
        "service",
        "Server",
        default="https://bsky.social",
        help="Where the account lives",
        place=True,
    ),
    Field("handle", "Handle", help="Such as northwind.bsky.social"),
    Field(
        "app_password",
        "App password",
        secret=True,
        help="Made in Bluesky under Settings, Privacy and security; never the account's own",
    ),
    Field(
        "firehose",
        "Firehose",
        default=RELAY,
        help="The relay that tells of new posts at once; 'off' to rely on notifications alone",
        place=True,
        nowhere=("off",),
    ),
    Field(
        "pictures",
        "Pictures",
        default=CDN.origin,
        help="Where people's pictures are fetched; 'server' for the account's own server, in a "
        "network that has no picture server",
        place=True,
        nowhere=("server",),
    ),
    Field(
        "chat",
        "Private messages",
        default=SERVICE,
        help="The service that carries them; 'off' for none",
        place=True,
        nowhere=("off",),
        rare=True,
    ),
)

_GUIDE = (
    Step(
        "Make an app password",
        "In Bluesky, open Settings, Privacy and security, App passwords. Tick the box that allows "
        "access to your direct messages if you want to answer them here.",
        link="https://bsky.app/settings/app-passwords",
    ),
)


class BlueskyNetwork:
    """Public posts and replies, and private messages where the app password allows them."""

    manifest = Manifest(
        network="bluesky",
        title="Bluesky",
        fields=_FIELDS,
        length=LENGTH,
        threads=True,
        outreach="Bluesky forbids unwanted bulk messages. Write to few, by hand, and only where "
        "you answer what was asked.",
        images=IMAGES,
        # Larger pictures are made smaller on the way out; this is what may be handed in.
        image_bytes=20_000_000,
        image_types=("image/png", "image/jpeg", "image/webp", "image/gif"),
        idempotent_send=True,
        settle_for=300.0,
        removes=True,
        direct_length=DIRECT_LENGTH,
        guide=_GUIDE,
    )

    def open(
        self, config: Mapping[str, str], secrets: Mapping[str, str], ports: Ports
    ) -> Connector:
        """A channel. Raises Rejected when the config makes no sense; touches nothing yet."""
        return BlueskyConnector(where(config, secrets), ports)

    def origins(self, config: Mapping[str, str]) -> tuple[str, ...]:
        """The account's own server, where that is where pictures are fetched."""
        place = where(config, {})
        return (place.service,) if place.pictures.from_server else ()

    def samples(self) -> Samples:
        """See Sampled."""
        from earful.networks.bluesky import samples  # noqa: PLC0415 - for who measures

        return samples

    def count(self, text: str) -> int:
        """Length in graphemes."""
        return graphemes(text)

    def split(self, text: str) -> list[str]:
        """The posts of the thread that a long text becomes."""
        return split(text)


def where(config: Mapping[str, str], secrets: Mapping[str, str]) -> Where:
    """The account that a config names. Raises Rejected when it makes no sense."""
    handle = config.get("handle", "").strip().lstrip("@").lower()
    if not handle:
        raise Rejected("Bluesky needs the handle of the account.")
    firehose = (config.get("firehose") or RELAY).strip()
    service = _address(config.get("service") or "https://bsky.social", ("https", "http"))
    pictures = (config.get("pictures") or CDN.origin).strip()
    from_server = pictures == "server"
    origin = service if from_server else _address(pictures, ("https", "http"))
    return Where(
        service=service,
        pictures=Pictures(origin, from_server=from_server),
        chat=_chat(config),
        firehose="" if firehose == "off" else _address(firehose, ("wss", "ws")),
        handle=handle,
        app_password=secrets.get("app_password", ""),
    )


def _chat(config: Mapping[str, str]) -> str:
    """The service of private messages, empty for none. Raises Rejected for what names none."""
    chat = (config.get("chat") or SERVICE).strip()
    if chat == "off":
        return ""
    if not re.fullmatch(r"did:[a-z]+:[\w.:%-]+#[\w-]+", chat):
        raise Rejected(f"This names no service of messages: {chat}")
    return chat


def _address(text: str, schemes: tuple[str, str]) -> str:
    """The address without a path's end; a bare host gets the safe one of `schemes`."""
    text = text.strip().rstrip("/")
    if "://" not in text:
        text = f"{schemes[0]}://{text}"
    scheme, rest = text.split("://", 1)
    if scheme in ("http", "https") and "ws" in schemes:
        scheme = "wss" if scheme == "https" else "ws"
    if scheme not in schemes or not urlsplit(f"{scheme}://{rest}").hostname:
        raise Rejected(f"This is no address that Bluesky can be reached at: {text}")
    return f"{scheme}://{rest}"
