"""X calls us: our webhook is registered, woken when it fell asleep, and told what it missed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from earful.networks.contract import Call, Change, NetworkError
from earful.networks.x.connector import XConnector
from earful.networks.x.simulator.state import State
from earful.networks.x.simulator.webhooks import Spoiling
from earful.networks.x.simulator.wire import Answer, Listening, Request
from earful.networks.x.subscriptions import callable_by_x
from tests.networks.x.bench import Bench
from tests.networks.x.test_listening import until


class Door:
    """The desk's door, in small: hands calls to the connector, and keeps what they told."""

    def __init__(self) -> None:
        self.server = Listening(self._handle)
        self.connector: XConnector | None = None
        self.changes: list[Change] = []
        self.sleeps = False

    async def _handle(self, request: Request) -> Answer:
        if self.connector is None or self.sleeps:
            return Answer(503, b"")
        call = Call(request.method, request.headers, request.query, request.body)
        said = await self.connector.hear(call)
        self.changes += said.batch.changes if said.batch else ()
        return Answer(said.status, said.body)

    def ids(self) -> list[str]:
        """What was told."""
        return [each.external_id for each in self.changes]


@pytest.fixture
async def called(state: State) -> AsyncIterator[tuple[Bench, Door]]:
    """A bench whose channel X can call."""
    door = Door()
    bench = Bench(state, hook=await door.server.open(0) + "/hooks/x")
    door.connector = bench.open()
    yield bench, door
    await bench.close()
    await door.server.close()


@asynccontextmanager
async def listening(
    bench: Bench, ready: Callable[[], object], heard_at: str = ""
) -> AsyncIterator[None]:
    """Listen in the background until the block ends, from when `ready` holds."""
    connector = bench.open()

    async def hear() -> None:
        try:
            async for _ in connector.stream({"heard_at": heard_at} if heard_at else None):
                pass
        except NetworkError:
            return

    task = asyncio.create_task(hear())
    await until(ready)
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_x_calls_us(called: tuple[Bench, Door]) -> None:
    bench, door = called
    hooks, kinds = bench.state.webhooks.hooks, bench.state.hub.subscriptions
    async with listening(bench, lambda: len(bench.state.hub.streams.active()) == 2):
        [hook] = hooks.values()
        assert hook.valid
        bench.state.webhooks.spoil(Spoiling(repeat=1, reorder=2))
        told = [bench.says("@Northwind hello"), "dm:" + bench.writes("psst")]
        await until(lambda: set(told) <= set(door.ids()))
    assert set(bench.state.webhooks.answers) == {200}
    ours = {(each.event_type, each.webhook_id) for each in kinds.values()}
    assert {("dm.received", hook.id), ("dm.received", "")} <= ours
    async with listening(bench, lambda: len(bench.state.hub.streams.active()) == 2):
        assert len(hooks) == 1  # what stands is found, and not made again
        assert ours == {(each.event_type, each.webhook_id) for each in kinds.values()}


async def test_a_webhook_that_fell_asleep_is_woken_and_told_again(
    called: tuple[Bench, Door],
) -> None:
    bench, door = called
    async with listening(bench, lambda: len(bench.state.hub.streams.active()) == 2):
        [hook] = bench.state.webhooks.hooks.values()
    hook.valid = False
    heard_at = bench.state.now()
    missed = "dm:" + bench.writes("did you get this?")
    await bench.state.webhooks.settled()
    assert missed not in door.ids()
    bench.state.now.advance(120)
    async with listening(bench, lambda: missed in door.ids(), heard_at.isoformat()):
        assert hook.valid


async def test_a_door_that_does_not_answer_is_told_in_words(called: tuple[Bench, Door]) -> None:
    bench, door = called
    door.sleeps = True
    async with listening(bench, lambda: len(bench.state.hub.streams.active()) == 2):
        await until(lambda: any("X can't call us" in words for words in bench.memory.words))
        told = "dm:" + bench.writes("by the stream, then")
        await until(lambda: "dm.received" in {
            each.event_type for each in bench.state.hub.subscriptions.values()})  # fmt: skip
    assert told not in door.ids()


@pytest.mark.parametrize(
    ("hook", "api", "may"),
    [
        ("https://desk.example/hooks/1", "https://api.x.com", True),
        ("https://desk.example:8443/hooks/1", "https://api.x.com", False),
        ("http://desk.example/hooks/1", "https://api.x.com", False),
        ("http://127.0.0.1:8420/hooks/1", "https://api.x.com", False),
        ("http://127.0.0.1:8420/hooks/1", "http://127.0.0.1:9", True),
        ("", "https://api.x.com", False),
    ],
)
def test_addresses_that_x_calls(hook: str, api: str, may: bool) -> None:
    assert callable_by_x(hook, api) is may


async def test_a_picture_of_a_message_is_fetched_in_our_name(state: State) -> None:
    """X shows it to the signed-in only; an address of any other kind is not ours to fetch."""
    asked: list[tuple[str, str]] = []

    async def shows(request: Request) -> Answer:
        asked.append((request.path, request.headers["authorization"]))
        return Answer(200 if request.path.endswith("5/6/a.jpg") else 404, b"picture")

    server = Listening(shows)
    bench = Bench(state, await server.open(0))
    connector = bench.open()
    assert await connector.picture("x-dm://5/6/a.jpg") == b"picture"
    assert asked == [
        ("/2/dm_conversations/media/5/6/a.jpg", f"Bearer {bench.secrets['access_token']}")
    ]
    assert await connector.picture("x-dm://5/6/gone.jpg") is None
    assert await connector.picture("https://elsewhere.example/a.jpg") is None
    await bench.close()
    await server.close()
