"""A post of which nothing readable was kept is asked of the network again, and taken in once."""

from __future__ import annotations

from typing import Any

import pytest

from earful.intake.asking_again import take_in
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import Unreadable
from earful.worker.desk import Shared
from tests.cast import Cast
from tests.desk.acts import rows, take
from tests.networks.rehearsal.serving import Server


async def lost(cast: Cast, external_id: str) -> str:
    """Set the post aside with nothing kept of it. Returns the id under which it waits."""
    await take(cast, Unreadable(external_id=external_id, reason="cut off", payload="{"))
    [row] = await rows(cast, "SELECT id FROM set_aside WHERE external_id = $1", external_id)
    found: str = row["id"]
    return found


async def again(shared: Shared, cast: Cast, aside: str) -> Any:
    return await take_in(cast.works, shared.keyring, cast.workspace_id, aside, cast.alice)


async def test_it_comes_in_as_the_network_tells_it_now(
    cast: Cast, shared: Shared, town: Server
) -> None:
    entry = town.ask("/guests", text="@Northwind my parcel is lost")
    aside = await lost(cast, entry["id"])
    done = await again(shared, cast, aside)
    assert done.new
    [message] = await rows(cast, "SELECT text, conversation_id, direction FROM message")
    assert dict(message) == {
        "text": "@Northwind my parcel is lost",
        "conversation_id": done.conversation_id,
        "direction": "incoming",
    }
    assert not (await again(shared, cast, aside)).new, "a second time is harmless"
    assert len(await rows(cast, "SELECT 1 FROM message")) == 1


async def test_what_is_gone_meanwhile_can_only_be_discarded(
    cast: Cast, shared: Shared, town: Server
) -> None:
    entry = town.ask("/guests", text="@Northwind never mind")
    town.ask("/asides", id=entry["id"], kind="deletion")
    aside = await lost(cast, entry["id"])
    with pytest.raises(Refused, match="does not show it any more") as refused:
        await again(shared, cast, aside)
    assert refused.value.slug == "gone"
    [row] = await rows(cast, "SELECT replayed_at, discarded_at FROM set_aside")
    assert set(row.values()) == {None}, "it still waits"


async def test_a_network_that_fails_is_said_and_asked_another_time(
    cast: Cast, shared: Shared, town: Server
) -> None:
    entry = town.ask("/guests", text="@Northwind hello")
    aside = await lost(cast, entry["id"])
    town.ask("/faults", on="lookup", kind="500")
    with pytest.raises(Refused, match="can't be asked for it now") as refused:
        await again(shared, cast, aside)
    assert refused.value.slug == "network"
    assert await rows(cast, "SELECT 1 FROM message") == []
    assert (await again(shared, cast, aside)).new


async def test_what_waits_next_door_is_not_found(cast: Cast, shared: Shared) -> None:
    aside = await lost(cast, "u1")
    with pytest.raises(NotFound):
        await take_in(
            cast.works, shared.keyring, "01890000-0000-7000-8000-000000000000", aside, cast.alice
        )
