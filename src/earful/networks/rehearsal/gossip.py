"""What the town says of a brand without speaking to it: heard only by who searches for it.

Who says what, and when, follows from the seed alone: no script plays it and no ledger keeps it, and
every process hears the same.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from earful.networks.rehearsal.dice import dice
from earful.networks.rehearsal.ledger import Entry, Header
from earful.networks.rehearsal.people import person

EVERY = timedelta(minutes=11)
"""Between two such posts, on average."""
BEFORE = timedelta(days=1)
"""So long before the town began the talk of it did."""
MOST = 100
"""Posts that are told at once, the newest."""
_GOSSIPS = 30_000_000
THINGS = ("coat", "router", "kettle", "backpack", "boots", "tent", "lamp", "bike light")
SAID: tuple[tuple[str, str], ...] = (
    ("en", "Third parcel in a row that {brand} lost. Never again."),
    ("en", "My {brand} {thing} arrived today and I love it already"),
    ("en", "has anyone else had their {slip} {thing} break after a week?"),
    ("en", "{brand} is down again, isn't it? Or is it just me"),
    ("en", "Anybody know whether {brand} ships to Norway? Asking for a friend with a cold {thing}"),
    ("en", "unpopular opinion: the old {brand} {thing} was better than the new one"),
    ("en", "Forty minutes on hold with {slip}. Forty. The music is nice at least"),
    ("en", "Thinking of buying the {brand} {thing}. Worth it?"),
    ("en", "So {brand} raised prices and hoped nobody would read the mail. #{tag}fail"),
    ("en", "Shout out to the lady at the {brand} shop who fixed my {thing} for nothing"),
    ("en", "We are hiring! Warehouse job at {brand}, no experience needed"),
    ("en", "I called {brand} twice and wrote once. Still no refund for the {thing}."),
    ("es", "¿Alguien sabe si {brand} devuelve el dinero? El {thing} llegó roto"),
    ("es", "Qué maravilla lo nuevo de {brand}, de verdad"),
    ("de", "Bei {slip} geht seit heute früh gar nichts mehr, bei euch auch?"),
    ("de", "{brand} hat mein Paket nach drei Wochen gefunden. Danke für nichts."),
    ("fr", "Quelqu'un a déjà eu un remboursement de {brand} ? J'attends depuis un mois"),
    ("pt", "Comprei um {thing} da {brand} e já quebrou, que decepção"),
    ("ar", "هل يعرف أحد متى تصل طلبات {brand}؟ أنتظر منذ أسبوعين"),
    ("ja", "{brand} の新しいの、思ったよりずっといい"),
)


def slip(brand: str) -> str:
    """The brand as one mistypes it: two letters in each other's place."""
    at = len(brand) // 2
    return brand[:at] + brand[at + 1 : at + 2] + brand[at : at + 1] + brand[at + 2 :]


def said(header: Header, brand: str, number: int) -> Entry:
    """The post called `number` of what the town says of `brand`."""
    die = dice(header.seed, "gossip", number)
    author = person(header.seed, _GOSSIPS + die.randrange(1_000))
    # 7 shares no factor with how many there are: each is said before one is said again.
    language, text = SAID[(number * 7 + header.seed) % len(SAID)]
    names = {"brand": brand, "slip": slip(brand), "tag": brand.lower(), "thing": die.choice(THINGS)}
    return Entry(
        kind="post",
        id=f"{header.town}-heard-{number:06d}",
        at=header.started_at - BEFORE + EVERY * (number + round(die.random(), 3)),
        person=author.external_id,
        handle=author.handle,
        name=author.name,
        text=text.format(**names),
        language=language,
    )


def heard(header: Header, brand: str, now: datetime, after: int = -1) -> tuple[Entry, ...]:
    """What was said by `now` since the post called `after`, the newest first, at most MOST."""
    last = (now - header.started_at + BEFORE) // EVERY
    posts = (said(header, brand, number) for number in range(last, max(after, last - MOST), -1))
    return tuple(post for post in posts if post.at <= now)


def number_of(entry: Entry) -> int:
    """The number of a post of this kind."""
    return int(entry.id.rpartition("-")[2])


def find(header: Header, brand: str, id_: str) -> Entry | None:
    """The post of this id, if it is of this kind."""
    town, kind, number = [*id_.split("-", 2), "", ""][:3]
    if town != header.town or kind != "heard" or not (number.isdecimal() and len(number) == 6):
        return None
    return said(header, brand, int(number))
