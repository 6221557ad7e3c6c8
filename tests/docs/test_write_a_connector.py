"""The code of the how-to is a package that Earful finds, and it keeps the contract."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from earful.networks import contract
from earful.networks.conformance import CASES

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "write-a-connector.md"
BLOCK = re.compile(r"^```\w+\n# file: (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
OPTIONS = ("-q", "-p", "no:cacheprovider", "-W", "error")


def lay_out(folder: Path) -> None:
    """Write the page's files as an installer would put them: the modules, and what names them."""
    files = dict(BLOCK.findall(PAGE.read_text()))
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    project = tomllib.loads(files["pyproject.toml"])["project"]
    info = folder / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    points = [
        f"[{group}]\n" + "".join(f"{name} = {value}\n" for name, value in named.items())
        for group, named in project["entry-points"].items()
    ]
    (info / "entry_points.txt").write_text("\n".join(points))
    (folder / "parlour.py").write_text((Path(__file__).parent / "parlour.py").read_text())


def test_the_connector_of_the_page_passes_the_suite(tmp_path: Path) -> None:
    lay_out(tmp_path)
    path = os.pathsep.join([str(tmp_path), str(ROOT / "src")])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *OPTIONS, "test_parlour.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert f"{len(CASES)} passed" in done.stdout, done.stdout[-500:]


def test_every_ability_of_the_contract_is_named() -> None:
    """Whoever has only this page must learn of all that a network may have."""
    abilities = {
        name
        for name in contract.__all__
        if getattr(getattr(contract, name), "_is_runtime_protocol", False)
    }
    assert {"Streams", "Revisits", "Welcomes", "Hears"} <= abilities
    text = PAGE.read_text()
    assert {each for each in abilities if not re.search(rf"\b{each}\b", text)} == set()
