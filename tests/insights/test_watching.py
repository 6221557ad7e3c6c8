"""Bursts, running conversations and look-alikes on the desk's posts: each told once, one alert."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from earful.insights.noticing import STEP
from earful.insights.watching import watch
from earful.kit.ids import new_id
from earful.networks.contract import Person
from earful.paging.hearing import hear
from earful.paging.ladders import Step, Who, add_ladder
from earful.paging.rules import AGAIN, SIGNALS, Rule, keep_rule, rules_of
from earful.paging.watching import watch as look_at_alerts
from tests.cast import Cast, post
from tests.desk.acts import home_of, rows, take

MANY = 60


async def look(cast: Cast) -> None:
    more = True
    while more:
        async with cast.works.open(cast.workspace_id) as work:
            more = await watch(work)
    async with cast.works.open(cast.workspace_id) as work:
        rules = await rules_of(work.db, cast.workspace_id)
        while await hear(work, rules):
            pass
    async with cast.works.open(cast.workspace_id) as work:
        await look_at_alerts(work, rules)


async def told(cast: Cast) -> list[tuple[str, str]]:
    found = await rows(
        cast, """SELECT kind, data->'signal'->>'kind' AS what FROM event
                 WHERE kind ~ '^(burst|signal)[.]' ORDER BY seq"""
    )  # fmt: skip
    return [(row["kind"], row["what"]) for row in found]


async def alerts(cast: Cast) -> list[Any]:
    return await rows(cast, "SELECT cause, count, state FROM alert ORDER BY cause")


async def page_for_all(cast: Cast) -> None:
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        ladder = await add_ladder(work, "Night", (Step((Who("agent", cast.alice.id),), 300),), 1)
        for cause in sorted(SIGNALS):
            rule = Rule(cause=cause, ladder_id=ladder.id, after_for=0, again_for=AGAIN[cause])
            await keep_rule(work, rule)


async def flood(cast: Cast, since: str, people: int, ago: timedelta) -> None:
    """As many people in one conversation within a minute, all of them in a bad mood."""
    await rows(
        cast,
        """WITH m AS (INSERT INTO message (workspace_id, id, conversation_id, direction, visibility,
             author_kind, author_name, author_handle, text, published_at, received_at)
           SELECT $1, gen_random_uuid(), $2, 'incoming', 'public', 'contact', 'x', 'x' || n, 'bad',
             $3, $3 FROM generate_series(1, $4) AS n RETURNING id)
           INSERT INTO judgement (workspace_id, message_id, kind, sentiment, urgency, severity,
             language, shaming, sensitive, entities, reasons, model, judged_at)
           SELECT $1, id, 'complaint', -0.8, 'none', 3, 'en', '', '', '[]', '{}', 'shipped', $3
           FROM m""",
        cast.workspace_id, since, cast.time() - ago, people,
    )  # fmt: skip
    await rows(cast, "UPDATE conversation SET people = $2 WHERE id = $1", since, people)


async def test_a_flood_is_one_burst_and_one_alert_and_ends(cast: Cast) -> None:
    await take(cast, post("p1"))
    home = await home_of(cast, "p1")
    await rows(
        cast,
        """INSERT INTO message (workspace_id, id, conversation_id, direction, visibility,
             author_kind, author_name, author_handle, text, published_at, received_at)
           SELECT $1, gen_random_uuid(), $2, 'incoming', 'public', 'contact', 'x', 'x' || n % 3,
             'hello', at, at FROM generate_series($3::timestamptz - interval '3 days',
               $3::timestamptz - interval '1 hour', '5 minutes') WITH ORDINALITY AS s (at, n)""",
        cast.workspace_id, home, cast.time(),
    )  # fmt: skip
    await page_for_all(cast)
    await look(cast)
    assert await told(cast) == []

    cast.time.pass_(minutes=5)
    await flood(cast, home, MANY, timedelta(minutes=1))
    await look(cast)
    await look(cast)
    assert await told(cast) == [("burst.detected", "burst"), ("signal.detected", "thread")]
    found = [(row["cause"], row["count"], row["state"]) for row in await alerts(cast)]
    assert found == [("burst", 0, "raised"), ("thread", 1, "raised")]

    for _ in range(5):
        cast.time.pass_(seconds=STEP.total_seconds())
        await look(cast)
    assert sorted((await told(cast))[2:]) == [("burst.ended", "burst"), ("signal.ended", "thread")]
    assert {row["state"] for row in await alerts(cast)} == {"cleared"}


async def test_an_account_that_looks_like_ours_is_told_of_once(cast: Cast) -> None:
    await page_for_all(cast)
    await look(cast)
    cast.time.pass_(minutes=2)
    for n in range(3):
        who = Person("did:fake", "n0rthwind.example", "Care")
        await take(cast, post(f"f{n}", "Send me your card number", who))
    cast.time.pass_(seconds=1)
    await look(cast)
    assert await told(cast) == [("signal.detected", "look_alike")]
    [row] = await rows(cast, "SELECT * FROM signal")
    assert (row["reason"], row["authors"]) == ("Northwind", 1)
    assert "n0rthwind" not in row["key"]
    cast.time.pass_(days=1, minutes=5)
    await take(cast, post("f9", "And your PIN", Person("did:fake", "n0rthwind.example", "Care")))
    cast.time.pass_(seconds=1)
    await look(cast)
    assert (await told(cast))[1:] == [("signal.ended", "look_alike")], "nobody is told twice"


async def test_what_a_search_with_an_alert_finds_is_one_signal(cast: Cast) -> None:
    await page_for_all(cast)
    await look(cast)
    cast.time.pass_(minutes=2)
    searches = {alert: new_id() for alert in (True, False)}
    for alert, search_id in searches.items():
        await rows(
            cast,
            """INSERT INTO saved_search (workspace_id, id, name, query, channels, languages, alert,
                 is_on, created_at) VALUES ($1, $2, 'Our name', 'x', '{}', '{}', $3, true, $4)""",
            cast.workspace_id, search_id, alert, cast.time(),
        )  # fmt: skip
    await rows(
        cast,
        """INSERT INTO mention (workspace_id, id, channel_id, network, external_id, search_ids,
             author_external_id, author_handle, author_name, author_avatar, text, language, url,
             post, kind, sentiment, severity, state, published_at, found_at)
           SELECT $1, gen_random_uuid(), $2, 'rehearsal', n::text, $3, 'a' || n % 5, 'a', 'A', '',
             'Northwind!', 'en', '', '{}', 'question', 0, 4, 'new', $4, $4
           FROM generate_series(1, 50) AS n""",
        cast.workspace_id, cast.channel.id, list(searches.values()),
        cast.time() - timedelta(seconds=1),
    )  # fmt: skip
    await look(cast)
    assert await told(cast) == [("signal.detected", "name_said")]
    [row] = await rows(cast, "SELECT * FROM signal")
    assert (row["key"], row["reason"], row["authors"]) == (searches[True], "Our name", 5)
    [alert] = await alerts(cast)
    assert (alert["cause"], alert["state"]) == ("name_said", "raised")
    await rows(cast, "UPDATE mention SET state = 'dismissed'")
    cast.time.pass_(minutes=2)
    await look(cast)
    assert (await told(cast))[1:] == [("signal.ended", "name_said")]
    assert [row["state"] for row in await alerts(cast)] == ["cleared"]


FAMOUS = Person("did:star", "star.example", "Star", followers=250_000)
KNOWN = Person("did:known", "known.example", "Known", followers=99_999)


async def test_a_person_of_note_is_told_of_once_a_day(cast: Cast) -> None:
    await page_for_all(cast)
    await look(cast)
    cast.time.pass_(minutes=2)
    for n in range(3):
        await take(cast, post(f"s{n}", f"@Northwind where is my parcel {n}?", FAMOUS))
    await take(cast, post("k", "@Northwind hello", KNOWN))
    cast.time.pass_(seconds=1)
    await look(cast)
    assert await told(cast) == [("signal.detected", "person_of_note")]
    [row] = await rows(cast, "SELECT * FROM signal")
    assert (row["reason"], row["conversation_id"]) == (
        "250,000 follow them",
        await home_of(cast, "s0"),
    )
    assert "star" not in f"{row['key']} {row['reason']}"
    [alert] = await alerts(cast)
    assert (alert["cause"], alert["count"]) == ("person_of_note", 1)
    cast.time.pass_(days=1, minutes=5)
    await look(cast)
    await take(cast, post("s9", "@Northwind still nothing", FAMOUS))
    cast.time.pass_(minutes=2)
    await look(cast)
    assert [what for what, _ in await told(cast)] == [
        "signal.detected", "signal.ended", "signal.detected",
    ]  # fmt: skip


async def test_who_is_of_note_is_for_an_owner_to_say(cast: Cast) -> None:
    await look(cast)
    for least, many in ((0, 0), (250_001, 0), (99_999, 2)):
        await rows(
            cast,
            """UPDATE workspace
               SET settings = settings || jsonb_build_object('note_followers', $1::int)""",
            least,
        )
        cast.time.pass_(minutes=2)
        await take(cast, post(f"s{least}", "@Northwind hello", FAMOUS))
        await take(cast, post(f"k{least}", "@Northwind hello", KNOWN))
        cast.time.pass_(seconds=1)
        await look(cast)
        assert len(await told(cast)) == many


async def test_a_person_of_note_who_speaks_of_us_is_told_of_too(cast: Cast) -> None:
    await look(cast)
    cast.time.pass_(minutes=2)
    await rows(
        cast,
        """INSERT INTO mention (workspace_id, id, channel_id, network, external_id, search_ids,
             author_external_id, author_handle, author_name, author_avatar, text, language, url,
             post, kind, sentiment, severity, state, published_at, found_at, author_followers)
           SELECT $1, gen_random_uuid(), $2, 'rehearsal', n::text, '{}', 'a' || n % 2, 'a', 'A', '',
             'Northwind!', 'en', '', '{}', 'question', 0, 4, 'new', $3, $3, 100000 - n % 2
           FROM generate_series(1, 10) AS n""",
        cast.workspace_id, cast.channel.id, cast.time() - timedelta(seconds=1),
    )  # fmt: skip
    await look(cast)
    assert await told(cast) == [("signal.detected", "person_of_note")]
    [row] = await rows(cast, "SELECT * FROM signal")
    assert (row["inbox_id"], row["conversation_id"]) == (cast.channel.inbox_id, None)


async def test_how_many_follow_somebody_is_kept_where_it_changes_much(cast: Cast) -> None:
    async def followers() -> Any:
        [row] = await rows(cast, "SELECT followers FROM contact_handle WHERE handle = 'a.example'")
        return row["followers"]

    for n, (said, kept) in enumerate(
        [(None, None), (1000, 1000), (1100, 1000), (1500, 1500), (None, 1500), (0, 0)]
    ):
        await take(
            cast, post(f"p{n}", "@Northwind hi", Person("a", "a.example", "A", followers=said))
        )
        assert await followers() == kept
