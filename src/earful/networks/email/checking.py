"""Looks the set-up over: may our server send for our domain, and does a mail come back to us?"""

from __future__ import annotations

import re
from email.message import EmailMessage
from email.utils import format_datetime

import msgspec

from earful.kit.ids import new_id
from earful.networks.contract import Finding, NetworkError, Ports
from earful.networks.email.doubts import failed
from earful.networks.email.headers import Headers
from earful.networks.email.mailbox import Mailboxes
from earful.networks.email.names import Us
from earful.networks.email.smtp import Smtp
from earful.networks.email.translate import TEST_HEADER, head_of

_TRIES, _EVERY = 10, 2.0
_SELECTORS = ("google", "selector1", "selector2", "default", "dkim", "mail", "s1", "k1", "fm1")
_INCLUDES = {
    "gmail.com": "_spf.google.com",
    "googlemail.com": "_spf.google.com",
    "office365.com": "spf.protection.outlook.com",
    "fastmail.com": "spf.messagingengine.com",
    "zoho.com": "zoho.com",
    "mailbox.org": "mailbox.org",
}
_ORDER = {"bad": 0, "warn": 1, "good": 2}


class Dns(msgspec.Struct, frozen=True):
    """Which name server is asked; empty for the system's. `within` is in seconds."""

    server: str = ""
    port: int = 53
    within: float = 5.0

    async def texts(self, name: str) -> list[str] | None:
        """The TXT records of a name; None when nobody can say."""
        # 3 MB that only a check of a mailbox needs, in every process.
        import dns.asyncresolver  # noqa: PLC0415
        import dns.exception  # noqa: PLC0415
        import dns.resolver  # noqa: PLC0415

        resolver = dns.asyncresolver.Resolver(configure=not self.server)
        if self.server:
            resolver.nameservers, resolver.port = [self.server], self.port
        try:
            answer = await resolver.resolve(name, "TXT", lifetime=self.within)
        except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
            return []
        except (dns.exception.DNSException, OSError, ValueError, UnicodeError):
            return None
        return [b"".join(record.strings).decode("utf-8", "replace") for record in answer]


class Checking:
    """One look at a channel's set-up."""

    def __init__(self, us: Us, smtp_host: str, dns_: Dns, ports: Ports) -> None:
        self._us, self._host, self._dns, self._ports = us, smtp_host, dns_, ports
        self._selectors: tuple[str, ...] = ()

    async def all(self, smtp: Smtp, boxes: Mailboxes) -> tuple[Finding, ...]:
        """Everything, the worst first."""
        test = await self.test(smtp, boxes)
        found = [test, await self.spf(), await self.dkim(), await self.dmarc()]
        return tuple(sorted(found, key=lambda one: _ORDER[one.state]))

    async def spf(self) -> Finding:
        """Does the domain name who may send for it?"""
        domain, title = self._us.domain, "SPF"
        told = await self._dns.texts(domain)
        if told is None:
            return _unasked(title, domain)
        records = [one for one in told if re.match(r"v=spf1(\s|$)", one, re.IGNORECASE)]
        include = next((name for end, name in _INCLUDES.items() if self._host.endswith(end)), "")
        if not records:
            mechanism = f"include:{include}" if include else "a mechanism for your mail server"
            words = (
                f"{domain} does not say who may send mail for it. Add a TXT record to {domain}: "
                f"v=spf1 {mechanism} ~all"
            )
            return Finding("bad", title, words)
        if len(records) > 1:
            words = f"{domain} has {len(records)} SPF records; with more than one none counts. "
            return Finding("bad", title, words + "Make one of them.")
        record = records[0].lower()
        if re.search(r"\s\+?all\b", record):
            words = "The SPF record lets anybody send for your domain (+all). End it in ~all."
            return Finding("bad", title, words)
        if include and include not in record and "redirect=" not in record:
            words = f"The SPF record does not name your provider. Add include:{include} to it."
            return Finding("warn", title, words)
        return Finding("good", title, f"{domain} says who may send for it: {records[0][:300]}")

    async def dkim(self) -> Finding:
        """Is there a key for our signatures? The test mail tells which; else the usual names."""
        domain, title = self._us.domain, "DKIM"
        names = self._selectors or _SELECTORS
        unasked = True
        for selector in names:
            told = await self._dns.texts(f"{selector}._domainkey.{domain}")
            unasked = unasked and told is None
            for record in told or ():
                if re.search(r"\bp=\s*[A-Za-z0-9+/]", record):
                    words = f"There is a key for signatures ({selector}._domainkey.{domain})."
                    return Finding("good", title, words)
                if re.search(r"\bp=\s*(;|$)", record):
                    words = f"The key {selector}._domainkey.{domain} was withdrawn (p= is empty)."
                    return Finding("bad", title, f"{words} Publish a new one with your provider.")
        if unasked:
            return _unasked(title, domain)
        words = (
            f"No DKIM key was found for {domain}. Switch DKIM on with your provider, and add the "
            "TXT record that it shows; without it large providers refuse or hide your mail."
        )
        return Finding("warn", title, words)

    async def dmarc(self) -> Finding:
        """Does the domain say what becomes of mail that only pretends to be from it?"""
        title = "DMARC"
        labels = self._us.domain.split(".")
        for start in range(max(1, len(labels) - 1)):
            name = "_dmarc." + ".".join(labels[start:])
            told = await self._dns.texts(name)
            if told is None:
                return _unasked(title, self._us.domain)
            records = [one for one in told if one.lower().replace(" ", "").startswith("v=dmarc1")]
            if records:
                return _dmarc(name, records)
        words = (
            f"There is no DMARC record. Add a TXT record to _dmarc.{self._us.domain}: "
            f"v=DMARC1; p=none; rua=mailto:{self._us.address} — and p=quarantine when all is well."
        )
        return Finding("bad", title, words)

    async def test(self, smtp: Smtp, boxes: Mailboxes) -> Finding:
        """Send a mail to ourselves and see it arrive."""
        title, key = "A test mail", new_id()
        try:
            await smtp.hand_over(self._test_mail(key), self._us.address, self._us.address)
        except NetworkError as error:
            return Finding("bad", title, f"It could not be sent. {error}")
        for _ in range(_TRIES):
            try:
                headers = await self._arrived(boxes, key)
            except NetworkError as error:
                return Finding("bad", title, f"It was sent, but the mailbox can't be read. {error}")
            if headers is not None:
                return self._judged(headers)
            await self._ports.wait(_EVERY)
        words = (
            f"It was sent, and did not arrive in {boxes.folder} within {_TRIES * _EVERY:.0f} "
            "seconds. Look whether it lies in another folder or among the junk."
        )
        return Finding("bad", title, words)

    def _test_mail(self, key: str) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = mail["To"] = self._us.address
        mail["Subject"] = "Earful: a test of this mailbox"
        mail["Date"] = format_datetime(self._ports.now())
        mail["Message-ID"] = f"<test-{key}@{self._us.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail[TEST_HEADER] = key
        mail.set_content("Earful sent this to see that mail from here arrives. It can be deleted.")
        return mail

    async def _arrived(self, boxes: Mailboxes, key: str) -> Headers | None:
        async with boxes.open() as imap:
            await imap.examine(boxes.folder)
            for uid in await imap.with_id(f"test-{key}@{self._us.domain}"):
                for one in await imap.fetch(str(uid), "UID BODY.PEEK[HEADER]"):
                    headers = head_of(one.data or b"")
                    if headers.raw(TEST_HEADER).strip() == key:
                        return headers
        return None

    def _judged(self, headers: Headers) -> Finding:
        """What the receiving server made of the test, and which key signed it."""
        signed = [
            selector[1]
            for one in headers.every("dkim-signature")
            if self._us.domain in one.lower() and (selector := re.search(r"\bs=([\w.\-]+)", one))
        ]
        self._selectors = tuple(signed[:3])
        if no := failed(headers):
            words = f"It arrived, but the server that took it says: {', '.join(no)} failed."
            return Finding("warn", "A test mail", words)
        return Finding("good", "A test mail", f"It was sent to {self._us.address} and arrived.")


def _dmarc(name: str, records: list[str]) -> Finding:
    if len(records) > 1:
        return Finding("bad", "DMARC", f"{name} has several DMARC records; then none counts.")
    policy = re.search(r"\bp\s*=\s*(\w+)", records[0], re.IGNORECASE)
    if policy is None:
        return Finding("bad", "DMARC", f"The record at {name} names no policy (p=).")
    if policy[1].lower() == "none":
        words = f"{name} only watches (p=none). When the reports are clean, set p=quarantine."
        return Finding("warn", "DMARC", words)
    return Finding("good", "DMARC", f"{name} has the policy {policy[1].lower()}.")


def _unasked(title: str, domain: str) -> Finding:
    words = f"The name server could not be asked about {domain}. Try again in a while."
    return Finding("warn", title, words)
