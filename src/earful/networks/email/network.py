"""The manifest of email, and how a channel is opened."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from typing import get_args

from earful.networks.contract import (
    Connector,
    Grant,
    Identity,
    Manifest,
    Ports,
    Rejected,
    Samples,
)
from earful.networks.email.checking import Dns
from earful.networks.email.connector import EmailConnector, Where
from earful.networks.email.fields import FIELDS, GUIDE
from earful.networks.email.headers import mailboxes
from earful.networks.email.listening import Manner
from earful.networks.email.names import Us, invited
from earful.networks.email.providers import authorization, oauth_of, redeemed
from earful.networks.email.wire import Place, Security
from earful.networks.email.writing import FILE_TYPES, LENGTH, MOST_FILES

_PLUS = re.compile(r"(?:gmail|googlemail|office365|outlook|fastmail|icloud|me|proton)\.(?:com|me)$")
_SAVES = re.compile(r"(?:gmail|googlemail|office365|outlook)\.com$")
_PORTS = {("imap", "tls"): 993, ("imap", "starttls"): 143, ("imap", "none"): 143,
          ("smtp", "tls"): 465, ("smtp", "starttls"): 587, ("smtp", "none"): 25}  # fmt: skip


class EmailNetwork:
    """Mail in by IMAP, out by SMTP."""

    way = "email"
    manifest = Manifest(
        bare_handles=True,
        network="email",
        title="Email",
        fields=FIELDS,
        length=LENGTH,
        counted_in="characters",
        images=MOST_FILES,
        image_bytes=10_000_000,
        image_types=("image/png", "image/jpeg", "image/webp", "image/gif"),
        files=MOST_FILES,
        file_bytes=10_000_000,
        file_types=FILE_TYPES,
        alt_text_required=False,
        settle_for=900.0,
        private=True,
        recalls=False,
        guide=GUIDE,
    )

    def open(
        self, config: Mapping[str, str], secrets: Mapping[str, str], ports: Ports
    ) -> Connector:
        """A channel. Raises Rejected when the config makes no sense; touches nothing yet."""
        return EmailConnector(where(config, secrets), ports)

    def welcome(self, identity: Identity, config: Mapping[str, str], code: str) -> str:
        """Our address, and what to put into the subject."""
        del config
        return f"{identity.handle}, with {invited(code)} in the subject"

    def samples(self) -> Samples:
        """See Sampled."""
        from earful.networks.email import samples  # noqa: PLC0415 - for who measures

        return samples

    def count(self, text: str) -> int:
        """Length in characters."""
        return len(text)

    async def begin(
        self, config: Mapping[str, str], secrets: Mapping[str, str], callback: str, state: str
    ) -> Grant:
        """Send the person to her provider's sign-in. Raises Rejected where none is set."""
        return authorization(config, secrets, callback, state)

    async def finish(
        self,
        config: Mapping[str, str],
        secrets: Mapping[str, str],
        callback: str,
        keep: Mapping[str, object],
        query: Mapping[str, str],
    ) -> Mapping[str, object]:
        """The tokens for what the provider sent her back with."""
        return await redeemed(config, secrets, callback, keep, query)


def where(config: Mapping[str, str], secrets: Mapping[str, str]) -> Where:
    """The account that a config names. Raises Rejected when it makes no sense."""
    us = _us(config)
    oauth = oauth_of(config, secrets)
    imap = _place(config, "imap")
    smtp = _place(config, "smtp", instead=imap.host)
    bare = [one for one in (imap, smtp) if one.security == "none" and not _is_here(one.host)]
    if bare and secrets.get("password"):
        raise Rejected("A password is not sent without TLS. Choose tls or starttls.")
    dns_host, dns_port = _host_port(config.get("dns") or "", 53)
    return Where(
        us=us,
        imap=imap,
        smtp=smtp,
        username=(config.get("username") or us.address).strip(),
        password=secrets.get("password", ""),
        oauth=oauth,
        manner=Manner(
            folder=(config.get("folder") or "INBOX").strip(),
            sent=(config.get("sent") or "").strip(),
            mark_seen=_yes(config, "mark_seen"),
        ),
        mark=_mark(config, smtp.host),
        quote=_yes(config, "quote"),
        keep=not _SAVES.search(smtp.host),
        dns=Dns(dns_host, dns_port),
    )


def _us(config: Mapping[str, str]) -> Us:
    found = mailboxes(config.get("address", ""))
    if len(found) != 1:
        raise Rejected("Write the address of the mailbox, such as care@northwind.example.")
    aliases = frozenset(one.address for one in mailboxes(config.get("aliases", "")))
    return Us(found[0].address, config.get("name", "").strip() or found[0].name, aliases)


def _mark(config: Mapping[str, str], smtp_host: str) -> str:
    """Where the reply token stands."""
    wanted = (config.get("reply_token") or "auto").strip().lower()
    if wanted not in ("auto", "plus", "subject", "off"):
        raise Rejected("The reply token stands in: auto, plus, subject or off.")
    if wanted != "auto":
        return wanted
    return "plus" if _PLUS.search(smtp_host) else "subject"


def _place(config: Mapping[str, str], kind: str, instead: str = "") -> Place:
    security: str = (config.get(f"{kind}_security") or "tls").strip().lower()
    if security not in get_args(Security):
        raise Rejected(f"The security of {kind.upper()} is tls, starttls or none.")
    wanted = config.get(kind, "").strip() or instead
    host, port = _host_port(wanted, _PORTS[kind, security])
    if not host:
        raise Rejected(f"Write the name of the {kind.upper()} server.")
    within = float(config.get("answer_within") or 20.0)
    return Place(host, port, security, within)  # type: ignore[arg-type]


def _host_port(text: str, port: int) -> tuple[str, int]:
    host, colon, number = text.strip().rpartition(":")
    if colon and number.isdigit() and (":" not in host or host.startswith("[")):
        if not 1 <= int(number) <= 65535:
            raise Rejected(f"{number} is no port.")
        return host.strip("[]"), int(number)
    return text.strip().strip("[]"), port


def _yes(config: Mapping[str, str], name: str) -> bool:
    return (config.get(name) or "").strip().lower() in ("yes", "true", "1", "on")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
