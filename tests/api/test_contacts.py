"""Export and erasure over the API: leads and owners only, audited, listed beside the database."""

from __future__ import annotations

from datetime import timedelta

from earful.desk.erasures import read_erasures
from earful.networks.contract import Person
from earful.settings import Settings
from earful.store.erasure_copies import FILE
from tests.api.client import Client
from tests.cast import DAVE, Cast, post
from tests.desk.acts import card_of, home_of, rows, take


async def carol(cast: Cast) -> str:
    await take(cast, post("p1", "@Northwind where is my parcel"))
    return (await card_of(cast, await home_of(cast, "p1"))).contact.id


async def test_an_owner_exports_and_erases(cast: Cast, alice: Client, settings: Settings) -> None:
    contact_id = await carol(cast)
    told = (await alice.get(f"/contacts/{contact_id}/export")).json()
    assert [one["text"] for one in told["messages"]] == ["@Northwind where is my parcel"]
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    erased = await alice.delete(f"/contacts/{contact_id}")
    assert erased.json() == {"messages": 1, "conversations": 1, "handles": 1, "pictures": 0}
    [listed] = read_erasures(settings.data_dir / FILE)
    assert listed.contact_id == contact_id
    acts = [row["act"] for row in await rows(cast, "SELECT act FROM audit ORDER BY seq")]
    assert acts == ["contact.exported", "contact.erased"]
    [message] = await rows(cast, "SELECT text, author_name FROM message")
    assert (message["text"], message["author_name"]) == ("", "Erased")


async def test_of_somebody_erased_nothing_new_is_kept(
    cast: Cast, alice: Client, bob: Client, settings: Settings
) -> None:
    """Whoever looks at an old page of theirs is told so, and their conversation can be ended."""
    contact_id = await carol(cast)
    home = await home_of(cast, "p1")
    await take(cast, post("p2", "and mine?", DAVE))
    other = await home_of(cast, "p2")
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    await alice.delete(f"/contacts/{contact_id}")
    due = (cast.time.now + timedelta(days=1)).isoformat()
    person, theirs = f"/contacts/{contact_id}", f"/conversations/{home}"
    for method, path, body in (
        ("PUT", f"{person}/tags/vip", None),
        ("PUT", f"{person}/left-alone", None),
        ("PUT", f"{person}/preference", {"network": "rehearsal"}),
        ("PUT", f"{person}/zone", {"zone": "Asia/Tokyo"}),
        ("POST", f"{theirs}/notes", {"text": "That was Carol Diaz."}),
        ("POST", f"{theirs}/promises", {"words": "refund", "due_at": due}),
        ("PUT", f"{theirs}/follow-up", {"due_at": due}),
        ("PUT", f"{theirs}/summary", {"text": "Carol's parcel"}),
        ("PUT", f"{theirs}/tags/carol", None),
        ("PUT", f"{theirs}/draft", {"text": "Dear Carol"}),
        ("POST", f"{theirs}/merge", {"into": other}),
        ("POST", f"/conversations/{other}/merge", {"into": home}),
    ):
        answer = await bob.ask(method, path, body)
        assert (answer.status_code, answer.json()["type"]) == (409, "erased"), (path, answer.text)
    assert (await alice.get(f"{person}/export")).json()["tags"] == []
    assert (await bob.get(theirs)).json()["contact"]["erased"] is True
    assert (await bob.get(f"/conversations/{other}")).json()["contact"]["erased"] is False
    assert (await bob.put(f"{theirs}/assignee", {"agent_id": str(cast.bob.id)})).status_code == 200
    assert (await bob.post(f"/conversations/{other}/notes", {"text": "hm"})).status_code == 201
    await take(cast, post("p3", "it is me again"))
    assert (await card_of(cast, await home_of(cast, "p3"))).contact.id != contact_id


async def test_where_they_live_is_noted_told_and_forgotten(
    cast: Cast, alice: Client, bob: Client, settings: Settings
) -> None:
    contact_id = await carol(cast)
    path, home = f"/contacts/{contact_id}/zone", await home_of(cast, "p1")
    noted = await bob.put(path, {"zone": "Asia/Tokyo"})
    assert noted.json()["zone"] == "Asia/Tokyo"
    assert (await bob.get(f"/conversations/{home}")).json()["contact"]["zone"] == "Asia/Tokyo"
    for wrong in ("Mars/Base", "+09:00", "'; DROP TABLE contact", "x" * 5000):
        answer = await bob.put(path, {"zone": wrong})
        assert (answer.status_code, answer.json()["type"]) == (422, "invalid"), answer.text
    exported = (await alice.get(f"/contacts/{contact_id}/export")).json()
    assert exported["contact"]["zone"] == "Asia/Tokyo"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    await alice.delete(f"/contacts/{contact_id}")
    assert [row["zone"] for row in await rows(cast, "SELECT zone FROM contact")] == [""]


async def test_how_many_follow_them_is_told_where_it_is_known(
    cast: Cast, bob: Client, eve: Client
) -> None:
    for key, followers in (("star", 210_000), ("moon", None)):
        who = Person(f"did:{key}", f"{key}.example", key.title(), followers=followers)
        more = {"parent_id": "star", "root_id": "star"} if key == "moon" else {}
        await take(cast, post(key, "@Northwind hello", who, **more))
    home = await home_of(cast, "star")
    [handle] = (await bob.get(f"/conversations/{home}")).json()["contact"]["handles"]
    assert handle["followers"] == 210_000
    reach = await bob.get(f"/conversations/{home}/audience")
    assert reach.json() == {"followers": 210_000, "known": 1, "people": 2}
    assert (await eve.get(f"/conversations/{home}/audience")).status_code == 404


async def test_with_others_in_it_a_conversation_goes_on(
    cast: Cast, alice: Client, bob: Client, settings: Settings
) -> None:
    contact_id = await carol(cast)
    home = await home_of(cast, "p1")
    await take(cast, post("p2", "same here", DAVE, parent_id="p1"))
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    await alice.delete(f"/contacts/{contact_id}")
    assert (await bob.post(f"/conversations/{home}/notes", {"text": "Dave waits"})).is_success
    assert (await bob.post(f"/conversations/{home}/replies", {"text": "We look"})).is_success


async def test_nobody_else_may(cast: Cast, bob: Client, eve: Client) -> None:
    contact_id = await carol(cast)
    assert (await bob.get(f"/contacts/{contact_id}/export")).status_code == 403
    assert (await bob.delete(f"/contacts/{contact_id}")).status_code == 403
    assert (await eve.get(f"/contacts/{contact_id}/export")).status_code == 404
    assert (await eve.delete(f"/contacts/{contact_id}")).status_code == 404


async def test_a_person_is_found_by_how_her_handle_or_name_begins(
    cast: Cast, alice: Client, bob: Client, eve: Client
) -> None:
    contact_id = await carol(cast)
    for begins in ("@Carol.ex", "carol d", "CAROL"):
        [found] = (await alice.get("/contacts", params={"q": begins})).json()
        assert (found["id"], found["conversations"]) == (contact_id, 1)
        assert found["handles"] == ["rehearsal @carol.example"]
    for other in ("", "%", "_arol", "diaz", "x\x00"):
        assert (await alice.get("/contacts", params={"q": other})).json() == []
    assert (await bob.get("/contacts", params={"q": "carol"})).status_code == 403
    assert (await eve.get("/contacts", params={"q": "carol"})).json() == []


async def test_whoever_is_called_exactly_so_comes_before_any_number_who_only_begin_alike(
    cast: Cast, alice: Client
) -> None:
    crowd = [Person(f"id-{n}", f"fernandez{n:02}", f"Adam Fern{n:02}") for n in range(60)]
    await take(cast, *(post(f"f{n}", "hello", who) for n, who in enumerate(crowd)))
    await take(cast, post("exact", "me too", Person("id-fern", "Fern", "Zoe")))
    found = (await alice.get("/contacts", params={"q": "@fern"})).json()
    assert (found[0]["name"], found[0]["handles"], len(found)) == ("Zoe", ["rehearsal @Fern"], 20)
