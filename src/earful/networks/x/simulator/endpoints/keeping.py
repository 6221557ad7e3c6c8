"""Compliance jobs, and what was used."""

from __future__ import annotations

import secrets
from typing import Any

import msgspec

from earful.networks.x.prices import POST_READS_A_MONTH
from earful.networks.x.simulator.call import Call, Route
from earful.networks.x.simulator.clock import stamp
from earful.networks.x.simulator.compliance import DOWNLOAD_FOR, UPLOAD_FOR, Job, findings
from earful.networks.x.simulator.problems import blank, invalid, not_found
from earful.networks.x.simulator.wire import Answer

_KINDS = ("tweets", "users")


async def create(call: Call) -> Answer:
    """A new job, to which ids can be handed."""
    state, body = call.state, call.body()
    kind = str(body.get("type") or "")
    if kind not in _KINDS:
        raise invalid("type", kind, "tweets or users is wanted")
    if any(each.is_open(kind, state.now()) for each in state.jobs.values()):
        raise invalid("type", kind, "another job of this type is under way")
    job = Job(
        id=state.world.new_id(),
        kind=kind,
        name=str(body.get("name") or "")[:64],
        resumable=bool(body.get("resumable")),
        secret=secrets.token_urlsafe(16),
        created_at=state.now(),
    )
    state.jobs[job.id] = job
    return call.say({"data": _told(call, job)})


async def several(call: Call) -> Answer:
    """All of one kind."""
    query = call.request.query
    if query.get("type") not in _KINDS:
        raise invalid("type", query.get("type", ""), "tweets or users is wanted")
    found = [_told(call, job) for job in call.state.jobs.values() if job.kind == query["type"]]
    found = [one for one in found if query.get("status", one["status"]) == one["status"]]
    meta = {"result_count": len(found)}
    return call.say({"data": found, "meta": meta} if found else {"meta": meta})


async def one(call: Call) -> Answer:
    """How far it is."""
    job = call.state.jobs.get(call.path["id"])
    if job is None:
        raise not_found("compliance_job", "id", call.path["id"])
    return call.say({"data": _told(call, job)})


async def upload(call: Call) -> Answer:
    """Ids are handed in, one a line."""
    job = _secretly(call)
    if job is None or job.status(call.state.now()) != "created":
        return blank(403, "The upload has expired.")
    job.uploaded = call.request.body.decode("utf-8", "replace").split()
    job.uploaded_at = call.state.now()
    return Answer(200, b"")


async def download(call: Call) -> Answer:
    """What must be forgotten, one object a line."""
    job = _secretly(call)
    if job is None or job.status(call.state.now()) != "complete":
        return blank(404, "There is nothing to download yet.")
    lines = [msgspec.json.encode(found) for found in findings(call.state.world, job)]
    return Answer(200, b"".join(line + b"\n" for line in lines), {"content-type": "text/plain"})


async def usage(call: Call) -> Answer:
    """Posts read by day; the newer description has numbers as text."""
    days = call.number("days", 1, 90, 7)
    reads = call.state.spend.reads()
    read = [
        {"date": f"{day}T00:00:00.000Z", "usage": str(count) if call.names == "post" else count}
        for day, count in sorted(reads.items())[-days:]
    ]
    app, texts = call.state.tokens.app.id, call.names == "post"
    total = sum(reads.values())
    data: dict[str, Any] = {
        "cap_reset_day": 1,
        "project_id": app,
        "project_cap": str(POST_READS_A_MONTH) if texts else POST_READS_A_MONTH,
        "project_usage": str(total) if texts else total,
    }
    if read:
        data["daily_project_usage"] = {"project_id": app if texts else int(app), "usage": read}
        by_app = {"client_app_id": app, "usage": read, "usage_result_count": len(read)}
        data["daily_client_app_usage"] = [by_app]
    return call.say({"data": data})


def _secretly(call: Call) -> Job | None:
    job = call.state.jobs.get(call.path["id"])
    return job if job and secrets.compare_digest(job.secret, call.path["secret"]) else None


def _told(call: Call, job: Job) -> dict[str, Any]:
    base = f"{call.state.service}/compliance/{job.id}/{job.secret}"
    told: dict[str, Any] = {
        "id": job.id,
        "type": job.kind,
        "status": job.status(call.state.now()),
        "resumable": job.resumable,
        "created_at": stamp(job.created_at),
        "upload_url": f"{base}/submission",
        "upload_expires_at": stamp(job.created_at + UPLOAD_FOR),
        "download_url": f"{base}/delivery",
        "download_expires_at": stamp(job.created_at + DOWNLOAD_FOR),
    }
    return told | {"name": job.name} if job.name else told


ROUTES = (
    Route("POST", "/2/compliance/jobs", "compliance", create, "app"),
    Route("GET", "/2/compliance/jobs", "compliance", several, "app"),
    Route("GET", "/2/compliance/jobs/{id}", "compliance", one, "app"),
    Route("PUT", "/compliance/{id}/{secret}/submission", "files", upload, "nobody"),
    Route("GET", "/compliance/{id}/{secret}/delivery", "files", download, "nobody"),
    Route("GET", "/2/usage/tweets", "usage", usage, "app"),
)
