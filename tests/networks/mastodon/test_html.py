"""HTML from strangers into text: all the words, the links they lead to, nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earful.networks.mastodon.html import to_text

NAMES = {"https://other.example/@carol": "carol@other.example"}
CARD = (
    '<p><span class="h-card"><a href="https://other.example/@carol" class="u-url mention">'
    "@<span>carol</span></a></span> thanks</p>"
)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("plain &amp; simple &lt;b&gt;", "plain & simple <b>"),
        ("<p>one</p><p>two<br>three<br />four</p>", "one\n\ntwo\nthree\nfour"),
        ("<p>one</p>\n<p>two</p>", "one\n\ntwo"),
        ("<ul><li>a</li><li>b</li></ul>", "• a\n• b"),
        (CARD, "@carol@other.example thanks"),
        ('<a href="https://x.example/tags/help">#<span>help</span></a>', "#help"),
        (
            '<a href="https://a.example/long/path"><span class="invisible">https://</span>'
            '<span class="ellipsis">a.example/long</span><span class="invisible">/path</span></a>',
            "https://a.example/long/path",
        ),
        ('<a href="https://evil.example">https://bank.example</a>',
         "https://bank.example (https://evil.example)"),
        ("<a href='https://a.example/?a=1&amp;b=2'>here</a>", "here (https://a.example/?a=1&b=2)"),
        ('<a href="javascript:alert(1)">press</a>', "press"),
        ("a<script>alert(1)</script>b<style>p{}</style>c", "abc"),
        ("<!-- <p>hidden</p> -->shown", "shown"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<p>tab\tand  spaces</p>", "tab\tand  spaces"),
        ("<p>:blobcat: hi</p>", ":blobcat: hi"),
        ('<a href="https://a.example">open', "open (https://a.example)"),
    ],
)  # fmt: skip
def test_reads(html: str, text: str) -> None:
    assert to_text(html, NAMES) == text


@given(st.text(alphabet="<>/ap\"'=&; hrefbscript!-\n", max_size=300))
def test_bears_anything(html: str) -> None:
    """Never an error, and what remains of a tag is words, for it is shown as text."""
    assert isinstance(to_text(html, {}), str)


@pytest.mark.parametrize("piece", ["<", "<a ", '<a href="', "<!--", "<p>", "</a>", "&#x", "<br>\n"])
def test_a_bomb_costs_its_length(piece: str) -> None:
    """A megabyte of opened brackets is read in one pass; else this does not end."""
    assert len(to_text(piece * (1_000_000 // len(piece)), {})) <= 2_000_000
