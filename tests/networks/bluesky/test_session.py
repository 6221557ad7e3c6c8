"""Sessions: made once, renewed in time, saved first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from earful.kit.clock import system_clock
from earful.kit.ids import new_id
from earful.networks.bluesky import NETWORK
from earful.networks.conformance import Fault
from earful.networks.contract import Draft, Reauthorize, Rejected, RetryLater
from tests.networks.bluesky.bench import Bench
from tests.networks.bluesky.network import Account, BlueskyNetwork
from tests.networks.faulty_line import FaultyLine


async def test_one_session_for_all(bench: Bench) -> None:
    """A second connector signs in with what the first one saved, even without a password."""
    await bench.connector.probe()
    await bench.open(password="").probe()
    assert len(bench.tokens.saved) == 1


async def test_renews_before_the_end_by_the_refresh_token(bench: Bench) -> None:
    """No password is needed; the new session is saved."""
    await bench.connector.probe()
    bench.clock_offset = timedelta(hours=1, minutes=58)  # the access token lives two hours
    await bench.open(password="").probe()
    # By our clock the new one ends soon too, so it may have been renewed more than once.
    tokens = [session["refreshJwt"] for session in bench.tokens.saved]
    assert len(set(tokens)) == len(tokens) > 1


async def test_signs_in_again_when_the_refresh_token_is_refused(bench: Bench) -> None:
    """A spoilt session is no reason to trouble a person while the password is good."""
    await bench.connector.probe()
    spoilt = {**bench.tokens.saved[-1], "accessJwt": "a.b.c"}
    spoilt["refreshJwt"] = spoilt["refreshJwt"][:-6] + "AAAAAA"
    await bench.tokens.save(spoilt)
    await bench.open().probe()
    assert len(bench.tokens.saved) == 3


async def test_no_password_and_no_session(bench: Bench) -> None:
    """That takes a person."""
    with pytest.raises(Reauthorize, match="app password"):
        await bench.open(password="").probe()


async def test_deactivated_account(bench: Bench, brand: Account) -> None:
    """An account that was shut holds the channel."""
    await bench.connector.probe()
    await brand.call("com.atproto.server.deactivateAccount")
    with pytest.raises(Reauthorize):
        await bench.connector.probe()


async def test_spent_budget_stops_before_the_network(bench: Bench, brand: Account) -> None:
    """The budget is asked first, and learns from the answers' headers where there are any."""
    bench.budget.spent.add("write")
    with pytest.raises(RetryLater):
        await bench.connector.send(Draft(text="too much"), new_id())
    assert await brand.posts() == []
    assert bench.budget.taken["write"] == 3


@pytest.mark.parametrize(
    "config",
    [{}, {"handle": "a.test", "service": "ftp://x"}, {"handle": "a.test", "firehose": ":"}],
)
def test_refuses_senseless_settings(bench: Bench, config: dict[str, str]) -> None:
    """In words, and before anything is asked of the network."""
    with pytest.raises(Rejected):
        bench.open_with(config)


def test_counts_graphemes() -> None:
    """As the network does."""
    assert NETWORK.count("e\u0301👩\u200d👧") == 2


async def test_limit_is_learned_and_its_end_kept(network: BlueskyNetwork, brand: Account) -> None:
    """What the headers of a 429 say reaches the budget and the one who must wait."""
    line = FaultyLine(network.pds, strikes="putRecord")
    await line.open()
    bench = Bench(line.url, brand)
    async with line.fault(Fault.LIMITED):
        with pytest.raises(RetryLater) as later:
            await bench.connector.send(Draft(text="too fast"), new_id())
    await bench.close()
    await line.close()
    remaining, resets_at = bench.budget.learned["write"]
    assert remaining == 0
    assert 0 < later.value.after <= 30  # the line says 30 s
    assert resets_at > system_clock()
