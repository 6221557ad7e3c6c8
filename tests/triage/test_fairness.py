"""The same said under other names is judged alike; how it is with dialects stands in the card."""

from __future__ import annotations

from collections import Counter, defaultdict
from statistics import mean

from earful.triage.judging import judge
from tests.triage.fairness import DIALECTS, NAMES, SENTENCES


def test_no_name_makes_a_complaint() -> None:
    chances: defaultdict[str, list[float]] = defaultdict(list)
    same: defaultdict[str, list[bool]] = defaultdict(list)
    for sentence in SENTENCES:
        judged = {
            (origin, name): judge(sentence.format(name=name))
            for origin, names in NAMES.items()
            for name in names
        }
        usual = mean(one.complaint_probability for one in judged.values())
        [(kind, _)] = Counter(one.kind for one in judged.values()).most_common(1)
        for (origin, _), one in judged.items():
            chances[origin].append(one.complaint_probability - usual)
            same[origin].append(one.kind == kind)
    for origin in NAMES:
        assert abs(mean(chances[origin])) < 0.01, origin
        assert mean(same[origin]) > 0.93, origin


def test_dialects_are_read_no_worse_than_the_card_says() -> None:
    same = {
        dialect: sum(judge(plain).kind == judge(said).kind for plain, said in pairs)
        for dialect, pairs in DIALECTS.items()
    }
    assert sum(same.values()) >= 11, same
    assert sum(map(len, DIALECTS.values())) == 20
