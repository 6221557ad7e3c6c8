"""What `earful setup` writes can be installed as it is."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from jsonschema import Draft201909Validator

from earful.cli.serve import refuse_open_address
from earful.cli.setup import checked, setup
from earful.cli.unit import Places, quoted, unit_for
from earful.settings import Settings, SettingsError

DOMAIN = "care.example.org"
SHELF = '/home/a "b" 100%'
SECRET = "/etc/earful/pass"


SPECIFIED = json.loads((Path(__file__).parent / "compose_spec/schema.json").read_text())

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


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """The files of a desk whose folders have names that have to be quoted."""
    out = tmp_path / "elsewhere"
    words = ["--domain", DOMAIN, "--out", str(out), "--data-dir", "/srv/care desk", "--json"]
    environ = {"EARFUL_BACKUP_DIR": SHELF, "EARFUL_BACKUP_PASSPHRASE_FILE": SECRET}
    done = CliRunner(env=environ).invoke(setup, words)
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    assert sorted(told["files"]) == sorted(str(path) for path in out.iterdir())
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
    assert sections["Service"]["StateDirectory"] == "earful"
    assert sections["Service"]["ReadWritePaths"] == "-/var/backups/earful"


def test_the_unit_follows_the_folders_of_the_desk(elsewhere: Path) -> None:
    unit = (elsewhere / "earful.service").read_text()
    assert "StateDirectory" not in unit
    assert re.findall(r"^(?:ReadWritePaths|ProtectHome)=.*$", unit, re.MULTILINE) == [
        'ReadWritePaths="/srv/care desk"',
        'ReadWritePaths="/home/a \\"b\\" 100%%"',
        "ProtectHome=read-only",
    ]
    assert 'Environment="EARFUL_DATA_DIR=/srv/care desk"' in unit
    assert "install -d -o earful -g earful -m 0700 '/srv/care desk'" in unit
    assert "Environment=EARFUL_BACKUP_PASSPHRASE_FILE=/etc/earful/pass" in unit


def test_whoever_writes_the_files_need_not_see_the_desks_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "theirs").mkdir()
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    words = ["--domain", DOMAIN, "--out", str(tmp_path / "out")]
    done = CliRunner().invoke(setup, [*words, "--data-dir", str(tmp_path / "theirs")])
    assert done.exit_code == 0, done.output


def test_a_path_that_no_unit_can_hold_is_refused() -> None:
    assert quoted("/opt/earful-1.0/bin/earful") == "/opt/earful-1.0/bin/earful"
    assert quoted("/a b\\c") == '"/a b\\\\c"'
    with pytest.raises(SettingsError, match="choose another path"):
        quoted("/a\nExecStartPre=/bin/false")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_finds_no_fault(folder: Path, elsewhere: Path, tmp_path: Path) -> None:
    program = tmp_path / "a place" / "earful"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (tmp_path / "spaced.service").write_text(
        unit_for(DOMAIN, port=9000, program=str(program), places=Places(tmp_path / "the data"))
    )
    for unit in (
        folder / "earful.service",
        elsewhere / "earful.service",
        tmp_path / "spaced.service",
    ):
        done = subprocess.run(
            ["systemd-analyze", "verify", str(unit)],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        # Of this unit: others on the machine are none of ours, and Earful may not be installed.
        faults = [line for line in done.stderr.splitlines() if unit.name in line]
        assert [line for line in faults if "is not executable" not in line] == []


def test_the_compose_file_has_settings_that_serve_accepts(folder: Path) -> None:
    services = composed(folder)["services"]
    settings = Settings.from_env(services["earful"]["environment"])
    assert settings.base_url == f"https://{DOMAIN}"
    refuse_open_address(settings)
    assert "ports" not in services["earful"], "only Caddy can be reached"


def test_the_compose_files_are_as_the_specification_wants_them(
    folder: Path, elsewhere: Path
) -> None:
    check = Draft201909Validator(SPECIFIED)
    for place in (folder, elsewhere):
        file = composed(place)
        assert [error.message for error in check.iter_errors(file)] == []
        for service in file["services"].values():
            assert set(service.get("depends_on", ())) <= file["services"].keys()
            for mount in service["volumes"]:
                source, *_ = [mount["source"]] if isinstance(mount, dict) else mount.split(":")
                assert source in file["volumes"] or source.startswith(("./", "/"))
    misspelt = composed(folder)
    misspelt["services"]["earful"]["stop_graze_period"] = "60s"
    assert not check.is_valid(misspelt)


def test_the_compose_file_brings_the_folders_of_backups_in(elsewhere: Path) -> None:
    desk = composed(elsewhere)["services"]["earful"]
    assert desk["volumes"][-2:] == [
        {"type": "bind", "source": SHELF, "target": SHELF, "read_only": False},
        {"type": "bind", "source": SECRET, "target": SECRET, "read_only": True},
    ]
    assert desk["environment"]["EARFUL_BACKUP_DIR"] == SHELF
    assert Settings.from_env(desk["environment"]).backup_passphrase_file == Path(SECRET)


def test_the_compose_file_leaves_no_variable_open(folder: Path) -> None:
    file = composed(folder)
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
