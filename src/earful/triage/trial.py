"""How well a way of learning holds: on folds of what it knows, and on trades it has never read.

Run by a Python that has scikit-learn: `python -m earful.triage.trial FOLDER`; one JSON object.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from earful.triage.learning import Example, learn
from earful.triage.model import Model

LEARNING = "scikit-learn>=1.7,<2"
"""What learning needs, as pip names it."""
FOLDS, SEED = 10, 0
APART = "random_"
"""Domains that are said to no company: always learnt from, never scored when one is left out."""
Predict = Callable[[Sequence[int], Sequence[int]], list[bool]]


@dataclass(frozen=True)
class Complaints:
    """The judged texts of `complaints.csv`: `id,text,complaint,domain`."""

    texts: list[str]
    truths: list[bool]
    domains: list[str]

    def named(self) -> list[str]:
        """The domains that are left out in turn."""
        return sorted({one for one in self.domains if not one.startswith(APART)})


def read_complaints(folder: Path) -> Complaints:
    """The complaints in a folder of data. Raises FileNotFoundError."""
    with (folder / "complaints" / "complaints.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Complaints(
        [row["text"] for row in rows],
        [row["complaint"] == "1" for row in rows],
        [row["domain"] for row in rows],
    )


def read_moods(folder: Path) -> list[tuple[str, str]]:
    """Texts and how they sound: id, label and text by tabs; empty where there are none."""
    path = folder / "sentiment" / "semeval-train.tsv.gz"
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file]
    return [(_unescaped(row[2]), row[1]) for row in rows if len(row) > 2]


def _unescaped(text: str) -> str:
    return text.replace("\\u2019", "'").replace("\\u002c", ",")


def try_out(data: Complaints, predict: Predict) -> dict[str, Any]:
    """Macro-F1 over ten stratified folds, and over domains left out one at a time: pooled, and of
    each by itself."""
    from sklearn.model_selection import StratifiedKFold  # noqa: PLC0415

    said: list[bool] = [False] * len(data.texts)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=SEED)
    for known, asked in folds.split(data.texts, data.truths):
        for at, one in zip(asked, predict(known, asked), strict=True):
            said[at] = one
    out: dict[int, bool] = {}
    for domain in data.named():
        asked = [at for at, one in enumerate(data.domains) if one == domain]
        known = [at for at, one in enumerate(data.domains) if one != domain]
        out |= dict(zip(asked, predict(known, asked), strict=True))
    return {
        "complaint_macro_f1": _macro_f1(data, dict(enumerate(said))),
        "complaint_macro_f1_domain_out": _macro_f1(data, out),
        "by_domain": {
            domain: _macro_f1(data, {at: out[at] for at in out if data.domains[at] == domain})
            for domain in data.named()
        },
    }


def _macro_f1(data: Complaints, said: Mapping[int, bool]) -> float:
    from sklearn.metrics import f1_score  # noqa: PLC0415

    truths = [data.truths[at] for at in said]
    return round(float(f1_score(truths, list(said.values()), average="macro")), 4)


def baseline(data: Complaints) -> Predict:
    """TF-IDF of words and characters, and a logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415
    from sklearn.pipeline import make_pipeline, make_union  # noqa: PLC0415

    def predict(known: Sequence[int], asked: Sequence[int]) -> list[bool]:
        words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
        pieces = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), sublinear_tf=True)
        line = LogisticRegression(C=3, class_weight="balanced", max_iter=1000)
        whole = make_pipeline(make_union(words, pieces), line)
        whole.fit([data.texts[at] for at in known], [data.truths[at] for at in known])
        return [bool(one) for one in whole.predict([data.texts[at] for at in asked])]

    return predict


def pipeline(data: Complaints, moods: list[tuple[str, str]]) -> Predict:
    """Our own way of learning, everything in it learnt from what is known alone."""

    def predict(known: Sequence[int], asked: Sequence[int]) -> list[bool]:
        model = learn([example(data, at) for at in known], moods, {})
        return [complains(model, data.texts[at]) for at in asked]

    return predict


def example(data: Complaints, at: int) -> Example:
    """A row as learning takes it."""
    company = not data.domains[at].startswith(APART)
    return Example(data.texts[at], {"complaint": data.truths[at], "company": company})


def complains(model: Model, text: str) -> bool:
    """Whether the model holds a text for a complaint."""
    return model.complains(model.score(model.read(text))) > 0.5


def figures(folder: Path, shipped: Sequence[bool]) -> dict[str, Any]:
    """All figures on a folder's data; `shipped`: which of the texts Earful holds for complaints."""
    data, moods = read_complaints(folder), read_moods(folder)
    found: dict[str, Any] = {"texts": len(data.texts)}
    ways = {
        "baseline_": baseline(data),
        "pipeline_": pipeline(data, moods),
        "shipped_": lambda _, asked: [shipped[at] for at in asked],
    }
    for name, way in ways.items():
        found |= {name + figure: value for figure, value in try_out(data, way).items()}
    for figure in ("complaint_macro_f1", "complaint_macro_f1_domain_out"):
        found[figure] = found[f"pipeline_{figure}"]
    return found


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(figures(Path(sys.argv[1]), json.load(sys.stdin))))
