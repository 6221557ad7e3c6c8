"""A person is handed all of it, or taken out of all of it, for good."""

from __future__ import annotations

from pathlib import Path

import asyncpg
import pytest

from earful.desk import privacy
from earful.desk.drafts import Draft, keep_draft
from earful.desk.erasures import erase_again, keep_erasure, read_erasures
from earful.desk.merge import merge
from earful.desk.notes import add_note
from earful.desk.summary import set_summary
from earful.kit.refusal import NotFound
from earful.media.files import MediaFiles
from earful.networks.contract import Person, Unreadable
from earful.store.erasure_copies import FILE
from tests.cast import CAROL, DAVE, Cast, post
from tests.desk.acts import answer, balanced, card_of, home_of, rows, said_anywhere, take
from tests.desk.test_replay import applied, snapshot

WORDS = ("carol.example", "Carol Diaz", "did:carol", "my parcel", "secret detail")

FIRST = "at://did:carol/p1"
"""Her post's id names her, as Bluesky's do."""


async def tell_a_story(cast: Cast) -> tuple[str, str]:
    """Carol asks, Dave joins in, Bob notes, drafts and answers."""
    beside = {"subject": "About my parcel", "whole": "where is my parcel\n> it left my parcel shop"}
    await take(cast, post(FIRST, "@Northwind where is my parcel", CAROL, **beside))
    home = await home_of(cast, FIRST)
    await take(cast, post("p2", "same as Carol Diaz", DAVE, parent_id=FIRST))
    await take(
        cast,
        Unreadable(external_id="at://did:carol/p3", reason="odd", payload='{"by": "did:carol"}'),
    )
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await add_note(work, home, "secret detail of Carol Diaz", [])
        await set_summary(work, home, "Carol Diaz lost my parcel, a secret detail")
        assert cast.bob.id
        await keep_draft(work, home, cast.bob.id, Draft(text="dear carol.example"))
    await answer(cast, home, "@carol.example we look for my parcel")
    return home, (await card_of(cast, home)).contact.id


async def erase(cast: Cast, contact_id: str) -> privacy.Erased:
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        return await privacy.erase_person(work, contact_id)


async def test_an_erased_person_is_nowhere(cast: Cast) -> None:
    home, contact_id = await tell_a_story(cast)
    for word in WORDS[:4]:
        assert await said_anywhere(cast, word), "the example says it"
    await erase(cast, contact_id)
    for word in WORDS:
        assert await said_anywhere(cast, word) == [], word
    card = await card_of(cast, home)
    assert (card.contact.name, card.contact.handle, card.preview) == (
        "Erased",
        "",
        "same as Erased",
    )
    assert card.unanswered == 1, "Dave still waits"
    await balanced(cast)


async def test_a_repeated_post_of_theirs_stays_out(cast: Cast) -> None:
    _, contact_id = await tell_a_story(cast)
    await erase(cast, contact_id)
    beside = {"subject": "About my parcel", "whole": "where is my parcel\n> it left my parcel shop"}
    await take(cast, post(FIRST, "@Northwind where is my parcel", CAROL, **beside))
    assert await said_anywhere(cast, "my parcel") == []
    assert await said_anywhere(cast, "did:carol") == []


async def test_a_reply_to_a_post_of_theirs_still_finds_its_thread(cast: Cast) -> None:
    home, contact_id = await tell_a_story(cast)
    await erase(cast, contact_id)
    await take(cast, post("p7", "and what now?", DAVE, parent_id=FIRST))
    assert await home_of(cast, "p7") == home


async def test_what_they_said_in_a_conversation_merged_away_is_gone_too(cast: Cast) -> None:
    await take(cast, post("d1", author=DAVE))
    await take(cast, post("c1", "me too", CAROL, parent_id="d1"))
    await take(cast, post("e1", author=Person("did:erin", "erin.example", "Erin")))
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await merge(work, await home_of(cast, "d1"), await home_of(cast, "e1"))
    async with cast.database.acquire() as db:
        carol = await db.fetchval(
            "SELECT contact_id FROM contact_handle WHERE external_id = $1", CAROL.external_id
        )
    assert await said_anywhere(cast, CAROL.name)
    await erase(cast, carol)
    assert await said_anywhere(cast, CAROL.name) == []


async def test_the_export_has_it_all(cast: Cast) -> None:
    _, contact_id = await tell_a_story(cast)
    async with cast.database.acquire() as db:
        told = await privacy.export_person(db, cast.workspace_id, contact_id)
    assert [one["handle"] for one in told["handles"]] == ["carol.example"]
    assert [one["text"] for one in told["notes"]] == ["secret detail of Carol Diaz"]
    assert "@Northwind where is my parcel" in [one["text"] for one in told["messages"]]
    assert len(told["conversations"]) == 1


async def test_nobody_can_erase_who_is_not_there(cast: Cast) -> None:
    with pytest.raises(NotFound):
        await erase(cast, cast.workspace_id)


async def test_a_restored_backup_erases_again_but_not_who_came_back(
    cast: Cast, owner: asyncpg.Connection[asyncpg.Record], tmp_path: Path
) -> None:
    _, contact_id = await tell_a_story(cast)
    hashed = privacy.handle_hashes([], cast.workspace_id, "rehearsal", "did:carol")[0].hex()
    later = cast.time.pass_(days=2)
    keep_erasure(tmp_path, privacy.Erasure(cast.workspace_id, contact_id, [hashed], later))
    assert "carol" not in (tmp_path / FILE).read_text()
    listed = read_erasures(tmp_path / FILE)
    async with owner.transaction():
        assert await erase_again(owner, listed, MediaFiles(tmp_path / "media"), later) == 1
    assert await said_anywhere(cast, "my parcel") == []
    cast.time.pass_(days=1)
    await take(cast, post("p9", "@Northwind I am back", CAROL))
    async with owner.transaction():
        assert await erase_again(owner, listed, MediaFiles(tmp_path / "media"), later) == 0


async def aside(cast: Cast) -> list[str]:
    return [row["external_id"] for row in await rows(cast, "SELECT external_id FROM set_aside")]


async def test_a_post_set_aside_goes_with_its_author_and_nobody_elses(cast: Cast) -> None:
    author = Person("p9-3", "lee", "Lee")
    await take(cast, post("1", "@Northwind help", author))
    told = {
        "theirs": '{"by": "p9-3"}',
        "theirs-too": "by\np9-3",
        "longer": '{"by": "p9-37"}',
        "another": '{"by": "ap9-3"}',
        "further": '{"by": "p9-3.example"}',
    }
    for name, payload in told.items():
        await take(cast, Unreadable(external_id=name, reason="odd", payload=payload))
    await erase(cast, (await card_of(cast, await home_of(cast, "1"))).contact.id)
    assert sorted(await aside(cast)) == ["another", "further", "longer"]


@pytest.mark.parametrize("handle", ["open", "public", "contact", "incoming", "202", "7000"])
async def test_a_name_that_is_also_a_word_of_ours_leaves_events_whole(
    cast: Cast, handle: str
) -> None:
    kept = """SELECT seq, (data->'card') - 'contact'::text - 'preview'::text AS card,
      actor->>'kind' AS kind, data->'messages'->0->>'direction' AS direction
    FROM event WHERE kind <> $1 ORDER BY seq"""
    await take(cast, post("1", "@Northwind help", Person(f"id {handle}", handle, handle)))
    home = await home_of(cast, "1")
    before = [dict(row) for row in await rows(cast, kept, "contact.erased")]
    ids = "SELECT seq, data->'card'->>'id' AS id FROM event WHERE conversation_id = $1"
    part = home[:4]
    await take(cast, post("2", "@Northwind help", Person(f"id {part}", part, part), parent_id="1"))
    opened = await card_of(cast, home)
    await erase(cast, opened.contact.id)
    second = "SELECT author_id FROM message WHERE direction = 'incoming' AND author_id <> $1"
    [row] = await rows(cast, second, opened.contact.id)
    await erase(cast, row["author_id"])
    assert [dict(row) for row in await rows(cast, kept, "contact.erased")][: len(before)] == before
    assert {row["id"] for row in await rows(cast, ids, home)} == {home}


async def test_open_screens_forget_as_the_database_does(cast: Cast) -> None:
    _, contact = await tell_a_story(cast)
    before = await snapshot(cast)
    await erase(cast, contact)
    told = await rows(cast, "SELECT seq, data FROM event WHERE seq > $1", before["cursor"])
    assert applied(before, [dict(event) for event in told]) == await snapshot(cast)
