"""Where a network's terms want it, what is taken away there is gone here, from everywhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from earful.conversations.rows import tell
from earful.desk.honouring import forgets
from earful.intake import facts
from earful.networks.contract import Attachment, Deletion, Unreadable
from earful.store.pool import Database
from tests.cast import DAVE, START, Cast, gather, post
from tests.desk.acts import answer, home_of, rows, said_anywhere, take

PICTURE = Attachment("https://pictures.example/quince.png", "image/png", "a quince", 640, 480)


@pytest.fixture
async def cast(database: Database, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(facts, "forgets", lambda _network: True)
    return await gather(database)


def test_which_networks_want_it() -> None:
    assert forgets("x")
    assert not forgets("bluesky")
    assert not forgets("none of ours")


async def test_the_words_of_a_deleted_post_stand_nowhere(cast: Cast) -> None:
    await take(cast, post("1", "my quince is rotten", attachments=(PICTURE,), warning="quince"))
    await take(cast, post("2", "and nobody answers", parent_id="1"))
    home = await home_of(cast, "1")
    await answer(cast, home, "We are sorry.")
    quoting = "UPDATE conversation SET severity_reason = 'complaint: “rotten quince”' WHERE id = $1"
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await work.db.execute(quoting, home)
        await tell(work, home, "conversation.changed")
    assert {"message", "event", "conversation", "media"} <= set(await said_anywhere(cast, "quince"))
    cast.time.pass_(minutes=5)
    await take(cast, Deletion(external_id="1", at=cast.time.now))
    assert await said_anywhere(cast, "quince") == []
    [gone] = await rows(cast, "SELECT text, deleted_at FROM message WHERE external_id = '1'")
    assert (gone["text"], gone["deleted_at"]) == ("", cast.time.now)
    [card] = await rows(cast, "SELECT preview FROM conversation WHERE id = $1", home)
    assert card["preview"] == "and nobody answers", "what stands is shown"
    assert await said_anywhere(cast, "rotten") == []
    assert "conversation" in await said_anywhere(cast, "complaint"), "why it is severe stays"
    assert "message" in await said_anywhere(cast, "We are sorry")
    told = await rows(cast, "SELECT data FROM event WHERE kind = 'message.deleted'")
    assert [each["data"]["messages"][0]["text"] for each in told] == [""]


async def test_of_an_edited_post_only_the_new_words_stand(cast: Cast) -> None:
    await take(cast, post("1", "you quince"))
    await take(cast, post("2", "another's quince", author=DAVE))
    quoting = "UPDATE conversation SET severity_reason = 'rude: “you quince”' WHERE id = $1"
    async with cast.works.open(cast.workspace_id) as work:
        await work.db.execute(quoting, await home_of(cast, "1"))
    edited: dict[str, Any] = {"edited_at": START + timedelta(minutes=1)}
    await take(cast, post("1", "I take it back", **edited))
    [kept] = await rows(cast, "SELECT text FROM message WHERE external_id = '1'")
    assert kept["text"] == "I take it back"
    assert await said_anywhere(cast, "you quince") == []
    assert "message" in await said_anywhere(cast, "another's quince"), "nobody else's are touched"
    told = await rows(cast, "SELECT data FROM event WHERE kind = 'message.edited'")
    assert [each["data"]["messages"][0]["text"] for each in told] == ["I take it back"]


async def test_also_when_it_came_with_its_deletion_or_after_it(cast: Cast) -> None:
    await take(cast, post("1", "quince"), Deletion(external_id="1", at=START))
    await take(cast, Deletion(external_id="2", at=START))
    await take(cast, post("2", "a late quince"))
    assert len(await rows(cast, "SELECT 1 FROM message WHERE deleted_at IS NOT NULL")) == 2
    assert await said_anywhere(cast, "quince") == []


async def test_also_what_could_not_be_taken_in(cast: Cast) -> None:
    await take(cast, Unreadable(external_id="7", reason="odd", payload='{"text": "quince"}'))
    await take(cast, Unreadable(external_id="8", reason="odd", payload='{"text": "pear"}'))
    await take(cast, Deletion(external_id="7", at=START))
    assert await said_anywhere(cast, "quince") == []
    assert await said_anywhere(cast, "pear") == ["set_aside"]
    [waiting] = await rows(cast, "SELECT count(*) AS n FROM set_aside WHERE replayed_at IS NULL")
    assert waiting["n"] == 2, "somebody still sees that it came"


async def test_elsewhere_it_is_kept_as_a_fact(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facts, "forgets", forgets)
    await take(cast, post("1", "my quince"))
    await take(cast, Deletion(external_id="1", at=START))
    assert "message" in await said_anywhere(cast, "quince")
