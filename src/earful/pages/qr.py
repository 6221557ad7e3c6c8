"""QR codes drawn into the page, so that a secret goes through no other server and no file."""

from __future__ import annotations

import segno

from earful.pages.markup import Html


def qr_code(text: str, *, label: str) -> Html:
    """`text` as an SVG element that screen readers call `label` (our own words, not input)."""
    drawn: str = segno.make(text, error="m", micro=False).svg_inline(
        scale=1, border=2, dark="#000", light="#fff", omitsize=True, svgclass=None, lineclass=None
    )
    named = drawn.replace("<svg ", f'<svg role="img" aria-label="{label}" ', 1)
    return Html(f'<div class="qr">{named}</div>')
