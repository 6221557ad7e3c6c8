"""What `earful setup` writes can be installed as it is."""

from __future__ import annotations

import configparser
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from earful.cli.serve import refuse_open_address
from earful.cli.setup import checked, setup
from earful.settings import Settings, SettingsError

DOMAIN = "care.example.org"


# What the Compose specification allows under a service, as far as it is used here.
SERVICE: dict[str, type] = {
    "image": str,
    "command": list,
    "depends_on": list,
    "environment": dict,
    "expose": list,
    "init": bool,
    "ports": list,
    "restart": str,
    "stop_grace_period": str,
    "volumes": list,
}

# "python -m venv --clear FOLDER": a folder with a pip that installs what the wheel says.
STAND_IN = """#!/bin/sh
set -e
test "$1 $2 $3" = "-m venv --clear"
rm -rf "$4"; mkdir -p "$4/bin"
cat > "$4/bin/pip" <<'END'
#!/bin/sh
set -e
here=$(dirname "$0")
cat "$2" >> "$here/../../earful.log"; echo >> "$here/../../earful.log"
printf '#!/bin/sh\\necho "$1s %s"\\n' "$(cat "$2")" > "$here/earful"
chmod +x "$here/earful"
! grep -q broken "$2"
END
chmod +x "$4/bin/pip"
"""


def composed(folder: Path) -> Any:
    """The compose file, read."""
    return yaml.safe_load((folder / "compose.yaml").read_text())


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
    services = composed(folder)["services"]
    settings = Settings.from_env(services["earful"]["environment"])
    assert settings.base_url == f"https://{DOMAIN}"
    refuse_open_address(settings)
    assert "ports" not in services["earful"], "only Caddy can be reached"


def test_the_compose_file_is_as_the_specification_wants_it(folder: Path) -> None:
    file = composed(folder)
    assert file.keys() == {"services", "volumes"}
    assert set(file["volumes"].values()) == {None}, "volumes with nothing set"
    for service in file["services"].values():
        assert service.keys() <= SERVICE.keys()
        for name, value in service.items():
            assert isinstance(value, SERVICE[name]), name
        assert service["restart"] in ("no", "always", "on-failure", "unless-stopped")
        assert set(service.get("depends_on", ())) <= file["services"].keys()
        for mount in service["volumes"]:
            source, target, *mode = mount.split(":")
            assert source in file["volumes"] or source.startswith("./")
            assert target.startswith("/")
            assert mode in ([], ["ro"])
        for ports in service.get("ports", ()):
            assert re.fullmatch(r"\d+:\d+", ports)
        for name in ("command", "expose"):
            assert all(isinstance(one, str) for one in service.get(name, ()))
    desk = file["services"]["earful"]
    assert all(isinstance(value, str) for value in desk["environment"].values())
    assert re.fullmatch(r"\d+s", desk["stop_grace_period"])
    # A single one would be taken for a variable of the file.
    assert "$" not in desk["command"][2].replace("$$", "")


def start_composed(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the desk's command, its folders moved under `folder`, with a stand-in for Python."""
    *shell, script = composed(folder)["services"]["earful"]["command"]
    script = script.replace("$$", "$")
    for place in ("/opt/earful", "/wheel"):
        script = script.replace(place, f"{folder}{place}")
    environ = {"PATH": f"{folder / 'bin'}:/usr/bin:/bin"}
    return subprocess.run(
        [*shell, script], env=environ, capture_output=True, text=True, check=False
    )


def test_a_newer_wheel_is_taken_on_and_a_failed_install_tried_again(folder: Path) -> None:
    for name in ("bin", "wheel"):
        (folder / name).mkdir()
    (folder / "bin" / "python").write_text(STAND_IN)
    (folder / "bin" / "python").chmod(0o755)
    installs = folder / "opt/earful.log"
    assert start_composed(folder).returncode != 0, "there is no wheel"
    (folder / "wheel/earful-0.9.0-py3-none-any.whl").write_text("0.9")
    for _ in range(2):
        assert start_composed(folder).stdout.splitlines()[-1] == "serves 0.9"
    assert installs.read_text().splitlines() == ["0.9"], "once"
    newer = folder / "wheel/earful-0.10.0-py3-none-any.whl"
    newer.write_text("broken")
    assert start_composed(folder).returncode != 0
    newer.write_text("0.10")
    assert start_composed(folder).stdout.splitlines()[-1] == "serves 0.10"
    newer.write_text("0.10 built anew")
    assert start_composed(folder).stdout.splitlines()[-1] == "serves 0.10 built anew"
    assert start_composed(folder).returncode == 0
    assert installs.read_text().splitlines() == ["0.9", "broken", "0.10", "0.10 built anew"]


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
