"""An event names a post's pictures without saying where they lie: the post is asked for, once."""

from __future__ import annotations

import msgspec

from earful.networks.contract import Call, Post
from earful.networks.x.hook import SIGNATURE, sign
from earful.networks.x.simulator import stage
from earful.networks.x.simulator.events import of_post
from earful.networks.x.simulator.faults import Fault
from tests.networks.x.bench import Bench


def called(bench: Bench, text: str, *alts: str) -> Call:
    """X's call with the event of such a post, which mentions us."""
    line = stage.Line(by="carol", text=text, alts=alts)
    post = stage.post(bench.world, line)
    kind, user, payload, includes = next(
        told for told in of_post(bench.world, post) if told[0] == "post.mention.create"
    )
    event = {"event_type": kind, "event_uuid": post.id, "filter": {"user_id": user}}
    body = msgspec.json.encode({"data": {**event, "payload": payload, "includes": includes}})
    signed = sign(bench.secrets["consumer_secret"].encode(), body)
    return Call("POST", {SIGNATURE: signed}, {}, body)


async def heard(bench: Bench, call: Call) -> Post:
    """The post that a call brings."""
    answer = await bench.open().hear(call)
    assert answer.batch is not None
    [post] = answer.batch.changes
    assert isinstance(post, Post)
    return post


async def test_the_pictures_of_an_event_are_looked_up(bench: Bench) -> None:
    post = await heard(bench, called(bench, "@Northwind look", "a broken router"))
    assert [each.alt for each in post.attachments] == ["a broken router"]
    assert post.attachments[0].url
    assert "t.co" not in post.text, "the link that only stands for the picture"


async def test_a_post_without_pictures_is_not_asked_for(bench: Bench) -> None:
    bench.state.faults.add(Fault("500", "posts", 0))
    post = await heard(bench, called(bench, "@Northwind hello"))
    assert (post.text, post.attachments) == ("@Northwind hello", ())


async def test_where_x_does_not_tell_the_post_stands_without_them(bench: Bench) -> None:
    bench.state.faults.add(Fault("500", "posts", 0))
    post = await heard(bench, called(bench, "@Northwind look", "a broken router"))
    assert post.attachments == ()
    assert post.text.startswith("@Northwind look")
