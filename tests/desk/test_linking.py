"""One person, several handles: proved by a code, agreed to in words, never guessed, parted."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from earful.contacts.links import MOST, Link
from earful.desk import linking
from earful.desk.link_codes import A_DAY, codes_in, make_code
from earful.desk.preferring import prefer
from earful.desk.privacy import erase_person, export_person, export_whole
from earful.desk.redeeming import TRIES
from earful.intake import returned
from earful.intake.receive import receive
from earful.kit.refusal import NotFound, Refused
from earful.networks.contract import Person, Published, Receipt, Visibility
from earful.outbox import outcome
from tests.cast import CAROL, DAVE, Cast, batch, gather, post
from tests.desk.acts import answer, balanced, card_of, home_of, rows, take
from tests.desk.salon import move_in

ERIN = Person("did:erin", "erin.example", "Erin")
DIRECT: dict[str, Any] = {"visibility": Visibility.DIRECT}


@pytest.fixture(autouse=True)
async def salon(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    return await move_in(cast, monkeypatch)


async def told_by(cast: Cast, who: Person) -> str:
    """Their conversation with us in private, begun if there is none."""
    await take(cast, post(f"hello-{who.external_id}", "hello", who, **DIRECT))
    return await home_of(cast, f"hello-{who.external_id}")


async def contact(cast: Cast, who: Person) -> str:
    """Whose contact they are."""
    [row] = await rows(
        cast,
        "SELECT contact_id FROM contact_handle WHERE workspace_id = $1 AND external_id = $2",
        cast.workspace_id,
        who.external_id,
    )
    found: str = row["contact_id"]
    return found


async def code_for(cast: Cast, home: str) -> str:
    """Bob makes a code for whose conversation it is."""
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        return (await make_code(work, await card_of(cast, home), str(cast.bob.id))).code


async def sent_to(cast: Cast, who: Person) -> str:
    """A code that was sent to them in private."""
    home = await told_by(cast, who)
    code = await code_for(cast, home)
    sent = await answer(cast, home, f"Send us {code} from your other account", undo_for=0)
    async with cast.works.open(cast.workspace_id) as work:
        await outcome.sent(work, sent, Receipt((Published(f"o-{code}", "", "", {}),)))
    return code


async def people(cast: Cast, who: Person) -> set[str]:
    """The external ids of all accounts of theirs."""
    found = await rows(
        cast,
        """SELECT external_id FROM contact_handle
           WHERE workspace_id = $1 AND contact_id = ANY(same_person($1, $2))""",
        cast.workspace_id,
        await contact(cast, who),
    )
    return {row["external_id"] for row in found}


async def link_of(cast: Cast) -> Any:
    [row] = await rows(cast, "SELECT * FROM contact_link")
    return row


async def history(cast: Cast) -> list[str]:
    found = await rows(
        cast, "SELECT text FROM message WHERE direction = 'activity' ORDER BY received_at, id"
    )
    return [row["text"] for row in found]


async def kinds(cast: Cast) -> list[str]:
    found = await rows(
        cast, "SELECT kind FROM event WHERE kind ~ '^(link|contact)[.]' ORDER BY seq"
    )
    return [row["kind"] for row in found]


async def acts(cast: Cast) -> list[str]:
    found = await rows(cast, "SELECT act FROM audit WHERE act ~ '^link' ORDER BY seq")
    return [row["act"] for row in found]


def test_what_has_the_shape_of_a_code() -> None:
    assert codes_in("it is ab2d-EFGH, thanks") == ["AB2D-EFGH"]
    assert codes_in("AB2D-EFGH AB2D-EFGH\nWXYZ-2345") == ["AB2D-EFGH", "WXYZ-2345"]
    for other in (
        "AB2DEFGH",
        "well-done and make-sure",  # words: a code has a digit
        "ABCD-EFGH",
        "1B2D-EF0H",  # no 1 and no 0 in a code
        "XAB2D-EFGH",
        "AB2D-EFGHX",
        "019ab2d-EFGH-4711",  # a piece of an id
    ):
        assert codes_in(other) == []
    assert len(codes_in(" ".join(f"AB2D-EFG{one}" for one in "ABCDEFGH"))) == 5


async def test_a_code_sent_to_one_and_entered_by_the_other_links_them(cast: Cast) -> None:
    code = await sent_to(cast, CAROL)
    await take(cast, post("2", f"here: {code.lower()}!", DAVE, **DIRECT))
    assert await people(cast, CAROL) == await people(cast, DAVE) == {"did:carol", "did:dave"}
    link = await link_of(cast)
    assert (link["state"], link["how"], link["agent_id"]) == ("linked", "code", cast.bob.id)
    [ours, theirs] = await rows(
        cast,
        "SELECT text FROM message WHERE id = ANY($1) ORDER BY direction DESC",
        link["messages"],
    )
    assert code in ours["text"]
    assert code.lower() in theirs["text"]
    assert await kinds(cast) == ["link.made", "link.made"]
    assert await acts(cast) == ["link.code_made", "link.made"]
    [line] = await rows(cast, "SELECT * FROM audit WHERE act = 'link.made'")
    assert (line["actor_kind"], line["actor_id"]) == ("contact", await contact(cast, DAVE))
    assert all("example" not in text for text in await history(cast))
    await balanced(cast)


async def refuses(cast: Cast, code: str, who: Person = DAVE, **more: Any) -> None:
    """What they send links nobody."""
    await take(cast, post(f"try-{code}-{len(await history(cast))}", code, who, **(DIRECT | more)))
    assert await people(cast, who) == {who.external_id}


async def test_a_wrong_an_old_a_spent_and_a_replaced_code_link_nobody(cast: Cast) -> None:
    first = await sent_to(cast, CAROL)
    await refuses(cast, "AB2D-EFGH")
    second = await sent_to(cast, CAROL)
    await refuses(cast, first)
    cast.time.pass_(hours=24)
    await refuses(cast, second)
    third = await sent_to(cast, CAROL)
    await take(cast, post("good", third, DAVE, **DIRECT))
    assert await people(cast, CAROL) == {"did:carol", "did:dave"}
    await refuses(cast, third, ERIN)


async def test_a_code_that_was_never_sent_proves_nothing(cast: Cast) -> None:
    home = await told_by(cast, CAROL)
    unsent = await code_for(cast, home)
    await refuses(cast, unsent)
    undone = await code_for(cast, home)
    waiting = await answer(cast, home, f"Send us {undone}", undo_for=60)
    assert waiting.state == "queued"
    await refuses(cast, undone)


async def test_who_guesses_is_not_listened_to_for_a_day(cast: Cast) -> None:
    await sent_to(cast, CAROL)
    for number in range(TRIES):
        await refuses(cast, f"AB2D-EFG{'ABCDEFGH'[number]}")
    cast.time.pass_(hours=23)
    await refuses(cast, await sent_to(cast, CAROL))
    cast.time.pass_(hours=1)
    await take(cast, post("good", await sent_to(cast, CAROL), DAVE, **DIRECT))
    assert await people(cast, CAROL) == {"did:carol", "did:dave"}


async def test_a_code_of_another_workspace_is_none_here(cast: Cast) -> None:
    code = await sent_to(cast, CAROL)
    other = await gather(cast.database, "Southwind")
    other.channel = type(cast.channel)(
        other.channel.id, cast.channel.network, other.channel.inbox_id, "Southwind", "Southwind"
    )
    await receive(
        other.works, other.workspace_id, other.channel, batch(post("2", code, DAVE, **DIRECT))
    )
    assert await people(other, DAVE) == {"did:dave"}
    assert await rows(cast, "SELECT * FROM contact_link") == []


async def test_a_code_posted_in_public_counts_no_more(cast: Cast) -> None:
    code = await sent_to(cast, CAROL)
    await take(cast, post("2", f"@Northwind {code}", CAROL))
    await refuses(cast, code)
    assert [one for one in await history(cast) if "in public" in one]
    again = await sent_to(cast, CAROL)
    await refuses(cast, again, DAVE, visibility=Visibility.PUBLIC)
    await refuses(cast, again, ERIN)


async def test_a_code_from_the_same_account_proves_nothing_and_stays_good(cast: Cast) -> None:
    code = await sent_to(cast, CAROL)
    await refuses(cast, code, CAROL)
    await take(cast, post("2", code, DAVE, **DIRECT))
    assert await people(cast, CAROL) == {"did:carol", "did:dave"}


async def test_a_mail_can_be_forged_so_its_code_links_nobody(cast: Cast) -> None:
    code = await sent_to(cast, CAROL)
    await refuses(cast, code, DAVE, visibility=Visibility.EMAIL)
    assert "sender can be forged" in (await history(cast))[-1]
    assert await kinds(cast) == ["link.refused"]


async def test_what_a_machine_answers_is_no_proof(cast: Cast) -> None:
    code = await sent_to(cast, CAROL)
    await refuses(cast, code, DAVE, automatic="out of office")


async def test_a_code_is_made_in_private_for_one_alone_and_not_endlessly(cast: Cast) -> None:
    await take(cast, post("1"))
    with pytest.raises(Refused, match="Everybody could read"):
        await code_for(cast, await home_of(cast, "1"))
    home = await told_by(cast, CAROL)
    for _ in range(A_DAY):
        await code_for(cast, home)
    with pytest.raises(Refused, match="10 codes within a day"):
        await code_for(cast, home)
    await take(cast, post("2", "me too", DAVE, parent_id="hello-did:carol", **DIRECT))
    with pytest.raises(Refused, match="Several people"):
        await code_for(cast, home)


async def test_codes_are_kept_under_a_key(cast: Cast) -> None:
    code = await sent_to(cast, CAROL)
    [row] = await rows(cast, "SELECT l::text AS line FROM link_code l")
    assert code not in row["line"]
    assert re.fullmatch(r"[A-HJKMNP-Z2-9]{4}-[A-HJKMNP-Z2-9]{4}", code)


async def test_a_chain_stands_together_and_a_circle_is_no_harm(cast: Cast) -> None:
    await take(cast, post("b", await sent_to(cast, CAROL), DAVE, **DIRECT))
    await take(cast, post("c", await sent_to(cast, DAVE), ERIN, **DIRECT))
    assert await people(cast, CAROL) == {"did:carol", "did:dave", "did:erin"}
    await take(cast, post("a", await sent_to(cast, ERIN), CAROL, **DIRECT))
    assert len(await rows(cast, "SELECT * FROM contact_link")) == 2
    assert await people(cast, DAVE) == {"did:carol", "did:dave", "did:erin"}


async def test_no_more_than_twenty_stand_together(cast: Cast) -> None:
    crowd = [Person(f"did:{n}", f"n{n}.example", f"N{n}") for n in range(MOST - 1)]
    for number, who in enumerate(crowd):
        cast.time.pass_(hours=number and 3)
        await take(cast, post(f"c{number}", await sent_to(cast, CAROL), who, **DIRECT))
    assert len(await people(cast, CAROL)) == MOST
    await refuses(cast, await sent_to(cast, CAROL), DAVE)
    assert "At most 20 accounts" in (await history(cast))[-1]


async def test_of_two_who_send_it_at_once_one_is_linked(cast: Cast) -> None:
    code = await sent_to(cast, CAROL)
    await told_by(cast, DAVE)
    await told_by(cast, ERIN)
    await asyncio.gather(
        take(cast, post("2", code, DAVE, **DIRECT)), take(cast, post("3", code, ERIN, **DIRECT))
    )
    assert len(await people(cast, CAROL)) == 2
    assert (await link_of(cast))["state"] == "linked"


async def test_killed_in_between_nothing_is_linked_and_the_code_is_still_good(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await sent_to(cast, CAROL)

    async def die(*_: Any) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(returned, "take_back", die)
        with pytest.raises(asyncio.CancelledError):
            await take(cast, post("2", code, DAVE, **DIRECT))
    assert await rows(cast, "SELECT * FROM contact_link") == []
    await take(cast, post("2", code, DAVE, **DIRECT))
    assert await people(cast, CAROL) == {"did:carol", "did:dave"}


class Asked:
    """Counts the statements of a batch by a word in them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.about_codes = 0
        real = asyncpg.Connection.fetchval

        async def fetchval(connection: Any, sql: str, *args: Any, **more: Any) -> Any:
            self.about_codes += "link_code" in sql
            return await real(connection, sql, *args, **more)

        monkeypatch.setattr(asyncpg.Connection, "fetchval", fetchval)


async def test_what_looks_like_no_code_asks_the_database_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Asked(monkeypatch)
    await take(cast, post("1", "a well-known thing - no code", **DIRECT))
    assert asked.about_codes == 0
    await take(cast, post("2", "order AB2D-EFGH", **DIRECT))
    assert asked.about_codes == 1
    assert await rows(cast, "SELECT * FROM link_guess") == []


async def said(cast: Cast, who: Person, text: str, **more: Any) -> str:
    """They say something in private. Returns the message's id."""
    external_id = f"said-{who.external_id}-{text}"
    await take(cast, post(external_id, text, who, **(DIRECT | more)))
    [row] = await rows(cast, "SELECT id FROM message WHERE external_id = $1", external_id)
    found: str = row["id"]
    return found


async def propose(cast: Cast, one: Person, other: Person, *messages: str) -> Link:
    """Bob proposes it."""
    pair = await contact(cast, one), await contact(cast, other)
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        return await linking.propose(work, *pair, list(messages), None)


async def confirm(cast: Cast, link: Link) -> Link:
    """Alice, who leads, confirms it."""
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        return await linking.confirm(work, link.id, None)


async def end(cast: Cast, link_id: str, *, lead: bool = True) -> Link:
    async with cast.works.open(cast.workspace_id, cast.alice if lead else cast.bob) as work:
        return await linking.end(work, link_id, may_part=lead)


async def test_both_say_so_an_agent_proposes_a_lead_confirms(cast: Cast) -> None:
    carol = await said(cast, CAROL, "I am dave.example, too")
    await told_by(cast, DAVE)
    proposed = await propose(cast, CAROL, DAVE, carol)
    assert await people(cast, CAROL) == {"did:carol"}
    with pytest.raises(Refused, match="Only one of the accounts"):
        await confirm(cast, proposed)
    dave = await said(cast, DAVE, "yes, carol.example is me")
    again = await propose(cast, DAVE, CAROL, dave)
    assert (again.id, again.state, again.messages) == (proposed.id, "proposed", [carol, dave])
    made = await confirm(cast, proposed)
    assert (made.state, made.how) == ("linked", "agreement")
    assert (made.agent_id, made.confirmed_by) == (cast.bob.id, cast.alice.id)
    assert await people(cast, DAVE) == {"did:carol", "did:dave"}
    assert await acts(cast) == ["link.proposed", "link.proposed", "link.made"]
    with pytest.raises(Refused, match="no proposal any more"):
        await confirm(cast, proposed)


async def test_nobody_is_linked_by_guess(cast: Cast) -> None:
    carol = await said(cast, CAROL, "I am dave.example, too")
    await told_by(cast, DAVE)
    with pytest.raises(Refused, match="nobody is guessed"):
        await propose(cast, CAROL, DAVE)
    with pytest.raises(NotFound):  # words of somebody else
        await propose(cast, CAROL, DAVE, await said(cast, ERIN, "they are one, I know it"))
    ours = await answer(cast, await home_of(cast, "hello-did:dave"), "You are Carol")
    with pytest.raises(NotFound):
        await propose(cast, CAROL, DAVE, ours.message_id)
    cast.time.pass_(days=30)
    with pytest.raises(Refused, match="30 days"):
        await propose(cast, CAROL, DAVE, carol)
    with pytest.raises(Refused, match="together already"):
        await propose(cast, CAROL, CAROL, carol)


async def test_words_taken_back_are_no_consent(cast: Cast) -> None:
    carol = await said(cast, CAROL, "I am dave.example, too")
    dave = await said(cast, DAVE, "yes")
    proposed = await propose(cast, CAROL, DAVE, carol, dave)
    async with cast.database.acquire() as db:
        await db.execute("UPDATE message SET deleted_at = now() WHERE id = $1", dave)
    with pytest.raises(Refused, match="Only one of the accounts"):
        await confirm(cast, proposed)


async def test_a_proposal_is_withdrawn_and_a_link_parted_each_as_it_was(cast: Cast) -> None:
    carol, dave = await said(cast, CAROL, "me too"), await said(cast, DAVE, "yes")
    proposed = await propose(cast, CAROL, DAVE, carol, dave)
    assert (await end(cast, proposed.id, lead=False)).state == "withdrawn"
    proposed = await propose(cast, CAROL, DAVE, carol, dave)
    await confirm(cast, proposed)
    with pytest.raises(Refused, match="Leads and owners"):
        await end(cast, proposed.id, lead=False)
    assert (await end(cast, proposed.id)).state == "parted"
    with pytest.raises(Refused, match="over already"):
        await end(cast, proposed.id)
    assert await people(cast, CAROL) == {"did:carol"}
    assert await people(cast, DAVE) == {"did:dave"}
    assert (await kinds(cast))[-2:] == ["link.parted", "link.parted"]
    assert (await acts(cast))[-1] == "link.parted"
    await balanced(cast)


async def test_a_code_makes_a_proposal_good(cast: Cast) -> None:
    await told_by(cast, CAROL)
    dave = await said(cast, DAVE, "I am Carol")
    proposed = await propose(cast, CAROL, DAVE, dave)
    await take(cast, post("2", await sent_to(cast, CAROL), DAVE, **DIRECT))
    link = await link_of(cast)
    assert (link["id"], link["state"], link["how"]) == (proposed.id, "linked", "code")


async def test_what_one_wishes_counts_for_all_their_accounts(cast: Cast) -> None:
    await told_by(cast, CAROL)
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        with pytest.raises(Refused, match="no account there"):
            await prefer(work, await contact(cast, CAROL), "elsewhere")
        await prefer(work, await contact(cast, CAROL), cast.channel.network)
    await take(cast, post("2", await sent_to(cast, CAROL), DAVE, **DIRECT))
    wishes = await rows(cast, "SELECT preferred FROM contact")
    assert {row["preferred"] for row in wishes} == {cast.channel.network}
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        await prefer(work, await contact(cast, DAVE), "")
    assert {row["preferred"] for row in await rows(cast, "SELECT preferred FROM contact")} == {""}
    assert (await kinds(cast)).count("contact.preferred") == 2


async def test_export_of_one_names_its_links_and_of_all_tells_all(cast: Cast) -> None:
    await take(cast, post("2", await sent_to(cast, CAROL), DAVE, **DIRECT))
    carol, dave = await contact(cast, CAROL), await contact(cast, DAVE)
    async with cast.database.acquire() as db:
        one = await export_person(db, cast.workspace_id, carol)
        whole = await export_whole(db, cast.workspace_id, carol)
    [link] = one["links"]
    assert (link["other_id"], link["how"]) == (dave, "code")
    assert [handle["external_id"] for handle in one["handles"]] == ["did:carol"]
    assert "others" not in one
    [other] = whole["others"]
    assert [handle["external_id"] for handle in other["handles"]] == ["did:dave"]


async def test_erasing_one_parts_what_stood_together_through_it(cast: Cast) -> None:
    await take(cast, post("b", await sent_to(cast, CAROL), DAVE, **DIRECT))
    await take(cast, post("c", await sent_to(cast, DAVE), ERIN, **DIRECT))
    await sent_to(cast, DAVE)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await erase_person(work, await contact(cast, DAVE))
    assert await rows(cast, "SELECT * FROM contact_link") == []
    assert await people(cast, CAROL) == {"did:carol"}
    assert await people(cast, ERIN) == {"did:erin"}
    assert (await kinds(cast)).count("link.parted") == 2
    [left] = await rows(cast, "SELECT count(*) AS n FROM link_code k JOIN contact c ON c.id = "
                              "k.contact_id WHERE c.name = 'Erased'")  # fmt: skip
    assert left["n"] == 0
    await balanced(cast)


async def test_the_erased_are_linked_to_nobody(cast: Cast) -> None:
    dave = await said(cast, DAVE, "I am Carol")
    await told_by(cast, CAROL)
    carol = await contact(cast, CAROL)
    async with cast.works.open(cast.workspace_id, cast.alice) as work:
        await erase_person(work, carol)
    async with cast.works.open(cast.workspace_id, cast.bob) as work:
        with pytest.raises(NotFound):
            await linking.propose(work, carol, await contact(cast, DAVE), [dave], None)


async def test_a_code_that_comes_by_an_edit_counts_as_one_that_was_written(cast: Cast) -> None:
    code = await sent_to(cast, CAROL)
    await take(cast, post("2", "which code?", DAVE, **DIRECT))
    for number, text in enumerate((f"here: {code}", f"here it is: {code}"), 1):
        edited = cast.time() + timedelta(seconds=number)
        await take(cast, post("2", text, DAVE, edited_at=edited, **DIRECT))
    assert await people(cast, CAROL) == {"did:carol", "did:dave"}
    again = await sent_to(cast, CAROL)
    await take(cast, post("3", "hello", ERIN))
    cast.time.pass_(seconds=5)
    await take(cast, post("3", f"hello {again}", ERIN, edited_at=cast.time()))
    await refuses(cast, again, ERIN)
    assert [one for one in await history(cast) if "in public" in one]


async def test_an_edit_that_leaves_a_wrong_code_standing_is_no_further_try(cast: Cast) -> None:
    await sent_to(cast, CAROL)
    for number in range(TRIES + 1):
        edited = cast.time() + timedelta(seconds=number) if number else None
        await take(cast, post("2", f"AB2D-EFGH{'!' * number}", DAVE, edited_at=edited, **DIRECT))
    await take(cast, post("good", await sent_to(cast, CAROL), DAVE, **DIRECT))
    assert await people(cast, CAROL) == {"did:carol", "did:dave"}
