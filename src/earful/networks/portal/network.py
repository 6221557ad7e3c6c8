"""The manifest of the portal, and how a channel is opened."""

from __future__ import annotations

import re
from collections.abc import Mapping

from earful.networks.contract import Connector, Field, Identity, Manifest, Ports, Rejected, Step
from earful.networks.portal.connector import PortalConnector

LENGTH = 10_000
"""Characters of an answer."""
IMAGES = 4
_ADDRESS = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")

_FIELDS = (
    Field(
        "slug",
        "Address",
        default="help",
        help="The last part of its address, /portal/...: small letters, digits and hyphens.",
    ),
    Field(
        "site",
        "Site",
        help="Where people reach this desk, such as https://care.example.org: for invitations from "
        "other networks. Empty: nobody can be invited here.",
        optional=True,
    ),
    Field("name", "Name", help="The name of your brand, as visitors read it."),
)
_GUIDE = (
    Step(
        "Choose its address",
        "Visitors find the portal there. It is not open yet: Settings, Portal says what is missing "
        "(a privacy notice, an imprint, a contact) before it can go live.",
        copy="{origin}/portal/help",
    ),
)


class PortalNetwork:
    """What the entry point names."""

    manifest = Manifest(
        bare_handles=True,
        network="portal",
        stays_home=True,
        title="Portal",
        fields=_FIELDS,
        length=LENGTH,
        counted_in="characters",
        images=IMAGES,
        image_bytes=15_000_000,
        image_types=("image/png", "image/jpeg", "image/webp", "image/gif"),
        idempotent_send=True,
        settle_for=60.0,
        direct_length=LENGTH,
        direct_images=IMAGES,
        direct_note="Read by whoever has the link of this talk",
        recalls=False,
        hides=True,
        guide=_GUIDE,
    )

    def open(
        self, config: Mapping[str, str], secrets: Mapping[str, str], ports: Ports
    ) -> Connector:
        """A channel. Raises Rejected for an address that can be none."""
        del secrets  # nobody signs in to one's own pages
        slug = config.get("slug", "").strip()
        if not _ADDRESS.fullmatch(slug):
            raise Rejected("Its address has small letters, digits and hyphens, such as help.")
        name = config.get("name", "").strip() or slug
        return PortalConnector(Identity(slug, slug, name), LENGTH, ports)

    way = "portal"

    def welcome(self, identity: Identity, config: Mapping[str, str], code: str) -> str:
        """The address of the form; the code comes back with the message. Raises Rejected."""
        site = config.get("site", "").strip().rstrip("/")
        if not site:
            raise Rejected("The portal does not know its own address: fill in its site.")
        return f"{site}/portal/{identity.external_id}?m={code}"

    def count(self, text: str) -> int:
        """Length in characters."""
        return len(text)


NETWORK = PortalNetwork()
