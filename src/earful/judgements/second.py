"""What a judge elsewhere says of posts, put in the place of the model's own judgement.

It comes later, or never: nothing waits for it. What an agent corrected stays, and so does what was
judged of words that changed meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from earful.judgements.endpoints import READER
from earful.judgements.hearing import brands_of, keep
from earful.judgements.written import Written
from earful.stream.reader import read_on
from earful.stream.work import Work
from earful.triage.asking import Endpoint
from earful.triage.judging import Opinion, judge_asked

AT_ONCE = 200
"""Events that are read at once."""
OVER = timedelta(hours=1)
"""Of what was judged longer ago nobody is asked any more: it is answered, or should be."""


async def to_ask(work: Work) -> list[Written] | None:
    """The next posts to be asked about. None where there is nothing more to read.

    They count as asked once the transaction commits: where the process dies before the answer, the
    model's own judgement stays. Never asked about is what is sensitive, since a person comes at
    once, and what an agent said the kind of.
    """
    events = await read_on(work, READER, ("message.judged",), AT_ONCE)
    if not events:
        return None
    ids = {
        one
        for event in events
        if event.at >= work.now - OVER and not event.data.get("asked")
        for one in event.data["ids"]
    }
    rows = await work.db.fetch(_TO_ASK, work.workspace_id, sorted(ids)) if ids else []
    return [Written(row["id"], row["home"], row["author"], row["text"]) for row in rows]


async def keep_second(
    work: Work, endpoint: Endpoint, posts: Sequence[Written], said: Mapping[str, Opinion]
) -> int:
    """Keep what was said of these posts, by their ids. Returns of how many."""
    rows = await work.db.fetch(_UNCHANGED, work.workspace_id, sorted(said))
    standing = {row["id"]: row for row in rows}
    brands = await brands_of(work)
    same = [
        post
        for post in posts
        if post.message_id in standing and standing[post.message_id]["text"] == post.text
    ]
    if same:
        judged = [judge_asked(post.text, said[post.message_id], brands) for post in same]
        inboxes = {key: row["inbox_id"] for key, row in standing.items()}
        await keep(work, endpoint.name, same, judged, inboxes, asked=True)
    return len(same)


_TO_ASK = """
SELECT m.id, m.conversation_id AS home, m.author_id AS author, m.text
FROM message m JOIN judgement j ON j.workspace_id = $1 AND j.message_id = m.id
WHERE m.workspace_id = $1 AND m.id = ANY($2::uuid[]) AND m.text <> '' AND m.deleted_at IS NULL
  AND m.direction = 'incoming' AND j.sensitive = '' AND NOT 'kind' = ANY(j.corrected)
ORDER BY m.id
"""

_UNCHANGED = """
SELECT m.id, m.text, c.inbox_id FROM message m
JOIN conversation c ON c.workspace_id = $1 AND c.id = m.conversation_id
WHERE m.workspace_id = $1 AND m.id = ANY($2::uuid[]) AND m.deleted_at IS NULL
ORDER BY m.id FOR SHARE OF m
"""
