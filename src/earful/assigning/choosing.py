"""Who gets it. Pure, and fair: see docs/decisions for what that means and what it doesn't."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import msgspec

from earful.assigning.rules import Rule


class Able(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is here. `turn`: the number of her last turn in this inbox, 0 for none yet."""

    id: str
    name: str
    load: int = 0
    capacity: int
    turn: int = 0
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()

    @property
    def full(self) -> bool:
        """Whether she has as many open conversations as she takes at once."""
        return self.load >= self.capacity


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What a conversation needs: a team, skills, a language ("" for any); who had them before."""

    team_id: str | None = None
    skills: frozenset[str] = frozenset()
    language: str = ""
    before_id: str | None = None


class Choice(msgspec.Struct, frozen=True):
    """Who gets it, and why in words."""

    agent: Able
    why: str


def fits(agent: Able, wanted: Wanted) -> bool:
    """Whether she can take it now."""
    return (
        not agent.full
        and (wanted.team_id is None or wanted.team_id in agent.teams)
        and wanted.skills <= agent.skills
        and (not wanted.language or wanted.language in agent.languages)
    )


def choose(rule: Rule, here: Iterable[Able], wanted: Wanted) -> Choice | None:
    """Who gets it; None when it has to wait."""
    able = [agent for agent in here if fits(agent, wanted)]
    if not able:
        return None
    needs = _needs(wanted)
    for agent in able:
        if rule.sticky and agent.id == wanted.before_id:
            return Choice(agent, f"they talked with {agent.name} before{needs}")
    if rule.way == "least_busy":
        best = min(able, key=lambda a: (Fraction(a.load, a.capacity), a.turn, a.id))
        return Choice(best, f"least to do, {best.load} of {best.capacity}{needs}")
    best = min(able, key=lambda agent: (agent.turn, agent.id))
    return Choice(best, f"whose turn it was{needs}")


def _needs(wanted: Wanted) -> str:
    said = sorted(wanted.skills)
    if wanted.language:
        said.append(f"language {wanted.language}")
    return f" (needs {', '.join(said)})" if said else ""


def after(agent: Able, turn: int) -> Able:
    """The agent, once she has taken one as the turn of that number."""
    return msgspec.structs.replace(agent, load=agent.load + 1, turn=turn)
