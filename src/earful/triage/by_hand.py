"""What judges where no model can be read: a few signs weighed by hand, behind the same interface.

Far coarser than the model. It keeps a desk judging, and says of each post that it was judged so.
"""

from __future__ import annotations

from functools import cache

from earful.triage.model import Head, Model
from earful.triage.signs import WORDS

CAUTION = "judged by a few signs alone: the model that comes with Earful can't be read"
"""The reason that stands last at each post."""
_HEADS: dict[str, tuple[float, dict[str, float]]] = {
    "complaint": (
        -1.5,
        {
            "any_fails": 1.0, "works_not": 1.5, "frowns": 1.0, "any_lasts": 0.7, "why": 0.7,
            "tried": 1.0, "shouts": 0.2, "capitals": 0.3, "denies_pleased": 1.0,
            "sounds_bad": 0.4, "any_pleased": -1.0,
        },
    ),
    "question": (-2.0, {"questions": 1.0, "asks": 1.0, "how": 1.5, "begins_asking": 1.0}),
    "request": (-2.0, {"any_requests": 0.6, "wants": 0.8}),
    "praise": (-2.0, {"any_pleased": 2.0, "sounds_good": 0.4, "smiles": 0.7, "asks": -1.0}),
    "chatter": (-1.2, {}),
}  # fmt: skip


@cache
def by_hand() -> Model:
    """The signs weighed by hand. Whether a post needs a reply it does not say."""
    many = len(WORDS)
    heads = {
        name: Head(bias, [weights.get(sign, 0.0) for sign in WORDS])
        for name, (bias, weights) in _HEADS.items()
    }
    return Model({}, {}, [0.0] * many, [1.0] * many, heads, 1.0, {"caution": CAUTION})
