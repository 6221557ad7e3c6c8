"""What goes out: one mail to one person, in the thread, once; refusals in words; tokens renewed."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from earful.kit.ids import new_id
from earful.networks.contract import (
    Authorizes,
    Draft,
    Original,
    Reauthorize,
    Rejected,
    RetryLater,
    Target,
    Upload,
)
from earful.networks.email import NETWORK
from earful.networks.email.body import as_html, as_plain
from earful.networks.email.names import message_id
from earful.networks.email.quotes import new_text
from tests.networks.email.bench import CAROL, Bench, token_server
from tests.networks.email.test_translate import CARE


def target(**ref: Any) -> Target:
    """A mail of Carol's."""
    said = {"message_id": "q@customers.example", "references": ["first@customers.example"],
            "subject": "AW: Re: My parcel", "reply_to": CAROL, "to_count": 10_000}  # fmt: skip
    return Target("q@customers.example#x", CAROL, {**said, **ref})


def draft(text: str = "We look.", **more: Any) -> Draft:
    """An answer to it."""
    return Draft(text=text, reply_to=target(), **more)


async def test_an_answer_goes_to_one_person_and_into_the_thread(bench: Bench) -> None:
    key = new_id()
    await bench.open(reply_token="plus").send(draft(), key)
    [sent] = bench.post.got
    assert bench.post.recipients == [CAROL]
    assert sent["To"] == CAROL
    assert sent["Cc"] is None
    assert sent["From"] == "Northwind <care@northwind.example>"
    assert sent["Subject"] == "Re: My parcel"
    assert sent["Message-ID"] == f"<{message_id(key, CARE)}>"
    assert sent["In-Reply-To"] == "<q@customers.example>"
    assert sent["References"] == "<first@customers.example> <q@customers.example>"
    assert "care+" in sent["Reply-To"]


async def test_pictures_go_along_with_their_words(bench: Bench) -> None:
    await bench.open().send(
        draft(uploads=(Upload(b"png", "image/png", "the router", 1, 1),)), new_id()
    )
    [sent] = bench.post.got
    [picture] = list(sent.iter_attachments())
    assert (picture.get_content_type(), picture.get_content()) == ("image/png", b"png")
    assert picture["Content-Description"] == "the router"


def test_html_says_what_the_text_says_and_no_more() -> None:
    shown = as_html("<b>&\nsee https://x.example/a?b=1&c=2.")
    assert "&lt;b&gt;&amp;<br>" in shown
    assert '<a href="https://x.example/a?b=1&amp;c=2">' in shown


async def test_a_copy_is_kept_once_where_the_server_keeps_none(bench: Bench) -> None:
    bench.post.saves = False
    key = new_id()
    await bench.open().send(draft(), key)
    assert len(await bench.mail.all("Sent")) == 1
    found = await bench.open().settle(draft(), key)
    assert found is not None
    bench.post.saves = True
    await bench.open().send(draft("again"), new_id())
    assert len(await bench.mail.all("Sent")) == 2


@pytest.mark.parametrize(
    ("to", "says"),
    [
        ("noreply@shop.example", "Nobody reads"),
        ("mailer-daemon@mail.example", "Nobody reads"),
        ("", "names no address"),
        ("unknown@customers.example", "550 5.1.1 no such mailbox"),
    ],
)
async def test_nobody_to_answer_is_said_in_words(bench: Bench, to: str, says: str) -> None:
    nobody = Target("x#y", to, {"reply_to": to})
    with pytest.raises(Rejected, match=says):
        await bench.open().send(Draft(text="Hello", reply_to=nobody), new_id())
    assert bench.post.got == []


@pytest.mark.parametrize(
    ("answer", "decision"),
    [
        ("552 5.3.4 too large", Rejected),
        ("554 5.7.1 spam", Rejected),
        ("452 4.2.2 full", RetryLater),
        ("421 4.3.2 going down", RetryLater),
    ],
)
async def test_refusals_are_told_from_passing_ones(
    bench: Bench, answer: str, decision: type[Exception]
) -> None:
    bench.post.answer = answer
    with pytest.raises(decision):
        await bench.open().send(draft(), new_id())


async def test_a_header_can_not_be_smuggled_in(bench: Bench) -> None:
    evil = target(subject="Hi\r\nBcc: all@x.example", message_id="a> <b\r\nX: y", references=["<>"])
    await bench.open().send(Draft(text="ok", reply_to=evil), new_id())
    [sent] = bench.post.got
    assert sent["Bcc"] is None
    assert sent["X"] is None
    assert sent["In-Reply-To"] is None


async def test_a_wrong_password_holds_the_channel(bench: Bench) -> None:
    with pytest.raises(Reauthorize):
        await bench.open(password="wrong").probe()
    with pytest.raises(Reauthorize):
        await bench.open(password="wrong").send(draft(), new_id())


async def test_a_token_taken_away_between_two_mails_is_renewed_else_the_channel_is_held(
    bench: Bench,
) -> None:
    async with token_server(bench.mail) as url:
        way = {"sign_in": "oauth", "client_id": "earful", "token_url": url}
        await bench.tokens.save({"refresh_token": "refresh-1"})
        await bench.open(**way).send(draft("one"), new_id())
        bench.mail.valid.clear()
        await bench.open(**way).send(draft("two"), new_id())
        assert bench.tokens.saved[-1]["access_token"] == "access-2"
        assert bench.tokens.saved[-1]["refresh_token"] == "refresh-1"
        bench.mail.valid.clear()
        await bench.tokens.save({"refresh_token": "withdrawn"})
        with pytest.raises(Reauthorize, match="signed in to again"):
            await bench.open(**way).send(draft("three"), new_id())
    assert len(bench.post.got) == 2


async def test_a_person_signs_in_at_the_providers_own_pages(bench: Bench) -> None:
    assert isinstance(NETWORK, Authorizes)
    async with token_server(bench.mail, good="code=c0de") as url:
        config = {**bench.config, "sign_in": "oauth", "client_id": "earful",
                  "authorize_url": "https://provider.example/in", "token_url": url}  # fmt: skip
        back = "https://desk.example/back"
        grant = await NETWORK.begin(config, {}, back, "state-1")
        assert grant.url.startswith("https://provider.example/in?")
        assert "state=state-1" in grant.url
        assert "code_challenge_method=S256" in grant.url
        with pytest.raises(Rejected, match="did not let us in: access_denied"):
            await NETWORK.finish(config, {}, back, grant.keep, {"error": "access_denied"})
        with pytest.raises(Rejected, match="no refresh token"):
            await NETWORK.finish(config, {}, back, grant.keep, {"code": "c0de"})
        with pytest.raises(Rejected, match="does not take"):
            await NETWORK.finish(config, {}, back, grant.keep, {"code": "stale"})


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"address": "nonsense"}, "Write the address"),
        ({"imap": ""}, "Write the name of the IMAP server"),
        ({"imap": "mail.example:99999"}, "no port"),
        ({"imap_security": "perhaps"}, "tls, starttls or none"),
        ({"imap": "mail.example", "imap_security": "none"}, "not sent without TLS"),
        ({"reply_token": "x"}, "reply token"),
        ({"sign_in": "magic"}, "Sign in with"),
        ({"sign_in": "google"}, "client id"),
    ],
)
def test_settings_that_make_no_sense_are_refused_in_words(
    bench: Bench, config: dict[str, str], says: str
) -> None:
    with pytest.raises(Rejected, match=says):
        bench.open(**config)


def test_what_is_answered_stands_folded_below_and_is_told_from_the_answer() -> None:
    at = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
    said = Original('Carol: <b> "x"', at, "Where is it?\n> you wrote before\n\n<script>1</script>")
    plain = as_plain("It left today.", said)
    assert plain == (
        'It left today.\n\nOn Mon, 23 Nov 2026 at 09:15 UTC, Carol  <b> "x" wrote:\n'
        "> Where is it?\n>> you wrote before\n>\n> <script>1</script>\n"
    )
    assert new_text(plain) == "It left today."
    shown = as_html("It left today.", said)
    assert '<blockquote type="cite" dir="auto">Where is it?<br>' in shown
    assert "<script>" not in shown
    assert "<b>" not in shown
    assert as_plain("Hello", Original("Carol", at, " ")) == "Hello"
    assert len(as_plain("Hello", Original("Carol", at, "x" * 90_000))) < 21_000
