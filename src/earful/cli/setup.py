"""setup: the files that put a desk on the internet."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import click

from earful.cli.unit import Places, unit_for
from earful.settings import SettingsError

# Written into files only: whoever runs the desk may read it, and need not be who asks.
FOLDER = click.Path(path_type=Path, resolve_path=True, readable=False)

DOMAIN = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?"
)

CADDY = """\
# /etc/caddy/Caddyfile
# Caddy gets the certificate by itself once {domain} points to this machine
# and ports 80 and 443 are open.
{domain} {{
\t# Figures are for this machine; ask the desk itself on port {port}.
\thandle /metrics {{
\t\trespond 404
\t}}
\thandle {{
\t\treverse_proxy {upstream}:{port} {{
\t\t\t# The stream of events goes out at once.
\t\t\tflush_interval -1
\t\t}}
\t}}
\theader Strict-Transport-Security "max-age=31536000"
}}
"""

COMPOSE = """\
# docker compose up -d
# The desk and Caddy, which gets the certificate by itself once {domain}
# points to this machine and ports 80 and 443 are open.
services:
  earful:
    image: python:3.13-slim
    # Put the wheel of the release beside this file. The newest one there is installed at the next
    # start: to upgrade, put the newer one beside it, then docker compose restart earful.
    volumes:
      - ./:/wheel:ro
      - earful-data:/var/lib/earful
      - earful-program:/opt/earful
{mounts}    command:
      - sh
      - -c
      - |
        set -e
        wheel=$$(ls /wheel/earful-*.whl | sort -V | tail -n 1)
        mark=$$(sha256sum "$$wheel")
        if [ "$$(cat /opt/earful/mark 2>/dev/null)" != "$$mark" ]; then
          python -m venv --clear /opt/earful
          /opt/earful/bin/pip install "$$wheel"
          echo "$$mark" > /opt/earful/mark
        fi
        exec /opt/earful/bin/earful serve
    environment:
      EARFUL_DATA_DIR: /var/lib/earful
{settings}      # Every link comes from this address, never from what a browser claims.
      EARFUL_PUBLIC_URL: https://{domain}
      # Caddy stands in front with TLS; nobody else reaches this port.
      EARFUL_BEHIND_PROXY: "yes"
      EARFUL_HOST: 0.0.0.0
      EARFUL_PORT: "{port}"
    expose:
      - "{port}"
    # Replies under way are finished before it ends.
    stop_grace_period: 60s
    init: true
    restart: unless-stopped
  caddy:
    image: caddy:2
    ports:
      - "80:80"
      - "443:443"
    volumes:
      # Caddyfile.compose calls the desk by its service's name.
      - ./Caddyfile.compose:/etc/caddy/Caddyfile:ro
      - caddy-data:/data
    depends_on:
      - earful
    restart: unless-stopped
volumes:
  earful-data:
  earful-program:
  caddy-data:
"""


BOUND = """\
      - type: bind
        source: {source}
        target: {target}
        read_only: {read_only}
"""


def files_for(domain: str, *, port: int, program: str, places: Places) -> dict[str, str]:
    """The texts by file name."""
    return {
        "earful.service": unit_for(domain, port=port, program=program, places=places),
        "Caddyfile": CADDY.format(domain=domain, port=port, upstream="127.0.0.1"),
        "Caddyfile.compose": CADDY.format(domain=domain, port=port, upstream="earful"),
        "compose.yaml": _compose(domain, port=port, places=places),
    }


def _compose(domain: str, *, port: int, places: Places) -> str:
    """Folders of this machine are found at the same place inside."""
    mounts, settings = "", ""
    for name, path, read_only in (
        ("EARFUL_BACKUP_DIR", places.backups, "false"),
        ("EARFUL_BACKUP_PASSPHRASE_FILE", places.passphrase_file, "true"),
    ):
        if path:
            # JSON's way to quote is one of YAML's; a single $ would be a variable.
            text = json.dumps(str(path)).replace("$", "$$")
            mounts += BOUND.format(source=text, target=text, read_only=read_only)
            settings += f"      {name}: {text}\n"
    return COMPOSE.format(domain=domain, port=port, mounts=mounts, settings=settings)


def checked(domain: str) -> str:
    """The domain in lower case. Raises SettingsError for what is none."""
    name = domain.strip().rstrip(".").lower()
    try:
        name = name.encode("idna").decode()
    except UnicodeError:
        name = ""
    if not DOMAIN.fullmatch(name):
        raise SettingsError(f"{domain!r} is no domain. Write it like care.example.org.")
    return name


@click.command()
@click.option("--domain", required=True, help="Where people reach the desk: care.example.org.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("earful-setup"),
    show_default=True,
    help="Folder to write to.",
)
@click.option("--port", type=click.IntRange(1, 65535), default=8420, show_default=True)
@click.option(
    "--data-dir",
    type=FOLDER,
    envvar="EARFUL_DATA_DIR",
    default=Path("/var/lib/earful"),
    show_default=True,
    help="Where the desk keeps everything, for the unit. Also from EARFUL_DATA_DIR.",
)
@click.option(
    "--backup-dir",
    type=FOLDER,
    envvar="EARFUL_BACKUP_DIR",
    help="Where scheduled backups go; goes with the next. Also from EARFUL_BACKUP_DIR.",
)
@click.option(
    "--backup-passphrase-file",
    type=FOLDER,
    envvar="EARFUL_BACKUP_PASSPHRASE_FILE",
    help="The file whose first line encrypts them. Also from EARFUL_BACKUP_PASSPHRASE_FILE.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def setup(
    *,
    domain: str,
    out: Path,
    port: int,
    data_dir: Path,
    backup_dir: Path | None,
    backup_passphrase_file: Path | None,
    as_json: bool,
) -> None:
    """Write a systemd unit, a Caddyfile and a compose file for a desk on the internet."""
    if (backup_dir is None) != (backup_passphrase_file is None):
        raise SettingsError("--backup-dir and --backup-passphrase-file go together.")
    places = Places(data_dir, backup_dir, backup_passphrase_file)
    program = str(Path(sys.executable).parent / "earful")
    texts = files_for(checked(domain), port=port, program=program, places=places)
    out.mkdir(parents=True, exist_ok=True)
    if standing := [name for name in texts if (out / name).exists()]:
        raise SettingsError(f"{out} already has {', '.join(standing)}. Choose another --out.")
    for name, text in texts.items():
        (out / name).write_text(text)
    files = [str(out / name) for name in texts]
    words = "Either earful.service with Caddyfile, or compose.yaml with Caddyfile.compose."
    answer = {"files": files, "words": words}
    click.echo(json.dumps(answer) if as_json else "\n".join([*files, words]))
