"""A workspace's style sheet for its portal, without what could reach out or hide what is said."""

from __future__ import annotations

import re

from earful.kit.refusal import Refused
from earful.kit.text import storable

LONGEST = 50_000
_COMMENT = re.compile(r"/\*.*?(\*/|$)", re.DOTALL)
_REACHES_OUT = re.compile(
    r"url\s*\(|image-set\s*\(|src\s*\(|@\s*(import|charset|namespace|font-face)|expression\s*\(|"
    r"javascript:|-moz-binding|behavior\s*:",
    re.IGNORECASE,
)


def cleaned(css: str) -> str:
    """`css` without comments. Raises Refused for what would load anything.

    The pages' policy would let nothing be loaded either way; here whoever wrote it is told.
    """
    text = storable(_COMMENT.sub("", css)).strip()
    if len(text) > LONGEST:
        raise Refused("too-long", f"The style sheet has more than {LONGEST} characters.")
    if "\\" in text or "<" in text:
        raise Refused("invalid", "The style sheet can have neither \\ nor < in it.")
    if found := _REACHES_OUT.search(text):
        raise Refused("invalid", f"The style sheet may load nothing: take {found[0]!r} out.")
    if text.count("{") != text.count("}"):
        raise Refused("invalid", "The style sheet has a { without a }, or the other way round.")
    return text
