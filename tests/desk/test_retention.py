"""What is too old is forgotten; who waits never is."""

from __future__ import annotations

from pathlib import Path

import pytest

from earful.desk import retention
from earful.desk.resolve import resolve
from earful.desk.retention import Retention, Terms, forget, keep_retention
from earful.kit.ids import new_id
from earful.media.files import MediaFiles
from earful.worker.retention import forget_all, last_night
from tests.cast import CAROL, DAVE, START, Cast, post
from tests.desk.acts import balanced, home_of, rows, take

SHORT = Retention(default=Terms(messages_days=10, revisions_days=10, media_days=10), events_days=5)


async def set_rules(cast: Cast, rules: Retention) -> None:
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await keep_retention(work, rules)


async def two_ask_one_is_resolved(cast: Cast) -> None:
    await take(cast, post("c1", "carol asks", CAROL), post("d1", "dave asks", DAVE))
    home = await home_of(cast, "c1")
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await resolve(work, home, "no_reply_needed", "thanks only")


async def texts(cast: Cast) -> list[str]:
    said = "SELECT text FROM message WHERE direction = 'incoming' ORDER BY external_id"
    return [row["text"] for row in await rows(cast, said)]


async def test_old_texts_go_and_who_waits_stays(cast: Cast, tmp_path: Path) -> None:
    await two_ask_one_is_resolved(cast)
    await set_rules(cast, SHORT)
    media = MediaFiles(tmp_path)
    cast.time.pass_(days=9)
    assert (await forget_all(cast.works, media, cast.workspace_id)).messages == 0
    cast.time.pass_(days=400)
    async with cast.works.open(cast.workspace_id) as work:
        dry = await forget(work, dry_run=True)
    assert await texts(cast) == ["carol asks", "dave asks"]
    done = await forget_all(cast.works, media, cast.workspace_id)
    assert dry.messages == done.messages == 1
    assert await texts(cast) == ["", "dave asks"]
    await balanced(cast)


async def test_a_helping_goes_on_where_the_one_before_ended(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for number in range(7):
        await take(cast, post(str(number)))
        async with cast.works.open(cast.workspace_id, cast.bob) as work:
            await resolve(work, await home_of(cast, str(number)), "no_reply_needed", "told")
        cast.time.pass_(minutes=number % 2)  # some of the same instant
    await set_rules(cast, SHORT)
    cast.time.pass_(days=400)
    done = await forget_all(cast.works, MediaFiles(tmp_path), cast.workspace_id)
    assert (done.messages, done.events) == (7, await last_seq(cast))
    assert await rows(cast, "SELECT FROM message WHERE text <> '' AND direction = 'incoming'") == []


async def last_seq(cast: Cast) -> int:
    [row] = await rows(cast, "SELECT seq FROM event_counter")
    found: int = row["seq"]
    return found


async def test_a_channel_may_have_terms_of_its_own(cast: Cast, tmp_path: Path) -> None:
    await two_ask_one_is_resolved(cast)
    own = {cast.channel.id: Terms(messages_days=1000)}
    await set_rules(cast, Retention(default=Terms(messages_days=10), channels=own))
    cast.time.pass_(days=400)
    assert (await forget_all(cast.works, MediaFiles(tmp_path), cast.workspace_id)).messages == 0


async def test_events_expire_after_thirty_days_by_default(cast: Cast, tmp_path: Path) -> None:
    await two_ask_one_is_resolved(cast)
    cast.time.pass_(days=29)
    await take(cast, post("d2", "dave again", DAVE))
    cast.time.pass_(days=2)
    done = await forget_all(cast.works, MediaFiles(tmp_path), cast.workspace_id)
    assert done.events == 3
    assert [row["seq"] for row in await rows(cast, "SELECT seq FROM event")] == [4]


async def test_old_pictures_go_with_their_files(cast: Cast, tmp_path: Path) -> None:
    await two_ask_one_is_resolved(cast)
    await set_rules(cast, SHORT)
    media, media_id = MediaFiles(tmp_path), new_id()
    digest = media.write(b"a picture")
    await rows(
        cast,
        "INSERT INTO media VALUES ($1, $2, $3, 'image/png', 9, 1, 1, $4)",
        cast.workspace_id,
        media_id,
        digest,
        START,
    )
    held = [{"id": media_id}]
    await rows(cast, "UPDATE message SET media = $1 WHERE external_id = 'c1'", held)
    cast.time.pass_(days=400)
    await rows(
        cast,
        "INSERT INTO message_revision (workspace_id, message_id, replaced_at, text) "
        "SELECT workspace_id, id, received_at, 'as it was' FROM message WHERE text LIKE '% asks'",
    )
    async with cast.works.open(cast.workspace_id) as work:
        said = await forget(work, dry_run=True)
    done = await forget_all(cast.works, media, cast.workspace_id)
    assert (done.media, done.revisions) == (1, 1), "and Dave, who waits, keeps his"
    assert said == done, "counted is what is then done"
    with pytest.raises(FileNotFoundError):
        media.read(digest)


async def test_less_than_a_day_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="day"):
        await set_rules(cast, Retention(default=Terms(messages_days=0)))


def test_a_night_is_due_from_three_o_clock_on() -> None:
    assert last_night(START).isoformat() == "2026-11-02T03:00:00+00:00"
    assert last_night(START.replace(hour=2)).isoformat() == "2026-11-01T03:00:00+00:00"
