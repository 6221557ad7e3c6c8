"""A visitor takes a message back: gone from the pages, and a fact at the desk."""

from __future__ import annotations

import re

from earful.kit.ids import new_id
from earful.pages.portal.taking import hand_on
from earful.portal import places
from tests.desk.acts import balanced, rows
from tests.media.pictures import drawn
from tests.portal.conftest import Desk, Visitor

MESSAGES = "SELECT text, deleted_at, disposition FROM message ORDER BY published_at"
_ID = re.compile(r'name="message" value="([^"]+)"')


async def test_what_is_taken_back_is_gone_here_and_a_fact_at_the_desk(
    desk: Desk, visitor: Visitor
) -> None:
    picture = [("pictures", ("a.png", drawn("PNG"), "image/png"))]
    written = await visitor.write("my card number is 1234", files=picture)
    path = written.headers["location"].partition("?")[0]
    await visitor.write("and where is my parcel?", path)
    first, _ = _ID.findall((await visitor.http.get(path)).text)
    done = await visitor.http.post(f"{path}/take-back", data={"message": first})
    assert (done.status_code, done.headers["location"]) == (303, path)
    shown = (await visitor.http.get(path)).text
    assert "1234" not in shown
    assert "Taken back." in shown
    assert len(_ID.findall(shown)) == 1
    gone, kept = await rows(desk.cast, MESSAGES)
    assert kept["text"] == "and where is my parcel?"
    assert (gone["deleted_at"] is not None, gone["disposition"]) == (True, "deleted")
    assert kept["deleted_at"] is None
    [portal] = await rows(desk.cast, "SELECT text, media FROM portal_message WHERE id = $1", first)
    assert (portal["text"], portal["media"]) == ("", [])
    assert await rows(desk.cast, "SELECT 1 FROM media WHERE message_id IS NULL") == []
    await balanced(desk.cast)


async def test_nobody_takes_back_what_is_not_hers(desk: Desk, visitor: Visitor) -> None:
    path = (await visitor.write("mine")).headers["location"].partition("?")[0]
    other = Visitor(desk, "192.0.2.8")
    theirs = (await other.write("theirs")).headers["location"].partition("?")[0]
    [mine] = _ID.findall((await visitor.http.get(path)).text)
    for id_ in (mine, new_id(), "nonsense"):
        answer = await other.http.post(f"{theirs}/take-back", data={"message": id_})
        assert answer.status_code == 303
    assert (await other.http.post("/portal/help/t/none/take-back", data={})).status_code == 404
    texts = [row["text"] for row in await rows(desk.cast, MESSAGES)]
    assert texts == ["mine", "theirs"]


async def test_it_is_told_to_the_desk_also_when_the_channel_was_held(
    desk: Desk, visitor: Visitor
) -> None:
    path = (await visitor.write("secret")).headers["location"].partition("?")[0]
    await rows(desk.cast, "UPDATE channel SET state = 'held' WHERE id = $1", desk.channel_id)
    [mine] = _ID.findall((await visitor.http.get(path)).text)
    await visitor.http.post(f"{path}/take-back", data={"message": mine})
    assert [row["deleted_at"] for row in await rows(desk.cast, MESSAGES)] == [None]
    await rows(desk.cast, "UPDATE channel SET state = 'active' WHERE id = $1", desk.channel_id)
    async with desk.cast.works.open(desk.cast.workspace_id) as work:
        place = await places.place_of(work.db, work.workspace_id, desk.channel_id)
    await hand_on(desk.app.state, place)
    [row] = await rows(desk.cast, MESSAGES)
    assert row["deleted_at"] is not None
