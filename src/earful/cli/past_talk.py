"""One conversation of a past, from its first post to its end."""

from __future__ import annotations

from datetime import timedelta

from earful.cli import past_lines as lines
from earful.cli.past_plan import Story, answered_after
from earful.cli.past_stage import Stage
from earful.composing.reply import Reply, reply
from earful.desk.resolve import resolve
from earful.following import ratings
from earful.networks.rehearsal.dice import dice
from earful.networks.rehearsal.ledger import Entry
from earful.promises import due, register
from earful.stream.work import Work

WORST = timedelta(minutes=5)
"""So long before the rehearsal begins everything has ended."""
SENT_AFTER = timedelta(seconds=1)


class Talk:
    """Plays a story; `opening` is the post that begins it. `link` begins a rating's address."""

    def __init__(self, stage: Stage, story: Story, opening: Entry, seed: int, link: str) -> None:
        self._stage, self._story, self._link = stage, story, link
        self._asked = opening
        self._die = dice(seed, "talk", story.number)
        self._name = opening.name.partition(" ")[0]
        self._id = ""
        self._severity = 4
        self._rating = ""
        self._promise = ""

    def begin(self) -> None:
        """Plan the first step."""
        self._stage.plan(self._story.at, self._open)

    async def _open(self, work: Work) -> None:
        self._id = await self._stage.hear(work, self._asked)
        left = await self._left(work)
        took = answered_after(self._die, left, late=self._story.late)
        if work.now + took > self._stage.now - WORST:
            took = timedelta(seconds=self._die.randint(60, 300))
        step = self._end if self._story.ends == "needless" else self._answer
        self._stage.plan(work.now + took, step, self._stage.actor(self._story.handle))

    async def _left(self, work: Work) -> timedelta:
        row = await work.db.fetchrow(_DUE, work.workspace_id, self._id)
        assert row is not None  # noqa: S101 - it was opened just now, in this transaction
        self._severity = row["severity"]
        return (row["due_at"] or work.now + timedelta(hours=1)) - work.now

    async def _end(self, work: Work) -> None:
        disposition, reason = self._die.choice(lines.NEEDLESS)
        await resolve(work, self._id, disposition, reason)

    async def _answer(self, work: Work) -> None:
        if self._story.promise:
            await self._say(work, lines.PROMISED, "pending")
            self._stage.plan(work.now + timedelta(seconds=20), self._promised, work.actor)
        elif self._story.ends == "twice":
            await self._say(work, self._die.choice(lines.ASKING), "pending")
            back = work.now + timedelta(minutes=self._die.uniform(2, 40))
            self._stage.plan(min(back, self._stage.now - 3 * WORST), self._again)
        else:
            await self._say(work, self._die.choice(lines.first_for(self._severity)), "resolve")
            if self._story.private:
                self._stage.plan(work.now + 2 * SENT_AFTER, self._consider)

    async def _say(self, work: Work, text: str, then: str) -> None:
        asked = Reply(text=text.format(name=self._name), force=True, then=then)
        await reply(work, self._id, asked, self._stage.agents[self._story.handle])
        self._stage.plan(work.now + SENT_AFTER, self._sent)

    async def _sent(self, work: Work) -> None:
        await self._stage.send(work, self._id, self._asked)

    async def _again(self, work: Work) -> None:
        first = self._asked
        self._asked = Entry(
            kind="post",
            id=f"{first.id}-b0",
            at=work.now,
            person=first.person,
            handle=first.handle,
            name=first.name,
            text=f"@{first.to} {self._die.choice(lines.AGAIN)}",
            to=first.to,
            parent=first.id,
            root=first.id,
        )
        self._id = await self._stage.hear(work, self._asked)
        took = answered_after(self._die, await self._left(work), late=False)
        at = min(work.now + took, self._stage.now - WORST)
        self._stage.plan(at, self._second, self._stage.actor(self._story.handle))

    async def _second(self, work: Work) -> None:
        await self._say(work, self._die.choice(lines.SECOND), "resolve")

    async def _promised(self, work: Work) -> None:
        due_at = work.now + timedelta(hours=20)
        words = self._die.choice(lines.WORDS)
        given = register.Given(words=words, due_at=due_at, remind_at=due_at)
        made = await register.give(work, self._id, given)
        self._promise = made.id
        kept = self._story.promise == "kept"
        if not kept:
            self._stage.plan(due_at, self._broken)
        after = due_at + timedelta(hours=-2 if kept else 3)
        self._stage.plan(after, self._proved, work.actor)

    async def _broken(self, work: Work) -> None:
        await due.break_due(work)

    async def _proved(self, work: Work) -> None:
        kept = self._story.promise == "kept"
        await register.prove(work, self._promise, lines.PROOF if kept else lines.LATE_PROOF)
        await resolve(work, self._id, "solved")

    async def _consider(self, work: Work) -> None:
        if await ratings.consider(work, self._id, work.now):
            self._stage.plan(work.now + timedelta(hours=1), self._rate)

    async def _rate(self, work: Work) -> None:
        await ratings.ask_due(work, self._link)
        await self._sent(work)
        found = await ratings.rating_for(work.db, work.workspace_id, self._id)
        if found is not None and found.state == "asked" and self._die.random() < 0.75:
            self._rating = found.id
            at = work.now + timedelta(minutes=self._die.uniform(3, 300))
            self._stage.plan(at, self._rated, ratings.customer())

    async def _rated(self, work: Work) -> None:
        await ratings.answer(work, self._rating, self._die.choice(lines.SCORES), "")


_DUE = "SELECT severity, due_at FROM conversation WHERE workspace_id = $1 AND id = $2"
