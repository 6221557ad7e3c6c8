"""Trains the model that ships with Earful, from what may be shipped from; the same each time.

    python scripts/learn_triage.py

What it learns from, and under which licences, stands in docs/reference/triage-model.md: the posts
of the rehearsal's feed as `judged.tsv` beside this script judges them, the invented ones in
`written.tsv`, and the tweets that come with the sources of vaderSentiment, which are fetched. It
needs scikit-learn, which it brings into a folder of its own where it is missing.
"""

from __future__ import annotations

import gzip
import html
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
SOURCE = HERE.parent / "src"
sys.path.insert(0, str(SOURCE))

from earful.triage.learning import Example, learn  # noqa: E402
from earful.triage.model import KINDS, SHIPPED, dump  # noqa: E402
from earful.triage.trial import LEARNING  # noqa: E402
from earful.triage.words import HANDLE  # noqa: E402

JUDGED, WRITTEN = HERE / "judged.tsv", HERE / "written.tsv"
FEED = SOURCE / "earful" / "networks" / "rehearsal" / "feed" / "conversations.jsonl.gz"
NAME = "vaderSentiment"
VADER = f"{NAME}==3.3.2"
TWEETS = "hutto_ICWSM_2014/tweets_GroundTruth.txt"
EVERY = 10
"""Of the tweets to nobody one in so many: as many as the posts would teach to find no complaint."""
CLEARLY = 0.5
"""From -4 to 4: a tweet sounds good or bad when people gave it more than this in the mean."""


def judged() -> Iterator[Example]:
    """The posts of the feed that somebody judged."""
    texts = _feed()
    for key, kind, _, reply in _rows(JUDGED):
        yield _example(texts[key], kind, reply, company=True)


def written() -> Iterator[Example]:
    """Invented posts of many trades and eight languages; some are said to no company."""
    for _, kind, _, reply, trade, text in _rows(WRITTEN):
        nobody = trade == "none" and kind in ("chatter", "spam")
        yield _example(text, kind, reply, company=not nobody)


def _rows(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def _example(text: str, kind: str, reply: str, *, company: bool) -> Example:
    heads = {one: kind == one for one in KINDS}
    return Example(text, heads | {"company": company, "needs_reply": reply == "1"})


def _feed() -> dict[str, str]:
    found = {}
    with gzip.open(FEED, "rt", encoding="utf-8") as file:
        for line in file:
            for said in json.loads(line)["messages"]:
                found[said["id"]] = html.unescape(said["text"])
    return found


def tweets() -> list[tuple[str, float]]:
    """Tweets to no company in particular, and how good they sound, from -4 to 4."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", NAME]
        subprocess.run([*pip, "-d", folder, VADER], check=True)
        (archive,) = Path(folder).iterdir()
        with tarfile.open(archive) as outer:
            packed = _member(outer, "hutto_ICWSM_2014.tar.gz")
            with tarfile.open(fileobj=io.BytesIO(packed)) as within:
                text = _member(within, TWEETS).decode("utf-8")
    rows = (line.split("\t") for line in text.splitlines() if line)
    return [(html.unescape(row[2]), float(row[1])) for row in rows]


def _member(archive: tarfile.TarFile, ending: str) -> bytes:
    """The file in it whose name ends so."""
    name = next(one for one in archive.getnames() if one.endswith(ending))
    file = archive.extractfile(name)
    if file is None:
        raise LookupError(f"{name} is no file")
    return file.read()


def _mood(value: float) -> str:
    if abs(value) <= CLEARLY:
        return "neutral"
    return "positive" if value > 0 else "negative"


def main() -> None:
    """Learn, and write the model where it ships from."""
    said = tweets()
    chatter = {one: one == "chatter" for one in KINDS} | {"company": False, "needs_reply": False}
    posts = [*judged(), *written()]
    # The posts nearly all begin with a name and the tweets have none: that must not be what
    # tells one from the other.
    bare = [Example(HANDLE.sub("", one.text).strip(), one.heads) for one in posts]
    talk = [Example(text, chatter) for text, _ in said[::EVERY]]
    replies = [Example(f"@somebody {text}", chatter) for text, _ in said[:: 2 * EVERY]]
    examples = [*posts, *bare, *talk, *replies]
    moods = [(text, _mood(value)) for text, value in said]
    about = {"posts": len(posts), "examples": len(examples), "moods": len(moods)}
    model = learn(examples, moods, about)
    SHIPPED.write_bytes(dump(model))
    print(f"{SHIPPED.name}: {SHIPPED.stat().st_size} bytes")


def _elsewhere() -> None:
    """Go on in a Python that has scikit-learn; it has nothing else of ours."""
    from earful.bench.peers.fetched import python_with  # noqa: PLC0415

    python = python_with(sklearn=LEARNING)
    os.execv(python, [python, *sys.argv])


if __name__ == "__main__":
    if find_spec("sklearn") is None:
        _elsewhere()
    main()
