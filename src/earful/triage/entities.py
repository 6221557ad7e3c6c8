"""What a post names: an order, a parcel, a flight, a phone number, a store, a product, a place.

Handles, links and mail addresses are no entities. A number that may be a payment card is never
kept, whatever stands before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from earful.triage.places import AIRLINES, NO_PLACE

MOST = 5000
"""Characters that are looked at; positions count from the text's beginning."""
MOST_FOUND = 20


class _Looked(NamedTuple):
    """A pattern for capital and small letters alike.

    Whatever it finds has one of `stems`, in small letters: to look for those first costs a tenth.
    """

    stems: tuple[str, ...]
    pattern: re.Pattern[str]

    def find(self, said: str, low: str) -> Iterable[re.Match[str]]:
        """All there are; `low` is the text in small letters, empty where those are uncertain."""
        if low:
            for stem in self.stems:
                if stem in low:
                    break
            else:
                return ()
        return self.pattern.finditer(said)


class _Begun(_Looked):
    """One whose every finding begins with a stem: it is looked for there alone."""

    def find(self, said: str, low: str) -> Iterable[re.Match[str]]:
        """All there are, as above."""
        if not low:
            return self.pattern.finditer(said)
        places = []
        for stem in self.stems:
            at = low.find(stem)
            while at >= 0:
                places.append(at)
                at = low.find(stem, at + 1)
        return self._at(said, places) if places else ()

    def _at(self, said: str, places: list[int]) -> Iterator[re.Match[str]]:
        end = 0
        for at in sorted(places):
            if at >= end and (found := self.pattern.match(said, at)):
                yield found
                end = found.end()


def _looked(stems: str, pattern: str, flags: int = 0) -> _Looked:
    return _Looked(tuple(stems.split("|")), re.compile(pattern, flags))


def _begun(stems: str, pattern: str, flags: int = 0) -> _Begun:
    return _Begun(tuple(stems.split("|")), re.compile(pattern, flags))


class Entity(NamedTuple):
    """One thing that is named: text[start:end]; `check` says what speaks for it, in words."""

    kind: str
    text: str
    start: int
    end: int
    check: str

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it."""
        return self._asdict()


_NAMED = re.compile(r"[@#](?=\w*[^\W\d])\w+")
_OUT = re.compile(
    r"https?://\S{1,2000}|www\.\S{1,2000}|(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,190}|[@#](?=\w*[^\W\d])\w+"
)
# Where a pattern begins with what must not stand before, that is looked at after the first sign: to
# look for that sign first costs a tenth.
_CARD = re.compile(r"\d(?<!\d\d)(?:[ .-]?\d){12,18}(?!\d)")
_PARCEL = re.compile(r"(?<![^\W_])(1Z[0-9A-Z]{16}|[A-Z]{2}\d{9}[A-Z]{2}|TBA\d{12})(?![^\W_])")
_NO = (
    r"(?:\s{0,2}(?:number|nummer|num|no|nr|code|id|ref|reference|n°|nº|nr\.|no\.|num\.|numero|número"
    r"|número de|numer|is|ist|:|#|-)){0,3}\s{0,2}"
)
_CODE = r"([A-Za-z]{0,4}-?\d[A-Za-z0-9-]{2,22}[A-Za-z0-9])(?![\w%€$£]|[.,:]\d)"
_TRACKED = _begun(
    "tracking|parcel|package|shipment|consignment|sendung|paket|suivi|colis|seguimiento|paquete|spedizione|pacco|pakket|encomenda|rastreio|przesyłk|paczk",
    r"\b(?:tracking|parcel|package|shipment|consignment|sendung(?:snummer)?|paket(?:nummer)?|suivi|colis"
    rf"|seguimiento|paquete|spedizione|pacco|pakket|encomenda|rastreio|przesyłk\w|paczk\w){_NO}{_CODE}",
    re.I,
)
_ORDERED = _begun(
    "ord|invoice|booking|reserva|case|ticket|bestell|auftrag|rechnung|buchung|commande|factu|réserva|pedido|fattura|prenotazione|boeking|fatura|zamówieni|rezerwacj",
    r"\b(?:order|ord|invoice|booking|reservation|case|ticket|bestellung|bestellnummer|auftrag(?:snummer)?"
    r"|rechnung|buchung|commande|facture|réservation|pedido|factura|reserva|ordine|fattura|prenotazione"
    rf"|bestelling|factuur|boeking|fatura|zamówieni\w+|rezerwacj\w){_NO}{_CODE}",
    re.I,
)
_AMAZON = re.compile(r"(?<![\d-])\d{3}-\d{7}-\d{7}(?![\d-])")
_HASHED = re.compile(r"(?<![\w#])#(\d{5,12})(?!\w)")
_BOOKED = _begun(
    "pnr|booking|reserva|buchung|réserva|prenotazione|boeking|locator",
    r"\b(?i:pnr|booking|reservation|buchung|reserva|réservation|prenotazione|boeking|locator)"
    rf"(?i:{_NO})([A-Z0-9]{{6}})\b",
)
_SIX = re.compile(r"[A-Z0-9](?<!\w.)[A-Z0-9]{5}(?!\w)")
_DIGIT = re.compile(r"\d")
_FLIGHT = re.compile(r"(?<![\w-])([A-Z][A-Z0-9]|[0-9][A-Z]) ?(\d{1,4}[A-Z]?)(?![\w-]|[.,:]\d|%)")
_FLOWN = _begun(
    "flight|flug|vol|vuelo|vlucht|voo|lot|flt",
    r"\b(?:flight|flug|vol|vuelo|volo|vlucht|voo|lot|flt)(?:s|er)?"
    r"(?: (?:number|no\.?|nr\.?|nummer|n°))?[ :#]{1,3}"
    r"([A-Z][A-Z0-9]|[0-9][A-Z])[ -]?(\d{1,4}[A-Z]?)(?!\w|[.,:]\d)",
    re.I,
)
_FLYING = re.compile(
    r"\b(?:flight|flug|flieger|vol|vuelo|volo|vlucht|voo|airport|gate|board|flying|fly|plane|landed"
    r"|delayed|cancelled|luggage|baggage|bag)\w{0,4}\b",
    re.I,
)
_PHONE = re.compile(r"(?<![\w.+-])(?:\+|00)?[(]?\d[\d ()./\u2011-]{6,22}\d(?![\w-]|[.,]\d)")
_CAPITAL = r"[A-ZÀ-ÖØ-ÞŁŚŻŹĆ][\w'’]{1,24}"
_NAME = (
    rf"{_CAPITAL}(?:(?: |-)(?:{_CAPITAL}|(?:de|del|la|am|an der|upon|on)(?= {_CAPITAL}))){{0,3}}"
)
_SHOP = (
    r"(?i:store|shop|branch|outlet|restaurant|filiale|laden|magasin|boutique|tienda|sucursal|negozio"
    r"|winkel|filiaal|vestiging|loja|sklep\w{0,3}|supermarket|station)"
)
_AT = r"(?i:in|at|on|near|à|de|en|di|a|em|w|op|am)"
_SHOPS = (
    "store|shop|branch|outlet|restaurant|filiale|laden|magasin|boutique|tienda|sucursal|negozio"
    "|winkel|filiaal|vestiging|loja|sklep|supermarket|station"
)
_STORE = _begun(
    _SHOPS,
    rf"\b{_SHOP} {_AT} ({_NAME})|\b{_SHOP} (?:#|no\.? |nr\.? )(\d{{1,6}})\b",
)
_BRANCH = _looked(
    _SHOPS,
    rf"\b(?i:your|the|ihre|eure|der|die|vostro|jullie|de) ({_NAME}) {_SHOP}\b",
)
_PLACE = re.compile(
    r"(?<![\w@#])(?i:in|at|from|to|near|around|aus|nach|bei|à|depuis|desde|hacia|en|dans|da|em|w|z|naar"
    rf"|uit|te) ({_NAME})"
)
_AIRPORTS = re.compile(r"\b(?:from|to|at|in|via|out of|von|nach|de|à|da|a) ([A-Z]{3})(?![\w-])")
_MODEL = re.compile(
    r"(?<![\w@#])((?:[A-Z][A-Za-z]{1,15} ){0,2}(?:[A-Z][A-Za-z]{2,15}|i[A-Z][a-z]{2,9}) "
    r"(?:(?=[A-Z0-9]{0,5}\d)[A-Z0-9]{1,7})(?: (?:Pro|Plus|Max|Mini|Ultra|Air|Lite|Slim)){0,2})"
    r"(?!\w|[.,:%]\d|%)"
)
_MY = _looked(
    "phone|router|laptop|tablet|tv|printer|watch|headphones|charger|washing machine|fridge"
    "|dishwasher|console|modem|camera|waschmaschine|handy|drucker|kühlschrank|téléphone|móvil|teléfono|lavadora"
    "|telefon|lavatrice|wasmachine|telemóvel|celular|pralka",
    r"\b(?i:my|our|mein|meine|meinen|mon|ma|mi|il mio|la mia|mijn|meu|minha|mój|moja) "
    r"((?i:phone|router|laptop|tablet|tv|printer|watch|headphones|charger|washing machine|fridge"
    r"|dishwasher|console|modem|camera|waschmaschine|handy|drucker|kühlschrank|téléphone|móvil"
    r"|teléfono|lavadora|telefono|lavatrice|telefoon|wasmachine|telemóvel|celular|telefon|pralka))\b",
)
_ODD = frozenset("\u0130\u0131\u017f")
"""Letters that are an i or s where case counts nothing, and other ones in small letters."""
_NINE = re.compile(r"\d{9}")
_MAILED = re.compile(r"[\w.+-]@")
_DIALLED = re.compile(r"\d[\d ()./\u2011-]{6}")
_LETTERED = re.compile(r"[A-Z0-9](?<![\w-].)(?:[A-Z0-9] ?\d)")
_CODED = re.compile(r"\d[A-Za-z0-9-]{2}")
_NUMBERED = re.compile(r" (?<=[A-Za-z] )[A-Z0-9]{0,5}\d")
_CAPPED = re.compile(r" [A-ZÀ-ÖØ-ÞŁŚŻŹĆ]")
_THREE = re.compile(r" [A-Z]{3}(?![\w-])")
_BEFORE = re.compile(r"(?<![\w@#])[^\W\d_]{1,6}\Z")
_PREPOSITIONS = frozenset(
    (
        *("in", "at", "from", "to", "near", "around", "aus", "nach", "bei", "à", "depuis", "desde"),
        *("hacia", "en", "dans", "da", "em", "w", "z", "naar", "uit", "te"),
    )
)
_DATED = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|(?:19|20)\d\d[ -]+(?:19|20)\d\d")


def entities(text: str) -> list[Entity]:
    """What a text names, in order, none over another. Never fails."""
    said = _cleared(text[:MOST])
    low = said.lower() if said.isascii() or _ODD.isdisjoint(said) else ""
    found: list[Entity] = []
    if _DIGIT.search(said):
        found += [*_parcels(said, low), *_orders(said, low), *_flights(said, low), *_phones(said)]
        found += _models(said)
    found += [_one("product", one, 1, "the writer's own") for one in _MY.find(said, low)]
    found += [*_booked(said, low), *_stores(said, low), *_places(said, low)]
    kept: list[Entity] = []
    for one in found:
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)[:MOST_FOUND]


def _cleared(said: str) -> str:
    """The text at the same length, without what names somebody and what may be a card."""
    out = _NAMED
    if "://" in said or "www." in said or ("@" in said and _MAILED.search(said)):
        out = _OUT
    said = out.sub(lambda found: " " * len(found.group()), said)
    return _CARD.sub(lambda found: "\0" * len(found.group()) if is_card(found.group()) else
                     found.group(), said)  # fmt: skip


def is_card(number: str) -> bool:
    """Whether 13 to 19 digits have the sum of a payment card (Luhn, ISO/IEC 7812-1)."""
    digits = [int(letter) for letter in number if letter in "0123456789"]
    doubled = (2 * one - 9 * (one > 4) for one in digits[-2::-2])
    return 12 < len(digits) < 20 and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _one(kind: str, found: re.Match[str], group: int, check: str) -> Entity:
    return Entity(kind, found.group(group), found.start(group), found.end(group), check)


def _models(said: str) -> list[Entity]:
    if not _NUMBERED.search(said):
        return []
    return [
        _one("product", one, 1, "a name and a model")
        for one in _MODEL.finditer(said)
        if one.group(1).split(" ")[0] not in NO_PLACE
    ]


def _parcels(said: str, low: str) -> list[Entity]:
    kept = [
        _one("parcel", found, 1, check)
        for found in (_PARCEL.finditer(said) if _long(said) else ())
        if (check := _carried(found.group(1)))
    ]
    if not _CODED.search(said):
        return kept
    return kept + [_one("parcel", one, 1, "named so") for one in _TRACKED.find(said, low)]


def _long(said: str) -> bool:
    return "1Z" in said or "TBA" in said or _NINE.search(said) is not None


def _carried(number: str) -> str:
    if number.startswith("1Z"):
        return "UPS's form"
    if number.startswith("TBA"):
        return "Amazon's form"
    return "UPU S10, its check digit holds" if s10(number) else ""


def s10(number: str) -> bool:
    """Whether the check digit of a postal item holds (UPU standard S10: weights, modulo 11)."""
    weighed = zip(map(int, number[2:10]), (8, 6, 4, 2, 3, 5, 9, 7), strict=True)
    left = 11 - sum(digit * weight for digit, weight in weighed) % 11
    return int(number[10]) == {10: 0, 11: 5}.get(left, left)


def _orders(said: str, low: str) -> list[Entity]:
    if not _CODED.search(said):
        return []
    kept = [_one("order", one, 0, "Amazon's form") for one in _AMAZON.finditer(said)]
    kept += [_one("order", one, 1, "named so") for one in _ORDERED.find(said, low)]
    if "#" not in said:
        return kept
    return kept + [_one("order", one, 1, "a number after #") for one in _HASHED.finditer(said)]


def _flights(said: str, low: str) -> list[Entity]:
    kept = [
        Entity("flight", said[one.start(1) : one.end(2)], one.start(1), one.end(2), "named so")
        for one in _FLOWN.find(said, low)
    ]
    if not _LETTERED.search(said):
        return kept
    flights = [one for one in _FLIGHT.finditer(said) if one.group(1) in AIRLINES]
    flies = bool(flights) and _FLYING.search(said) is not None
    for one in flights:
        close = " " not in one.group()
        if flies or (close and len(one.group(2)) > 2):
            kept.append(_one("flight", one, 0, "IATA form, a known airline"))
    return kept


def _phones(said: str) -> list[Entity]:
    kept: list[Entity] = []
    if not _DIALLED.search(said):
        return kept
    for one in _PHONE.finditer(said):
        number = one.group()
        digits = sum(letter.isdigit() for letter in number)
        led = number.startswith(("+", "0", "("))
        american = re.fullmatch(r"\d{3}[ .-]\d{3}[ .-]\d{4}", number) is not None
        if (led or american) and 7 < digits < 16 and not _DATED.match(number.lstrip("(")):
            kept.append(_one("phone", one, 0, "8 to 15 digits (E.164)"))
    return kept


def _booked(said: str, low: str) -> list[Entity]:
    if not _SIX.search(said):
        return []
    return [_one("order", one, 1, "a booking's form") for one in _BOOKED.find(said, low)]


def _stores(said: str, low: str) -> list[Entity]:
    kept = [
        _one("store", one, 1 if one.group(1) else 2, "named so") for one in _STORE.find(said, low)
    ]
    return kept + [
        _one("store", one, 1, "named so")
        for one in _BRANCH.find(said, low)
        if one.group(1) not in NO_PLACE
    ]


def _places(said: str, low: str) -> list[Entity]:
    if said.isupper() or not _CAPPED.search(said):
        return []
    kept = [
        _one("place", one, 1, "an airport's form (IATA)")
        for one in (_AIRPORTS.finditer(said) if _THREE.search(said) else ())
        if one.group(1) not in NO_PLACE
    ]
    return kept + [
        _one("place", one, 1, "a name after a word of place")
        for one in _named(said, low)
        if one.group(1).split(" ")[0].split("'")[0] not in NO_PLACE and not one.group(1).isupper()
    ]


def _named(said: str, low: str) -> Iterator[re.Match[str]]:
    """What _PLACE finds, looked for only where a capital follows a word of place."""
    if not low:
        yield from _PLACE.finditer(said)
        return
    end = 0
    for capital in _CAPPED.finditer(said):
        at = capital.start()
        before = _BEFORE.search(said, max(0, at - 6), at)
        if not before or before.start() < end or before.group().lower() not in _PREPOSITIONS:
            continue
        if found := _PLACE.match(said, before.start()):
            end = found.end()
            yield found
