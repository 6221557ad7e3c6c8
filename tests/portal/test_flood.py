"""A flood of strangers: held back honestly, and nothing that was accepted is lost."""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from collections.abc import Callable

import httpx

from earful.pages.portal.pace import BITS, PortalPace
from earful.pages.portal.taking import hand_on
from earful.portal.places import place_at
from tests.desk.acts import balanced, rows
from tests.portal.conftest import Desk, Visitor


def work_for(ticket: str) -> str:
    """The sum that the page's script does."""
    number = 0
    while True:
        found = hashlib.sha256(f"{ticket}.{number}".encode()).digest()
        if int.from_bytes(found, "big") >> (256 - BITS) == 0:
            return str(number)
        number += 1


async def flood(desk: Desk, visitors: Callable[[int], Visitor], many: int) -> list[httpx.Response]:
    """So many strangers, each from an address of their own, write in the same moment."""
    crowd = [visitors(number) for number in range(many)]
    forms = [await crowd[0].fill_in() for _ in range(many)]
    calls = [
        one.send({**form, "text": f"spam {number}"})
        for number, (one, form) in enumerate(zip(crowd, forms, strict=True))
    ]
    return list(await asyncio.gather(*calls))


async def test_a_flood_is_held_back_and_nothing_accepted_is_lost(
    desk: Desk, visitor: Visitor, visitors: Callable[[int], Visitor]
) -> None:
    here = (await visitor.write("I was here before")).headers["location"].partition("?")[0]
    desk.app.state.portal_pace = PortalPace(
        desk.cast.database, requests=100_000
    )  # all forms are opened by one address
    answers = await flood(desk, visitors, 400)
    counts = Counter(answer.status_code for answer in answers)
    assert set(counts) == {303, 429}
    # All write in one instant, so no bucket fills again meanwhile: the calm takes 40, the slow lane
    # 5, for whom forms are old enough. Who has a drop of the calm and finds the flood marked by
    # somebody faster goes through the flood as well: of the 40 any number are in, the 5 always.
    assert 5 <= counts[303] <= 45
    held = next(answer for answer in answers if answer.status_code == 429)
    assert "Very many people write to us right now" in held.text
    assert "spam " in held.text
    assert int(held.headers["retry-after"]) >= 1
    taken = [f"spam {n}" for n, answer in enumerate(answers) if answer.status_code == 303]
    # What could not be handed on in the crush is read by the channel's listener.
    async with desk.cast.database.acquire() as db:
        place = await place_at(db, "help")
    assert place is not None
    await hand_on(desk.app.state, place)
    texts = await rows(desk.cast, "SELECT text FROM message WHERE direction = 'incoming'")
    assert sorted(row["text"] for row in texts) == sorted([*taken, "I was here before"])
    await balanced(desk.cast)
    # Who has a talk already goes on, in the middle of it.
    assert (await visitor.write("me again", here)).status_code == 303
    # And every page still opens.
    assert (await visitor.http.get("/portal/help")).status_code == 200


async def test_in_a_flood_a_sum_lets_in_and_without_script_it_takes_longer(
    desk: Desk, visitors: Callable[[int], Visitor]
) -> None:
    desk.app.state.portal_pace = PortalPace(desk.cast.database, requests=100_000)
    await flood(desk, visitors, 80)
    honest = visitors(300)
    data = {**await honest.fill_in(), "text": "I am a person"}
    assert (await honest.http.get("/portal/help")).text.count(f'data-bits="{BITS}"') == 1
    held = await honest.send(data)
    assert held.status_code == 429
    assert (await honest.send({**data, "work": "12"})).status_code == 429
    done = await honest.send({**data, "work": work_for(data["ticket"])})
    assert done.status_code == 303
    patient = visitors(301)
    data = {**await patient.fill_in(), "text": "I have no script"}
    desk.cast.time.pass_(seconds=40)
    assert (await patient.send(data)).status_code == 303


async def test_one_address_is_slowed_down_and_told_so(desk: Desk, visitor: Visitor) -> None:
    codes = [(await visitor.write(f"message {number}")).status_code for number in range(12)]
    assert codes[:8] == [303] * 8
    assert codes[-1] == 429
    desk.cast.time.pass_(minutes=3)
    assert (await visitor.write("later")).status_code == 303


async def test_the_same_words_again_are_not_taken_twice(visitor: Visitor) -> None:
    assert (await visitor.write("Buy now")).status_code == 303
    again = await visitor.write("Buy now")
    assert again.status_code == 429
    assert "It is with us" in again.text


async def test_a_form_that_nobody_can_have_read_is_held_for_a_moment(
    desk: Desk, visitor: Visitor
) -> None:
    data = {**await visitor.fill_in(), "text": "quick"}
    desk.cast.time.pass_(seconds=-5)
    held = await visitor.send(data)
    assert held.status_code == 429
    desk.cast.time.pass_(seconds=3)
    assert (await visitor.send(data)).status_code == 303


async def test_what_is_too_large_is_refused_before_it_is_read(visitor: Visitor) -> None:
    data = {**await visitor.fill_in(), "text": "big"}
    big = [("pictures", ("a.png", b"x" * 25 * 1024 * 1024, "image/png"))]
    answer = await visitor.send(data, files=big)
    assert answer.status_code == 413
    assert "set-cookie" not in answer.headers
    assert "too large" in answer.text
