"""Which model judges in a workspace: the one that ships, or one learnt from its own decisions."""

from __future__ import annotations

from functools import cache
from typing import Any

import structlog

from earful.stream.work import Work
from earful.triage.by_hand import by_hand
from earful.triage.judging import shipped
from earful.triage.model import Damaged, Model, parse

log = structlog.get_logger()
SHIPPED = "shipped"
"""The name of the model that comes with Earful; the others are called by their ids."""
BY_HAND = "none"
"""What stands for a model where even that one can't be read."""


async def in_use(work: Work) -> tuple[str, Model]:
    """The name of the model in use, and itself; read again only when another one is taken.

    One that can't be read is left aside, and the shipped one judges; where that can't be read
    either, a few signs do, and each post says so. `earful doctor` tells of both.
    """
    chosen = await work.db.fetchval(_CHOSEN, work.workspace_id)
    if chosen is None:
        return _without()
    kept: dict[str, Any] = work.memory.setdefault("judgements.models", {})
    name, model = kept.get(work.workspace_id, ("", None))
    if name != chosen:
        model = await read(work.db, work.workspace_id, chosen)
        kept[work.workspace_id] = (chosen, model)
    return (chosen, model) if model is not None else _without()


@cache
def _without() -> tuple[str, Model]:
    """The shipped model, or signs weighed by hand; which it is, is found out once a process."""
    try:
        return SHIPPED, shipped()
    except Damaged as error:
        log.error("shipped model damaged: posts are judged by a few signs alone", why=str(error))
        return BY_HAND, by_hand()


async def read(db: Any, workspace_id: str, model_id: str) -> Model | None:
    """A kept model; None, and a line in the log, when it is damaged or gone."""
    file = await db.fetchval(_FILE, workspace_id, model_id)
    try:
        return parse(file) if file is not None else None
    except Damaged as error:
        log.error("model damaged", model=model_id, why=str(error))
        return None


_CHOSEN = "SELECT id FROM triage_model WHERE workspace_id = $1 AND in_use"
_FILE = "SELECT file FROM triage_model WHERE workspace_id = $1 AND id = $2"
