"""What `earful setup` writes can be installed as it is."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from earful.cli.serve import refuse_open_address
from earful.cli.setup import checked, setup
from earful.settings import Settings, SettingsError

DOMAIN = "care.example.org"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    out = tmp_path / "out"
    done = CliRunner().invoke(setup, ["--domain", DOMAIN, "--out", str(out), "--port", "9000"])
    assert done.exit_code == 0, done.output
    return out


def test_the_unit_has_settings_that_serve_accepts(folder: Path) -> None:
    unit = (folder / "earful.service").read_text()
    given = dict(re.findall(r"^Environment=([A-Z_]+)=(.*)$", unit, re.MULTILINE))
    settings = Settings.from_env(given)
    assert settings.base_url == f"https://{DOMAIN}"
    assert (settings.behind_proxy, settings.port) == (True, 9000)
    refuse_open_address(settings)
    sections = configparser.RawConfigParser(strict=False)
    sections.read_string(unit)
    program, act = sections["Service"]["ExecStart"].split()
    assert Path(program).is_absolute()
    assert act == "serve"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_finds_no_fault(folder: Path) -> None:
    unit = str(folder / "earful.service")
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, check=False)  # noqa: S607
    assert b"Unknown" not in done.stderr


def test_the_compose_file_has_settings_that_serve_accepts(folder: Path) -> None:
    yaml = pytest.importorskip("yaml")
    services = yaml.safe_load((folder / "compose.yaml").read_text())["services"]
    settings = Settings.from_env(services["earful"]["environment"])
    assert settings.base_url == f"https://{DOMAIN}"
    refuse_open_address(settings)
    assert "ports" not in services["earful"], "only Caddy can be reached"
    assert services["earful"]["command"][2].count("{") == services["earful"]["command"][2].count(
        "}"
    )


@pytest.mark.parametrize(
    ("name", "upstream"), [("Caddyfile", "127.0.0.1"), ("Caddyfile.compose", "earful")]
)
def test_the_caddyfiles_are_balanced_and_point_to_the_desk(
    folder: Path, name: str, upstream: str
) -> None:
    text = (folder / name).read_text()
    assert f"\n{DOMAIN} {{\n" in text
    assert f"reverse_proxy {upstream}:9000" in text
    depth = 0
    for line in text.splitlines():
        depth += line.endswith("{") - (line.strip() == "}")
        assert depth >= 0
    assert depth == 0


def test_nothing_is_overwritten(folder: Path) -> None:
    done = CliRunner().invoke(setup, ["--domain", DOMAIN, "--out", str(folder)])
    assert isinstance(done.exception, SettingsError)


@pytest.mark.parametrize("bad", ["", "localhost", "a b.org", "https://x.org", "x.org/y", "-x.org"])
def test_what_is_no_domain_is_refused(bad: str) -> None:
    with pytest.raises(SettingsError):
        checked(bad)


def test_a_name_in_any_script_becomes_one_that_can_be_called() -> None:
    assert checked("Bücher.example.") == "xn--bcher-kva.example"
