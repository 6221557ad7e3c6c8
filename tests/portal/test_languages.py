"""The pages and letters in what a visitor reads; the workspace may decide otherwise."""

from __future__ import annotations

import re

import msgspec
import pytest

from earful.kit.tongues import best
from earful.portal.words import LANGUAGES, WORDS, Words, texts
from earful.worker.noticing import notice_due
from tests.portal.conftest import GOOD, Desk, Visitor
from tests.portal.test_mail import SETTINGS, answered, can_mail, letters

GERMAN = {"Accept-Language": "de-AT, de;q=0.9, en;q=0.5"}
_NAME = re.compile(r"\{\w+\}")


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_every_language_has_every_text(language: str) -> None:
    """With the same places to fill, and nothing left in English by mistake."""
    known = texts(language)
    assert set(known) == set(WORDS)
    for name, text in known.items():
        filled, ours = set(_NAME.findall(text)), set(_NAME.findall(WORDS[name]))
        assert filled == ours - ({"{why}"} if name == "bad_picture" else set()), name
        assert text.strip() == text != "", name
    same = {name for name, text in known.items() if text == WORDS[name]}
    assert same <= {"contact", "privacy", "link"}, same


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("pt-BR,pt;q=0.9", "pt"),
        ("cs, pl;q=0.4, fr;q=0.6", "fr"),
        ("cs", "en"),
        ("*", "en"),
        ("de;q=0, it", "it"),
        ("de;q=x, it;q=0.1", "it"),
        ("DE", "de"),
        (",;q=1,,", "en"),
        ("xx," * 1000 + "de", "en"),
    ],
)
def test_what_a_browser_asks_for(asked: str, language: str) -> None:
    assert best(asked, LANGUAGES) == language


def test_own_texts_stand_before_the_built_in_ones() -> None:
    words = Words({"send": "Ab damit"}, "de-CH")
    assert (words("send"), words("more"), words.direction) == ("Ab damit", "Mehr schreiben", "ltr")
    assert Words({}, "ar").direction == "rtl"
    assert Words({}, "ar")("send") == "Send"


async def test_the_whole_way_in_a_visitors_language(desk: Desk, visitor: Visitor) -> None:
    await can_mail(desk)
    visitor.http.headers.update(GERMAN)
    form = await visitor.http.get("/portal/help")
    assert '<html lang="de" dir="ltr">' in form.text
    assert "Ihre Nachricht" in form.text
    assert form.headers["vary"] == "Accept-Language"
    empty = await visitor.write("")
    assert "Schreiben Sie zuerst etwas." in empty.text
    sent = await visitor.write("Wo ist mein Paket?", email="carol@example.org")
    here = sent.headers["location"]
    assert "Wir haben noch nicht geantwortet" in (await visitor.http.get(here)).text
    for path in ("help", "public", "lost", "legal"):
        page = (await visitor.http.get(f"/portal/help/{path}")).text
        assert not any(f">{WORDS[name]}<" in page for name in ("write", "help", "lost", "legal"))
    desk.cast.time.pass_(minutes=1)
    await answered(desk)
    desk.cast.time.pass_(minutes=2)
    assert await notice_due(desk.shared, SETTINGS) == 1
    await visitor.http.post("/portal/help/lost", data={"email": "carol@example.org"})
    told, links = await letters(desk)
    assert (told.subject, links.subject) == ("Northwind hat geantwortet", "Ihre Links zu Northwind")
    assert told.text.startswith("Guten Tag,\n\nNorthwind hat Ihnen geantwortet.")
    assert told.unsubscribe.endswith("/mail")
    assert "/portal/help/t/" in links.text


async def test_the_workspace_may_decide(desk: Desk, visitor: Visitor) -> None:
    """By a language for all, or by own texts, which are of one."""
    visitor.http.headers.update(GERMAN)
    await desk.set(msgspec.structs.replace(GOOD, language="fr"))
    assert "Votre message" in (await visitor.http.get("/portal/help")).text
    await desk.set(msgspec.structs.replace(GOOD, words={"text": "Say it"}))
    page = (await visitor.http.get("/portal/help")).text
    assert "Say it" in page
    assert 'lang="en"' in page
    await desk.set(msgspec.structs.replace(GOOD, words={"text": "Řekni"}, language="cs"))
    page = (await visitor.http.get("/portal/help")).text
    assert "Řekni" in page
    assert 'lang="cs"' in page
