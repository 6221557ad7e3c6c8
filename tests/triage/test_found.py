"""What rules find beside the kind: language, shaming, prior contact, urgency, things named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earful.triage.entities import MOST, entities, is_card, s10
from earful.triage.found import find
from earful.triage.judging import judge
from earful.triage.language import language
from earful.triage.said import said
from earful.triage.sensitive import plain
from earful.triage.shaming import shaming

BRANDS = ("Northwind", "@AcmeHelp")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "@NorthwindHelp where is my parcel, it was due on Monday"),
        ("de", "@NorthwindHelp wo ist mein Paket, ich warte seit Montag"),
        ("fr", "@NorthwindHelp où est mon colis, je l'attends depuis lundi"),
        ("es", "@NorthwindHelp dónde está mi paquete, lo espero desde el lunes"),
        ("it", "@NorthwindHelp dov'è il mio pacco, lo aspetto da lunedì"),
        ("nl", "@NorthwindHelp waar is mijn pakket, ik wacht al sinds maandag"),
        ("pt", "@NorthwindHelp onde está a minha encomenda, não chegou ainda"),
        ("pl", "@NorthwindHelp gdzie jest moja paczka, czekam już od poniedziałku"),
        ("ru", "где моя посылка"),
        ("uk", "де моя посилка, чекаю її з понеділка"),
        ("el", "πού είναι το δέμα μου"),
        ("ar", "أين طردي"),
        ("he", "איפה החבילה שלי"),
        ("ja", "荷物はどこですか"),
        ("", "Trying to play a video"),
        ("ko", "제 소포는 어디에 있나요"),
        ("zh", "我的包裹在哪里"),
        ("", "ok"),
        ("", "@NorthwindHelp https://northwind.example/the/and/is"),
        ("", "😡😡😡"),
        ("", "12345"),
    ],
)
def test_languages(code: str, text: str) -> None:
    assert language(text) == code


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("so late #NorthwindFail", "Northwind"),
        ("so late #northwind_sucks", "Northwind"),
        ("so late #BoycottNorthwind", "Northwind"),
        ("so late #NorhtwindFail", "Northwind"),
        ("so late #N0rthwindScam", "Northwind"),
        ("so late #AcmeFail", "@AcmeHelp"),
        ("so late #ＡｃｍｅFails", "@AcmeHelp"),
        ("so late #Ac\u0336me\u0336Fail", "@AcmeHelp"),
        ("so late #northwind #fail", "#fail"),
        ("so late #SomeoneFail", "#someonefail"),
        ("so late #worstCustomerService", "#worstcustomerservice"),
        ("@AcmeHelp third time I call about this", "third time i call"),
        ("@AcmeHelp never again", "never again"),
        ("@AcmeHelp your rival @Globex does it better", "@globex does it better"),
        ("Shame on you @AcmeHelp", "shame on you"),
        ("@AcmeHelp nie wieder, so ein Saftladen", "nie wieder"),
        ("@AcmeHelp plus jamais chez vous", "plus jamais"),
        ("@AcmeHelp nunca más, qué vergüenza", "nunca mas"),
        ("@AcmeHelp mai più, vergognatevi", "mai piu"),
        ("@AcmeHelp nooit meer, wat een schande", "nooit meer"),
        ("@AcmeHelp nunca mais compro aqui", "nunca mais"),
        ("@AcmeHelp nigdy więcej, wstyd mi za was", "nigdy wiecej"),
    ],
)
def test_shaming_is_told(text: str, words: str) -> None:
    assert words in shaming(text, BRANDS)


@pytest.mark.parametrize(
    "text",
    [
        "thank you @AcmeHelp, all fine #Northwind",
        "@Globex could learn, but @AcmeHelp does it better",
        "@Northwind_Help does it better than anybody",
        "walking on the beach #seashell #niederlande #cryptoscam #nofail",
        "the file is at https://northwind.example/#northwindfail",
        "second time I order from you, love it",
        "# fail",
        "Just switched over to @Globex, nice",
        "",
    ],
)
def test_what_shames_nobody(text: str) -> None:
    assert shaming(text, BRANDS) == ""


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("I called 3 times", 3),
        ("I have called your hotline three times", 3),
        ("third time I'm asking", 3),
        ("this is my 5th email", 5),
        ("still no answer since Monday", None),
        ("Still waiting for a reply", None),
        ("nobody has answered", None),
        ("as I told your colleague", None),
        ("your agent promised a refund", None),
        ("I was told it would be here", None),
        ("Ich habe schon dreimal angerufen", 3),
        ("zum vierten Mal", 4),
        ("seit Montag keine Antwort", None),
        ("wie ich Ihrem Kollegen schon gesagt habe", None),
        ("j'ai appelé trois fois", 3),
        ("toujours aucune réponse depuis lundi", None),
        ("comme je l'ai dit à votre collègue", None),
        ("he llamado 3 veces", 3),
        ("sigo sin respuesta desde el lunes", None),
        ("como le dije a su compañera", None),
        ("ho chiamato tre volte", 3),
        ("ancora nessuna risposta da lunedì", None),
        ("come ho detto al vostro collega", None),
        ("ik heb drie keer gebeld", 3),
        ("nog steeds geen antwoord", None),
        ("zoals ik je collega al zei", None),
        ("liguei três vezes", 3),
        ("ainda sem resposta desde segunda", None),
        ("como disse ao seu colega", None),
        ("dzwoniłam trzy razy", 3),
        ("nadal brak odpowiedzi od poniedziałku", None),
        ("jak mówiłem waszemu koledze", None),
    ],
)
def test_prior_contact_is_told_with_how_often(text: str, times: int | None) -> None:
    found = said("prior", plain(text))
    assert found is not None
    assert found.times == times


@pytest.mark.parametrize(
    "text",
    [
        "How do I call you?",
        "this is the third time I order here, always great",
        "Wie oft kann ich anrufen?",
        "your app answers fast",
        "merci pour la réponse",
        "gracias por la respuesta",
        "I can not get back in",
        "my colleague told me about you",
    ],
)
def test_no_prior_contact_where_none_is_claimed(text: str) -> None:
    assert said("prior", plain(text)) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("order no. 77-12345", [("order", "77-12345")]),
        ("Bestellnummer: AB1234567", [("order", "AB1234567")]),
        ("commande n° 4455667", [("order", "4455667")]),
        ("see #99887766", [("order", "99887766")]),
        ("123-1234567-1234567", [("order", "123-1234567-1234567")]),
        ("booking QX7PLM", [("order", "QX7PLM")]),
        ("where is RR473124828GB", []),  # its check digit is wrong
        ("where is RA123456785GB", [("parcel", "RA123456785GB")]),
        ("where is 1Z999AA10123456784", [("parcel", "1Z999AA10123456784")]),
        ("tracking number 00340434161094", [("parcel", "00340434161094")]),
        ("my flight BA117 is late", [("flight", "BA117")]),
        ("LH 400 cancelled, stuck at the airport", [("flight", "LH 400")]),
        ("Flug xq 120", [("flight", "xq 120")]),
        ("at 7 PM 20 people with PS 5", []),
        ("call +44 20 7946 0958", [("phone", "+44 20 7946 0958")]),
        ("call 555-867-5309", [("phone", "555-867-5309")]),
        ("on 2026-11-23", []),
        ("bought (03/18/2020)", []),
        ("my iPhone 12 Pro", [("product", "iPhone 12 Pro")]),
        ("my router is dead", [("product", "router")]),
        ("your store in Leeds", [("store", "Leeds")]),
        ("from LHR to New York", [("place", "LHR"), ("place", "New York")]),
        ("in March on Monday", []),
        ("https://x.example/order/1234567 @Order12345 a12345@mail.example", []),
        ("card 4111 1111 1111 1111", []),
        ("order 4111-1111-1111-1111", []),
        ("order 4111111111111111", []),
        ("", []),
    ],
)
def test_entities(text: str, expected: list[tuple[str, str]]) -> None:
    found = entities(text)
    assert [(one.kind, one.text) for one in found] == expected
    assert all(text[one.start : one.end] == one.text and one.check for one in found)


def test_the_sums_of_cards_and_parcels() -> None:
    assert is_card("4111 1111 1111 1111")
    assert not is_card("4111 1111 1111 1112")
    assert s10("RA123456785GB")
    assert not s10("RA123456784GB")


def test_what_was_found_raises_the_severity_and_says_why() -> None:
    quiet = find("hello")
    assert [quiet.severity(given) for given in (1, 4, 5)] == [1, 4, 5]
    assert quiet.reasons() == []
    asked = find("Ich habe schon dreimal angerufen, es ist dringend")
    assert [asked.severity(given) for given in (1, 4)] == [1, 3]
    assert [one.partition(":")[0] for one in asked.reasons()] == ["has asked before", "can't wait"]
    assert asked.urgency == "now"
    assert find("my mum died today").severity(5) == 2


def test_a_judgement_tells_it_once() -> None:
    told = judge("@AcmeHelp my order 77-12345 is late #AcmeFail", brands=BRANDS).as_dict()
    assert (told["severity"], told["language"]) == (3, "en")
    assert [one["text"] for one in told["entities"]] == ["77-12345"]
    assert len(told["reasons"]) == len(set(told["reasons"]))
    assert any("shames @AcmeHelp" in one for one in told["reasons"])


@pytest.mark.parametrize(
    "text",
    ["\0", "\ud800", "😡" * 5000, "a" * 1_000_000, "Z̷̡a̶lgo" * 1000, "#" * 50_000, "1 " * 500_000,
     "A a " * 2000, "+1 " * 3000, "in A" * 1500, "@a " * 300_000, "no " * 3000],
)  # fmt: skip
def test_hostile_texts_end(text: str) -> None:
    found = find(text, BRANDS)
    assert all(one.end <= MOST for one in found.entities)


@given(st.text(max_size=200))
def test_anything_is_looked_at(text: str) -> None:
    assert find(text, BRANDS).urgency in ("now", "today", "none")
