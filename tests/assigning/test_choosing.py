"""A fair choice: in turn, by load, by need; and who had them before."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from earful.assigning.choosing import Able, Wanted, after, choose
from earful.assigning.rules import Rule

TURN = Rule(way="round_robin")
LEAST = Rule(way="least_busy")
ANY = Wanted()


def able(name: str, **more: object) -> Able:
    return Able(**{"id": name, "name": name, "capacity": 1000} | more)  # type: ignore[arg-type]


def given_out(rule: Rule, here: dict[str, Able], wanted: list[Wanted]) -> list[str | None]:
    """As a round does it: each choice counts for the next."""
    turn = max((agent.turn for agent in here.values()), default=0)
    got: list[str | None] = []
    for one in wanted:
        choice = choose(rule, here.values(), one)
        if choice:
            turn += 1
            here[choice.agent.id] = after(choice.agent, turn)
        got.append(choice.agent.id if choice else None)
    return got


TURNS = st.lists(st.integers(0, 50), min_size=1, max_size=8, unique=True)


@given(TURNS, st.integers(0, 60), st.sampled_from([TURN, LEAST]))
def test_among_the_equally_able_counts_differ_by_at_most_one(
    turns: list[int], arrivals: int, rule: Rule
) -> None:
    here = {str(n): able(str(n), turn=turn) for n, turn in enumerate(turns)}
    got = Counter(given_out(rule, here, [ANY] * arrivals))
    counts = [got[name] for name in here]
    assert sum(counts) == arrivals
    assert max(counts) - min(counts) <= 1


@given(st.lists(st.integers(0, 20), min_size=1, max_size=6), st.integers(0, 80))
def test_by_load_the_fullest_gets_none_before_the_emptiest(loads: list[int], arrivals: int) -> None:
    here = {str(n): able(str(n), load=load) for n, load in enumerate(loads)}
    got = given_out(LEAST, here, [ANY] * arrivals)
    for name in set(filter(None, got)):
        assert here[name].load - 1 <= min(agent.load for agent in here.values())


@given(st.lists(st.integers(0, 5), min_size=1, max_size=5), st.integers(0, 40))
def test_nobody_gets_more_than_she_takes_and_none_waits_for_nothing(
    capacities: list[int], arrivals: int
) -> None:
    here = {str(n): able(str(n), capacity=most) for n, most in enumerate(capacities)}
    here = {name: agent for name, agent in here.items() if agent.capacity}
    got = given_out(TURN, here, [ANY] * arrivals)
    assert all(agent.load <= agent.capacity for agent in here.values())
    assert len([one for one in got if one]) == min(arrivals, sum(capacities))


def test_who_comes_late_gets_the_next_and_not_all_that_she_missed() -> None:
    here = {"a": able("a", turn=40), "b": able("b", turn=41), "new": able("new")}
    assert given_out(TURN, here, [ANY] * 4) == ["new", "a", "b", "new"]


def test_needs_go_before_turns_and_what_nobody_here_can_waits() -> None:
    here = {
        "a": able("a", skills=frozenset({"billing"}), languages=frozenset({"de"})),
        "b": able("b", teams=frozenset({"night"})),
    }
    bill, german, night = (
        Wanted(skills=frozenset({"billing"})), Wanted(language="de"), Wanted(team_id="night"),
    )  # fmt: skip
    assert given_out(TURN, here, [bill, german, night, bill]) == ["a", "a", "b", "a"]
    assert given_out(TURN, here, [Wanted(language="fi"), ANY]) == [None, "b"]


def test_who_comes_back_goes_to_the_same_agent_unless_she_is_full() -> None:
    back = Wanted(before_id="b")
    here = {"a": able("a"), "b": able("b", capacity=1)}
    choice = choose(TURN, here.values(), back)
    assert choice is not None
    assert choice.why == "they talked with b before"
    assert given_out(TURN, here, [back, back]) == ["b", "a"]
    not_sticky = Rule(way="round_robin", sticky=False)
    assert given_out(not_sticky, {"a": able("a"), "b": able("b")}, [back]) == ["a"]
