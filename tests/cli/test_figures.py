"""`earful figures` as an operator types it, beside a desk that runs."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from click.testing import CliRunner

from earful.cli.figures import figures
from earful.store.address import Addresses
from earful.store.pool import Database
from tests.cast import gather, post
from tests.desk.acts import rows, take


async def test_waits_are_counted_anew(
    database: Database, addresses: Addresses, tmp_path: Path
) -> None:
    cast = await gather(database)
    await take(cast, post("1"))
    environ = {
        "EARFUL_DATA_DIR": str(tmp_path),
        "EARFUL_DATABASE_URL": addresses.app,
        "EARFUL_SECRET_KEY": "k" * 32,
    }
    runner = CliRunner(env=environ)
    done = await asyncio.to_thread(runner.invoke, figures, ["rebuild", "--json"])
    assert done.exit_code == 0, done.output
    [said] = json.loads(done.output)["workspaces"]
    assert said == {"id": cast.workspace_id, "name": "Northwind", "waits": 1}
    assert [row["state"] for row in await rows(cast, "SELECT state FROM first_wait")] == ["waiting"]
    plain = await asyncio.to_thread(runner.invoke, figures, ["rebuild"])
    assert plain.output == "Northwind: 1 waits counted\n"
