"""The systemd unit of a desk, for the places that it keeps its things in."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from earful.settings import SettingsError

HOMES = ("/home/", "/root/", "/run/user/")
PLAIN = re.compile(r"[A-Za-z0-9_./:@=,+-]+")
STATE = Path("/var/lib")

UNIT = """\
# /etc/systemd/system/earful.service
# Once: useradd --system --home-dir /var/lib/earful --shell /usr/sbin/nologin earful
{once}\
# Then: systemctl daemon-reload && systemctl enable --now earful
[Unit]
Description=Earful, the desk for customer care on social networks
After=network-online.target
Wants=network-online.target

[Service]
Type=simple
User=earful
Group=earful
{state}\
Environment={data_dir}
# Every link comes from this address, never from what a browser claims.
Environment=EARFUL_PUBLIC_URL=https://{domain}
# Caddy stands in front with TLS; the desk itself listens on this machine only.
Environment=EARFUL_BEHIND_PROXY=yes
Environment=EARFUL_HOST=127.0.0.1
Environment=EARFUL_PORT={port}
{backups}\
# More settings, one NAME=value a line; the file may be absent.
EnvironmentFile=-/etc/earful.env
ExecStart={program} serve
Restart=on-failure
RestartSec=2
# Replies under way are finished before it ends.
KillMode=mixed
TimeoutStopSec=60
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
{writes}\
ProtectHome={home}

[Install]
WantedBy=multi-user.target
"""


@dataclass(frozen=True, slots=True)
class Places:
    """Where a desk keeps its things: absolute paths."""

    data: Path
    backups: Path | None = None
    passphrase_file: Path | None = None


def unit_for(domain: str, *, port: int, program: str, places: Places) -> str:
    """The text of the unit. Raises SettingsError for a path that no unit can hold."""
    ours = places.data.parent == STATE and PLAIN.fullmatch(places.data.name)
    made = [path for path in (None if ours else places.data, places.backups) if path]
    state = (
        "# Database, media, secret key; only this user can look inside.\n"
        f"StateDirectory={places.data.name}\nStateDirectoryMode=0700\n"
    )
    folders = (shlex.quote(str(path)) for path in made)
    once = (f"# And: install -d -o earful -g earful -m 0700 {folder}\n" for folder in folders)
    backups = ""
    if places.backups and places.passphrase_file:
        backups = (
            f"Environment={quoted(f'EARFUL_BACKUP_DIR={places.backups}')}\n"
            f"Environment={quoted(f'EARFUL_BACKUP_PASSPHRASE_FILE={places.passphrase_file}')}\n"
        )
    used = (program, places.data, places.backups, places.passphrase_file)
    in_home = any(str(path).startswith(HOMES) for path in used if path)
    return UNIT.format(
        domain=domain,
        port=port,
        program=quoted(program),
        once="".join(once),
        state=state if ours else "",
        data_dir=quoted(f"EARFUL_DATA_DIR={places.data}"),
        backups=backups,
        writes=_writes(None if ours else places.data, places.backups),
        home="read-only" if in_home else "yes",
    )


def _writes(data: Path | None, backups: Path | None) -> str:
    """The folders outside the state directory that the desk may write to."""
    lines = [f"ReadWritePaths={quoted(str(path))}\n" for path in (data, backups) if path]
    if backups is None:
        lines.append(
            "# Backups go to another disk, where there is one: name its folder here, too, if it is "
            "elsewhere.\nReadWritePaths=-/var/backups/earful\n"
        )
    return "".join(lines)


def quoted(text: str) -> str:
    """One word of a unit file: as systemd.syntax(7) and its specifiers want it."""
    if not text.isprintable():
        raise SettingsError(f"{text!r} can't stand in a systemd unit: choose another path.")
    text = text.replace("%", "%%")
    if PLAIN.fullmatch(text.replace("%%", "")):
        return text
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
