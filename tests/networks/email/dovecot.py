"""Dovecot, where it is installed: the server that most mailboxes lie on, run by the test alone."""

from __future__ import annotations

import asyncio
import grp
import os
import pwd
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.networks.email.imap_server import PASSWORD, Mail

BINARY = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _config(folder: Path, port: int, user: str) -> str:
    who = pwd.getpwnam(user)
    return f"""
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
default_internal_user = {user}
default_internal_group = {_group(who.pw_gid)}
default_login_user = {user}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{folder}/mail
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
}}
service anvil {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
}}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid={who.pw_uid} gid={who.pw_gid} home={folder}/home
}}
"""


def _group(gid: int) -> str:
    return grp.getgrgid(gid).gr_name


@asynccontextmanager
async def dovecot_server() -> AsyncIterator[Mail]:
    """A server with one user, an INBOX and a Sent folder."""
    user = "nobody" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    with tempfile.TemporaryDirectory(prefix="dc-", dir="/tmp", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        mail = Mail()
        mail.port = _free_port()
        _furnish(folder, user)
        config = folder / "dovecot.conf"
        config.write_text(_config(folder, mail.port, user))
        process = await asyncio.create_subprocess_exec(str(BINARY), "-F", "-c", str(config))
        try:
            await _answers(mail.port)
            yield mail
        finally:
            process.terminate()
            await process.wait()


def _furnish(folder: Path, user: str) -> None:
    folder.chmod(0o755)
    for part in ("run", "state", "mail", "home"):
        (folder / part).mkdir()
        if os.geteuid() == 0:
            shutil.chown(folder / part, user)


async def _answers(port: int) -> None:
    async with asyncio.timeout(20):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.1)
            else:
                writer.close()
                return
