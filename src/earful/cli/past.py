"""Four weeks behind a rehearsal, so that a lead sees figures, a roster and hours on her first day.

Everything goes the way it would have gone then, with the instant handed in. No answer is sent by
anybody: its receipt is recorded, and the rehearsal network's ledger is told of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from earful.cli.past_plan import LASTED, TURNS, stories
from earful.cli.past_stage import Stage, Step
from earful.cli.past_talk import Talk
from earful.following.rules import Rules, keep_rules
from earful.networks.rehearsal.episodes import Scripts
from earful.networks.rehearsal.ledger import Entry, Header
from earful.roster import shifts, standing
from earful.sla.keeping import keep_policy
from earful.sla.profiles import start_with
from earful.sla.terms import Target
from earful.sla.walls import zone_of
from earful.stream.work import Work

SEED = 28
FIRST = timedelta(minutes=1)
RESOLVED = Target(12 * 3600.0)
"""Within which all is to be settled; what needs a day is late."""


class Town(msgspec.Struct, frozen=True):
    """The town that the rehearsal goes on in: its ledger, its seed, and the brand's handles."""

    ledger: Path
    seed: int
    handles: tuple[str, ...]


async def play_past(work: Work, town: Town, *, now: datetime, zone: str, link: str) -> int:
    """Play it in the work's transaction; returns how many conversations there were.

    `work` is of the instant at which the workspace was made, LASTED before `now`. `zone` is that of
    hours and shifts; links of ratings begin with `link`.
    """
    header = Header("", SEED, now - LASTED)
    stage = Stage(work, now, header.town)
    await stage.load()
    await _set_up(work, stage, zone)
    stage.plan(work.now + FIRST, _everybody_here(stage))
    # Nobody's browser is there: each is here again as soon as she signs in.
    stage.plan(work.now + standing.GONE_AFTER + 2 * FIRST, _gone)
    told = stories(SEED, now, zone_of(zone))
    scripts, openings = Scripts(header, town.handles), dict[int, Entry]()
    for story in told:
        entry = scripts.opening(story.number, story.at)
        whose = entry if story.again is None else openings[story.again]
        openings[story.number] = msgspec.structs.replace(
            entry, person=whose.person, handle=whose.handle, name=whose.name, alts=(),
            private=story.private, episode=None,
        )  # fmt: skip
        Talk(stage, story, openings[story.number], SEED, link).begin()
    await stage.run()
    await stage.write(work, town.ledger, town.seed)
    return len(told)


async def _set_up(work: Work, stage: Stage, zone: str) -> None:
    kept = await start_with(
        work, "carrier", zone=zone, region=None, hours="Around the clock", policy="Our promise"
    )
    severities = {
        severity: msgspec.structs.replace(promise, resolution=RESOLVED)
        for severity, promise in kept.terms.severities.items()
    }
    terms = msgspec.structs.replace(kept.terms, severities=severities)
    await keep_policy(work, terms, kept.id)
    first = work.now.astimezone(zone_of(zone)).date()
    for turn in TURNS:
        pattern = shifts.Pattern(
            agent_id=stage.agents[turn.handle].id,
            zone=zone,
            weekdays=turn.weekdays,
            opens=f"{turn.opens:02}:00",
            closes=f"{turn.closes:02}:00",
            from_day=first,
        )
        await shifts.add(work, pattern)
    for inbox_id in {channel.inbox_id for channel in stage.channels.values()}:
        await keep_rules(work, inbox_id, Rules(ask=True))


def _everybody_here(stage: Stage) -> Step:
    async def step(work: Work) -> None:
        for signer in stage.agents.values():
            await standing.say(work, signer.id, "here")

    return step


async def _gone(work: Work) -> None:
    await standing.notice_gone(work)
