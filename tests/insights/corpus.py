"""A day of a railway's care: noise of every day, and themes planted in it."""

from __future__ import annotations

import random

from earful.insights.themes import Post

DAILY = [
    "Can I bring my bicycle on the {line} line?",
    "My refund for the {line} line never arrived",
    "Lost my umbrella on the {line} line this {when}",
    "The {line} line was late {when}, what happened?",
    "Lovely conductor on the {line} line {when}!",
    "Is there a quiet coach on the {line} line?",
    "My season ticket does not scan at the {line} gate",
    "How do I get an invoice for a {when} trip?",
]  # fmt: skip
PLANTED = {
    "booking app": [
        "The booking app crashes when I pay",
        "booking app crashed again, third time",
        "your booking app keeps crashing @northwind",
        "Is the booking app down? It crashes at checkout",
    ],
    "riverside station": [
        "Lift at Riverside station broken, stuck with a wheelchair",
        "riverside station lift is out of order",
        "No lift at Riverside Station for my pram",
    ],
    "aufzug kaputt": [
        "Der Aufzug kaputt in Altstadt, wie komme ich mit Kinderwagen hoch?",
        "Schon wieder Aufzug kaputt in Altstadt",
        "Aufzug kaputt, Rollstuhl steht unten",
    ],
}
LINES = ("red", "blue", "coastal", "harbour", "northern", "airport")
WHEN = ("morning", "evening", "afternoon", "noon")


def day(seed: int, *, planted: bool, noise: int = 120, each: int = 18) -> list[Post]:
    """The posts of a day; each by another person."""
    rng = random.Random(seed)  # noqa: S311 - a corpus, no secret
    texts = [rng.choice(DAILY).format(line=rng.choice(LINES), when=rng.choice(WHEN))
             for _ in range(noise)]  # fmt: skip
    if planted:
        texts += [rng.choice(ways) for ways in PLANTED.values() for _ in range(each)]
    rng.shuffle(texts)
    return [Post(f"{seed:04}-{n:05}", f"author-{seed}-{n}", text) for n, text in enumerate(texts)]
