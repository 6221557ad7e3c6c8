"""The steps of connecting a channel, with the addresses of this desk filled in."""

from __future__ import annotations

from typing import Literal

import msgspec

from earful.desk.ports import hook_of
from earful.networks.contract import Manifest, Step
from earful.settings import Settings

Lacks = Literal["", "public", "channel"]


class Place(msgspec.Struct, frozen=True):
    """A step as a person reads it. `lacks` says why there is nothing to copy yet: "public" for a
    desk without a public address, "channel" for what is known once the channel is connected."""

    title: str
    text: str
    copy: str
    link: str
    lacks: Lacks = ""


def guide(manifest: Manifest, settings: Settings, channel_id: str = "") -> list[Place]:
    """The steps of a network, for a channel that is there or for one to come."""
    return [_filled(step, settings, channel_id) for step in manifest.guide]


def _filled(step: Step, settings: Settings, channel_id: str) -> Place:
    public = bool(settings.public_url)
    lacks: Lacks = ""
    if "{hook}" in step.copy and not public:
        lacks = "public"
    elif "{hook}" in step.copy and not channel_id:
        lacks = "channel"
    copied = (
        step.copy.replace("{callback}", settings.callback_url)
        .replace("{hook}", hook_of(settings.public_url or "", channel_id))
        .replace("{origin}", settings.callback_url.removesuffix("/oauth/callback"))
    )
    return Place(step.title, step.text, "" if lacks else copied, step.link, lacks)
