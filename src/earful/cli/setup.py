"""setup: the files that put a desk on the internet."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from earful.settings import SettingsError

DOMAIN = re.compile(
    r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?"
)

SYSTEMD = """\
# /etc/systemd/system/earful.service
# Once: useradd --system --home-dir /var/lib/earful --shell /usr/sbin/nologin earful
# Then: systemctl daemon-reload && systemctl enable --now earful
[Unit]
Description=Earful, the desk for customer care on social networks
After=network-online.target
Wants=network-online.target

[Service]
Type=simple
User=earful
Group=earful
# Database, media, secret key; only this user can look inside.
StateDirectory=earful
StateDirectoryMode=0700
Environment=EARFUL_DATA_DIR=/var/lib/earful
# Every link comes from this address, never from what a browser claims.
Environment=EARFUL_PUBLIC_URL=https://{domain}
# Caddy stands in front with TLS; the desk itself listens on this machine only.
Environment=EARFUL_BEHIND_PROXY=yes
Environment=EARFUL_HOST=127.0.0.1
Environment=EARFUL_PORT={port}
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
# Backups go to another disk, where there is one: name its folder here, too, if it is elsewhere.
ReadWritePaths=-/var/backups/earful
ProtectHome={home}

[Install]
WantedBy=multi-user.target
"""

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
    command:
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
      # Every link comes from this address, never from what a browser claims.
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


def files_for(domain: str, *, port: int, program: str) -> dict[str, str]:
    """The texts by file name."""
    home = "read-only" if program.startswith(("/home/", "/root/")) else "yes"
    return {
        "earful.service": SYSTEMD.format(domain=domain, port=port, program=program, home=home),
        "Caddyfile": CADDY.format(domain=domain, port=port, upstream="127.0.0.1"),
        "Caddyfile.compose": CADDY.format(domain=domain, port=port, upstream="earful"),
        "compose.yaml": COMPOSE.format(domain=domain, port=port),
    }


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
def setup(domain: str, out: Path, port: int) -> None:
    """Write a systemd unit, a Caddyfile and a compose file for a desk on the internet."""
    program = str(Path(sys.executable).parent / "earful")
    out.mkdir(parents=True, exist_ok=True)
    texts = files_for(checked(domain), port=port, program=program)
    if standing := [name for name in texts if (out / name).exists()]:
        raise SettingsError(f"{out} already has {', '.join(standing)}. Choose another --out.")
    for name, text in texts.items():
        (out / name).write_text(text)
        click.echo(str(out / name))
    click.echo("Either earful.service with Caddyfile, or compose.yaml with Caddyfile.compose.")
