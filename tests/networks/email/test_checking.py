"""The set-up looked over: real DNS answers, and a mail that comes back to us."""

from __future__ import annotations

import pytest

from earful.networks.contract import Checks, Finding, Ports
from earful.networks.email.checking import Checking, Dns
from earful.networks.email.names import Us
from earful.networks.email.translate import head_of
from tests.networks.email.bench import Bench
from tests.networks.email.dns_server import name_server

DOMAIN = "northwind.example"
GOOD = {
    DOMAIN: ["google-site-verification=x", "v=spf1 mx -all"],
    f"selector1._domainkey.{DOMAIN}": ["v=DKIM1; k=rsa; p=MIIBIjAN"],
    f"_dmarc.{DOMAIN}": ["v=DMARC1; p=reject"],
}


async def look(records: dict[str, list[str]], host: str = "mail.test") -> dict[str, Finding]:
    """What the three look-ups say."""
    async with name_server(records) as place:
        dns = Dns("127.0.0.1", int(place.partition(":")[2]), 2.0)
        checking = Checking(Us(f"care@{DOMAIN}"), host, dns, _ports())
        found = [await checking.spf(), await checking.dkim(), await checking.dmarc()]
    return {one.title: one for one in found}


def _ports() -> Ports:
    bench: Ports = Ports(now=None, wait=None, tokens=None, budget=None)  # type: ignore[arg-type]
    return bench


async def test_all_is_well() -> None:
    found = await look(GOOD)
    assert {one.state for one in found.values()} == {"good"}


@pytest.mark.parametrize(
    ("records", "title", "state", "says"),
    [
        ({}, "SPF", "bad", f"Add a TXT record to {DOMAIN}: v=spf1"),
        ({DOMAIN: ["v=spf1 mx -all", "v=spf1 a -all"]}, "SPF", "bad", "with more than one none"),
        ({DOMAIN: ["v=spf1 +all"]}, "SPF", "bad", "lets anybody send"),
        ({DOMAIN: ["v=spf10 mx"]}, "SPF", "bad", "does not say who may send"),
        ({}, "DKIM", "warn", "Switch DKIM on with your provider"),
        ({f"google._domainkey.{DOMAIN}": ["v=DKIM1; p="]}, "DKIM", "bad", "was withdrawn"),
        ({}, "DMARC", "bad", f"Add a TXT record to _dmarc.{DOMAIN}"),
        ({f"_dmarc.{DOMAIN}": ["v=DMARC1; p=none"]}, "DMARC", "warn", "only watches"),
        ({f"_dmarc.{DOMAIN}": ["v=DMARC1; rua=mailto:x"]}, "DMARC", "bad", "names no policy"),
        ({f"_dmarc.{DOMAIN}": ["v=DMARC1; p=none"] * 1 + ["v=DMARC1; p=reject"]}, "DMARC", "bad",
         "several"),
    ],
)  # fmt: skip
async def test_what_is_wrong_says_what_to_do(
    records: dict[str, list[str]], title: str, state: str, says: str
) -> None:
    found = (await look(records))[title]
    assert found.state == state
    assert says in found.words


async def test_a_providers_own_servers_must_be_named() -> None:
    found = (await look(GOOD, host="smtp.gmail.com"))["SPF"]
    assert found.state == "warn"
    assert "include:_spf.google.com" in found.words


async def test_a_test_mail_is_sent_to_oneself_and_is_no_message_of_the_desk(bench: Bench) -> None:
    async with name_server(GOOD) as place:
        connector = bench.open(dns=place)
        assert isinstance(connector, Checks)
        found = await connector.check()
    assert [(one.title, one.state) for one in found] == [
        ("A test mail", "good"),
        ("SPF", "good"),
        ("DKIM", "good"),
        ("DMARC", "good"),
    ]
    async for batch in connector.stream(None):
        assert batch.changes == ()
        break


async def test_a_test_that_can_not_be_sent_is_the_first_finding(bench: Bench) -> None:
    bench.post.answer = "554 5.7.1 you are on a list"
    async with name_server(GOOD) as place:
        found = await bench.open(dns=place).check()
    assert (found[0].title, found[0].state) == ("A test mail", "bad")
    assert "you are on a list" in found[0].words


async def test_a_name_server_that_is_silent_is_no_fault_of_the_domain() -> None:
    dns = Dns("127.0.0.1", 1, 0.2)
    found = await Checking(Us(f"care@{DOMAIN}"), "mail.test", dns, _ports()).spf()
    assert found.state == "warn"
    assert "could not be asked" in found.words


@pytest.mark.parametrize(
    ("results", "state", "says"),
    [
        ([], "good", "arrived"),
        (["mx.example; spf=pass; dkim=pass; dmarc=pass"], "good", "arrived"),
        (["mx.example; spf=softfail; dkim=fail (no key); dmarc=pass"], "warn", "dkim, spf failed"),
        (["mx.example; spf=pass", "relay.example; dmarc=fail"], "good", "arrived"),
    ],
)
def test_what_the_receiving_server_made_of_the_test(
    results: list[str], state: str, says: str
) -> None:
    """Its own word is the topmost; those below are of servers on the way, or of anybody."""
    head = "".join(f"Authentication-Results: {each}\n" for each in results)
    signed = f"DKIM-Signature: v=1; d={DOMAIN}; s=key1; b=x\n"
    checking = Checking(Us(f"care@{DOMAIN}"), "mail.test", Dns("127.0.0.1", 1, 0.2), _ports())
    found = checking._judged(head_of(f"{head}{signed}\n".encode()))
    assert (found.state, says in found.words) == (state, True)
    assert checking._selectors == ("key1",)
