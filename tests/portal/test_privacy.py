"""What the portal keeps of a person is handed over, erased, and forgotten with her conversation."""

from __future__ import annotations

from earful.desk.privacy import erase_person, export_person
from earful.desk.retention import Retention, Terms, forget
from tests.desk.acts import answer, rows
from tests.portal.conftest import Desk, Visitor
from tests.portal.test_pages import png

TABLES = ("portal_thread", "portal_link", "portal_message")


async def left(desk: Desk) -> list[int]:
    return [len(await rows(desk.cast, f"SELECT 1 FROM {table}")) for table in TABLES]  # noqa: S608


async def test_export_and_erasure_take_the_portal_along(desk: Desk, visitor: Visitor) -> None:
    files = [("pictures", ("a.png", png(), "image/png"))]
    sent = await visitor.write("me", files=files, email="carol@example.org", name="Carol")
    [contact] = await rows(desk.cast, "SELECT contact_id AS id FROM contact_handle")
    async with desk.cast.database.acquire() as db:
        told = await export_person(db, desk.cast.workspace_id, contact["id"])
    assert [talk["email"] for talk in told["portal"]] == ["carol@example.org"]
    async with desk.cast.works.open(desk.cast.workspace_id) as work:
        erased = await erase_person(work, contact["id"])
    assert len(erased.files) == 1
    assert await left(desk) == [0, 0, 0]
    assert await rows(desk.cast, "SELECT 1 FROM media WHERE source = 'portal'") == []
    assert (await visitor.http.get(sent.headers["location"])).status_code == 404
    [portal] = await rows(desk.cast, "SELECT t::text AS line FROM portal t")
    assert "Carol" not in portal["line"]


async def test_an_answer_to_the_erased_is_refused_in_words(desk: Desk, visitor: Visitor) -> None:
    await visitor.write("me")
    [card] = await rows(desk.cast, "SELECT id FROM conversation")
    delivery = await answer(desk.cast, card["id"], "too late")
    async with desk.cast.database.acquire() as db:
        await db.execute("DELETE FROM portal_thread")
    await desk.send_out()
    [row] = await rows(desk.cast, "SELECT state, error FROM delivery")
    assert row["state"] == "failed"
    assert "was erased" in row["error"]
    assert delivery.id


async def test_what_is_old_and_settled_is_forgotten_and_what_waits_stays(
    desk: Desk, visitor: Visitor
) -> None:
    await visitor.write("old and settled")
    [card] = await rows(desk.cast, "SELECT id FROM conversation")
    await answer(desk.cast, card["id"], "There you are", then="resolve")
    await desk.send_out()
    await visitor.write("old and waiting")
    desk.cast.time.pass_(days=40)
    rules = Retention(default=Terms(messages_days=30))
    async with desk.cast.works.open(desk.cast.workspace_id) as work:
        await forget(work, rules=rules)
    texts = await rows(desk.cast, "SELECT text FROM portal_message")
    assert [row["text"] for row in texts] == ["old and waiting"]
