"""Customers with plausible names and handles that stay the same for a seed."""

from __future__ import annotations

import unicodedata

from earful.networks.contract import Person
from earful.networks.rehearsal.dice import dice

FIRST = tuple(
    """Amina Zoë Mateo Priya Kwame Ingrid Yuki Omar Lucía Björn Chidi Mei Fatima Sean Anaïs Tomás
    Nadia Ravi Hana Dmitri Leila Joaquín Aoife Tariq Sofia Minh Greta Abebe Noor Pablo Ewa Kofi
    Camille Arjun Selin Marek Thandi Hugo Ayşe Viktor Nomsa Rosa Idris Elif Jonas Mariam Caleb
    Tuyet Renata Samir Freya Diego Aylin Malik Petra Keanu Zainab Bruno Saoirse Linh Ebony Pavel
    Marisol Kaito""".split()  # noqa: SIM905 - a list of names reads best as a text
)
LAST = tuple(
    """Haddad Müller Okafor Sharma Lindqvist Tanaka Rossi Nguyen García Mensah Novák Kim Fernández
    Kowalska Demir Petrov Mbeki Silva Johansen Cohen Iyer Dubois Walsh Suzuki Abdi Moreau Papadakis
    Costa Hernández Schmidt Chaudhry Larsen Reyes Tesfaye Yılmaz Bianchi Popescu Carter Nakamura
    Adeyemi Jansen Molina Hussain Brennan Ito Castillo Keller Rahman Santos Ivanova Osei Bergström
    Pham Murphy Aziz Vargas Dlamini Horvat Chen Laurent""".split()  # noqa: SIM905 - as above
)
_PLAIN = str.maketrans({"ı": "i", "ş": "s", "ø": "o", "ł": "l", "ß": "ss"})
_SHAPES = ("{f}{l}", "{f}_{l}", "{l}{f}", "{f}{l}{y}", "{f}_{l}{y}", "its{f}{l}", "{l}_{f}")


def _plain(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold().translate(_PLAIN))
    return "".join(sign for sign in decomposed if sign.isascii() and sign.isalnum())


def person(seed: int, number: int) -> Person:
    """The customer called `number`: different numbers have different handles."""
    pairs = len(FIRST) * len(LAST)
    turn, place = divmod(number, pairs)
    shift = dice(seed, "people").randrange(pairs)
    # 7919 is prime and shares no factor with the number of pairs: every pair comes once a turn.
    place = (place * 7919 + shift) % pairs
    first, last = FIRST[place % len(FIRST)], LAST[place // len(FIRST)]
    shape = _SHAPES[place % len(_SHAPES)]
    handle = shape.format(f=_plain(first), l=_plain(last), y=70 + place % 30)
    if turn:
        handle += f"_{turn}"
    return Person(external_id=f"p{seed}-{number}", handle=handle, name=f"{first} {last}")
