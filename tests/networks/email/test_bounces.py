"""Reports of mail that came back, as mail servers of all ages write them."""

from __future__ import annotations

import pytest

from earful.kit.ids import new_id
from earful.networks.contract import Post
from earful.networks.email.names import message_id, our_name
from tests.networks.email.test_translate import CARE, CAROL, post, written

QMAIL = """Hi. This is the qmail-send program at mx.customers.example.
I'm afraid I wasn't able to deliver your message to the following addresses.
This is a permanent error; I've given up. Sorry it didn't work out.

<carol@customers.example>:
Sorry, no mailbox here by that name. (#5.1.1)

--- Below this line is a copy of the message.

Return-Path: <care@northwind.example>
Subject: Re: x
Message-ID: <{id}>

Hello
"""
EXIM = """This message was created automatically by mail delivery software.

A message that you sent could not be delivered to one or more of its
recipients. This is a permanent error. The following address(es) failed:

  carol@customers.example
    host mx.customers.example [192.0.2.1]: 550 5.2.2 mailbox full

------ This is a copy of the message, including all the headers. ------

Message-ID: <{id}>
"""
LATE = """This message was created automatically by mail delivery software.
A message that you sent has not yet been delivered to one or more of its recipients after more
than 24 hours. No action is required on your part. Delivery attempts will continue.

  carol@customers.example
    Delay reason: 451 4.4.1 no answer; it will be retried

Message-ID: <{id}>
"""
NO_STATUS = """--b
Content-Type: text/plain

Your message to carol@customers.example couldn't be delivered.

--b
Content-Type: message/rfc822

Message-ID: <{id}>

Hello
--b--
"""
WIDE = """--b
Content-Type: text/plain; charset=utf-8

Nope.
--b
Content-Type: message/global-delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: utf-8; jörg@bücher.example
Action: failed
Status: 5.7.26
Diagnostic-Code: smtp; 550-5.7.26 unauthenticated

--b
Content-Type: message/global-headers

Message-ID: <{id}>

--b--
"""
REPORT = 'multipart/report; report-type=delivery-status; boundary="b"'


def came_back(body: str, identifier: str, **headers: str) -> Post:
    """A mail server's mail."""
    head = {"From": "MAILER-DAEMON@mx.customers.example", "Return_Path": "<>"} | headers
    return post(written(body.replace("{id}", identifier), **head))


@pytest.mark.parametrize(
    ("body", "headers", "words"),
    [
        (QMAIL, {"Subject": "failure notice"}, "there is no such address: Sorry, no mailbox here"),
        (EXIM, {"X_Failed_Recipients": CAROL}, "the mailbox is full: host mx.customers.example"),
        (EXIM, {}, "the mailbox is full"),
        (NO_STATUS, {"Content_Type": REPORT, "From": "postmaster@x.example"}, "was not delivered"),
        (WIDE, {"Content_Type": REPORT}, "its mail server wants SPF or DKIM to hold"),
    ],
    ids=["qmail", "exim", "exim without its header", "no status", "addresses beyond ASCII"],
)
def test_what_came_back_for_good(body: str, headers: dict[str, str], words: str) -> None:
    key = new_id()
    found = came_back(body, message_id(key, CARE), **headers)
    assert words in found.text
    assert found.text.startswith("Your mail to ")
    assert (found.parent_id, found.returned) == (our_name(key, CARE), our_name(key, CARE))
    assert found.automatic


def test_what_is_only_late_is_not_returned() -> None:
    key = new_id()
    found = came_back(LATE, message_id(key, CARE))
    assert (found.parent_id, found.returned) == (our_name(key, CARE), "")
    assert "delayed" in found.text


@pytest.mark.parametrize("body", [QMAIL, EXIM, NO_STATUS, "Nothing is named.", ""])
def test_a_report_of_a_mail_that_is_not_ours_returns_nothing(body: str) -> None:
    found = came_back(body, "something@northwind.example", Content_Type="text/plain")
    assert (found.parent_id, found.returned) == (None, "")
    assert found.automatic


def test_whoever_is_no_mail_server_reports_nothing() -> None:
    """A person may well quote such a report, with our id in it."""
    found = came_back(QMAIL, message_id(new_id(), CARE), From=CAROL, Return_Path=CAROL)
    assert (found.returned, found.automatic) == ("", "")
