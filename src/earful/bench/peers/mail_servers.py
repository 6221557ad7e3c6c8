"""A program of its own: IMAP (pymap) and SMTP (aiosmtpd), which puts what it takes in the mailbox.

Prints its ports as one line of JSON, and ends when its standard input closes.
"""

from __future__ import annotations

import asyncio
import imaplib
import json
import os
import socket
import sys
import threading
from argparse import Namespace
from contextlib import AsyncExitStack
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope
from proxyprotocol.result import ProxyResultLocal
from proxyprotocol.sock import SocketInfo
from pymap.backend.dict import Config, DictBackend, Login
from pymap.imap import IMAPServer
from pymap.user import Passwords, UserMetadata
from pysasl.hashing import Cleartext


class Inbox:
    """Takes mail by SMTP and lays it in the mailbox by IMAP, as a mail server's delivery does."""

    def __init__(self, port: int, user: str, password: str) -> None:
        self._client = imaplib.IMAP4("127.0.0.1", port)
        self._client.socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client.login(user, password)
        self._client.create("Sent")
        self._one_at_a_time = asyncio.Lock()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Envelope) -> str:
        """A mail comes in: taken only when it lies there."""
        raw = envelope.content
        if not isinstance(raw, bytes):
            return "451 no bytes"
        async with self._one_at_a_time:
            done, _ = await asyncio.to_thread(self._client.append, "INBOX", "", "", raw)
        return "250 taken" if done == "OK" else "451 it can't be kept"


async def serve(user: str, password: str) -> None:
    """Both servers, until the process ends."""
    args = Namespace(passlib_cfg=None, proxy_protocol=None, inherited_sockets=None)
    config = Config(
        args, host="127.0.0.1", port=0, tls_enabled=False, invalid_user_sleep=0,
        demo_data=False, demo_user=user, demo_password=password, disable_idle=False,
        hash_context=Cleartext(), secure_auth=False,
    )  # fmt: skip
    login = Login(config)
    hashed = await Passwords(config).hash_password(password)
    login.users_dict[user] = UserMetadata(config, user, password=hashed)
    backend = DictBackend(login, config)
    config.apply_context()
    async with AsyncExitStack() as stack:
        await backend.start(stack)
        speak = IMAPServer(login, config)

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await speak(
                    reader, writer, SocketInfo.get(writer, ProxyResultLocal(), unique_id=b"")
                )
            except (OSError, EOFError):
                pass  # the other side went away
            finally:
                writer.close()

        imap = await asyncio.start_server(talk, "127.0.0.1", 0)
        port = imap.sockets[0].getsockname()[1]
        inbox = await asyncio.to_thread(Inbox, port, user, password)
        smtp = await asyncio.get_running_loop().create_server(
            lambda: SMTP(inbox, hostname="mail.bench"), "127.0.0.1", 0
        )
        said = {"imap": port, "smtp": smtp.sockets[0].getsockname()[1]}
        print(json.dumps(said), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
    asyncio.run(serve(*sys.argv[1:3]))
