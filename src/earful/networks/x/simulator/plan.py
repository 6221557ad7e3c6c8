"""What a simulated X is laid out with, and what may be changed while it runs."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Names = Literal["tweet", "post"]
Tier = Literal["self-serve", "enterprise"]


class Plan(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """`brands` are accounts that signed in to the app; the first owns it.

    `names` is the vocabulary of answers where the request does not show its own.
    `implicit_summons`: whether a reply under our post, which mentions us by itself, lets us reply.
    `keep_alive` is in seconds; X promises 20. `limits` off serves any number of requests.
    `hosts` leads webhook host names to where they really are, such as
    `{"desk.example": "http://127.0.0.1:8420"}`; other webhooks must be on loopback.
    """

    brands: tuple[str, ...] = ("Northwind",)
    names: Names = "tweet"
    tier: Tier = "self-serve"
    implicit_summons: bool = True
    limits: bool = True
    premium: bool = False
    keep_alive: float = 20.0
    auto_approve: bool = False
    redirects: tuple[str, ...] = ()
    hosts: dict[str, str] = {}
    started_at: datetime | None = None


class Change(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What a tester changes of the plan; what is left out stays."""

    names: Names | None = None
    tier: Tier | None = None
    implicit_summons: bool | None = None
    limits: bool | None = None
    premium: bool | None = None
    keep_alive: float | None = None
    auto_approve: bool | None = None
    redirects: tuple[str, ...] | None = None
    hosts: dict[str, str] | None = None

    def apply(self, plan: Plan) -> None:
        """Change `plan` in place."""
        for name in self.__struct_fields__:
            if (value := getattr(self, name)) is not None:
                setattr(plan, name, value)
