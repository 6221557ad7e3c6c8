"""HTML of the portal's pages."""

from __future__ import annotations

import re
from datetime import datetime

from earful.pages.markup import Html, fill, join
from earful.pages.portal.assets import PAGE_CSS, script_url
from earful.portal.places import Place
from earful.portal.talks import Line
from earful.portal.words import Words

_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


def shell(
    place: Place,
    words: Words,
    title: str,
    body: Html,
    *,
    preview: bool = False,
    findable: bool = False,
) -> Html:
    """A whole page of a portal around `body`."""
    script = script_url("page")
    return fill(
        _PAGE,
        language=words.language,
        direction=words.direction,
        title=title,
        name=place.name,
        path=place.path,
        body=body,
        look=Html(fill(_LOOK, path=place.path)) if place.channel_id else Html(""),
        css=PAGE_CSS,
        script=fill('<script src="{url}" defer></script>', url=script) if script else Html(""),
        head=_head(place) if place.channel_id else Html(""),
        foot=_foot(place, words) if place.channel_id else Html(""),
        robots=Html("" if findable else '<meta name="robots" content="noindex">'),
        preview=Html(_PREVIEW) if preview else Html(""),
    )


def _head(place: Place) -> Html:
    logo = fill('<img src="{path}/logo" alt="">', path=place.path) if place.logo_id else Html("")
    return fill(_HEAD, logo=logo, name=place.name, path=place.path)


def _foot(place: Place, words: Words) -> Html:
    rows = [("", "write"), ("/help", "help")]
    if place.settings.public:
        rows.append(("/public", "public_page"))
    rows += [("/lost", "lost"), ("/legal", "legal")]
    links = join(
        *(fill('<a href="{p}{e}">{t}</a>', p=place.path, e=e, t=words(n)) for e, n in rows)
    )
    return fill('<nav aria-label="{label}">{links}</nav>', label=place.name, links=links)


def line_of(
    one: Line, place: Place, who: str, pictures: str, *, words: Words, below: Html | None = None
) -> Html:
    """One message. `pictures` is the path that its pictures lie under, `below` what follows it."""
    own = place.name if one.own else who
    shown = join(
        *(
            fill('<a href="{at}/{id}"><img src="{at}/{id}" alt="" loading="lazy"></a>', **values)
            for values in ({"at": pictures, "id": media_id} for media_id in one.media)
        )
    )
    return fill(
        _LINE,
        id=one.id,
        kind="ours" if one.own else "theirs",
        who=own,
        when=moment(one.at, words.language),
        gone=" gone" if one.gone_at else "",
        text=words("taken_back") if one.gone_at else linked(one.text) if one.own else one.text,
        below=below or Html(""),
        pictures=fill('<div class="pictures">{shown}</div>', shown=shown) if shown else Html(""),
    )


def linked(text: str) -> Html:
    """Our own words, with their addresses to follow; a stranger's are never made links."""
    parts: list[Html] = []
    at = 0
    for found in _LINK.finditer(text):
        parts.append(fill("{text}", text=text[at : found.start()]))
        parts.append(fill('<a href="{u}" rel="noopener" target="_blank">{u}</a>', u=found[0]))
        at = found.end()
    return Html("".join([*parts, fill("{text}", text=text[at:])]))


def moment(at: datetime, language: str = "en") -> Html:
    """An instant; the script shows it in the visitor's own time and language."""
    english = language.startswith("en")
    shown = f"{at.day} {at:%B %Y, %H:%M} UTC" if english else f"{at:%Y-%m-%d, %H:%M} UTC"
    return fill('<time datetime="{iso}">{shown}</time>', iso=at.isoformat(), shown=shown)


def told(text: str, kind: str = "problem") -> Html | None:
    """A message at the top, read out at once; nothing for an empty text."""
    role = "alert" if kind == "problem" else "status"
    return fill('<p class="{k}" role="{r}">{t}</p>', k=kind, r=role, t=text) if text else None


def area(name: str, label: str, value: str, *, error: bool = False, rows: int = 6) -> Html:
    """A labelled field for a text."""
    invalid = Html(' aria-invalid="true"') if error else Html("")
    return fill(_AREA, name=name, label=label, value=value, invalid=invalid, rows=rows)


def choice(name: str, value: str, label: str, hint: str, *, chosen: bool) -> Html:
    """One of several that exclude each other."""
    checked = Html(" checked") if chosen else Html("")
    return fill(_CHOICE, name=name, value=value, label=label, hint=hint, checked=checked)


_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{robots}
<title>{title} · {name}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{css}">
{look}
{script}
</head>
<body>
{preview}
{head}
<main>
<h1>{title}</h1>
{body}
</main>
{foot}
</body>
</html>
"""

_LOOK = '<link rel="stylesheet" href="{path}/look.css">'

_PREVIEW = '<p class="preview" role="status">Not live: only people who work here see this page.</p>'

_HEAD = '<header><a href="{path}">{logo}<span>{name}</span></a></header>'

_LINE = """<article class="{kind}{gone}" id="m-{id}">
<p class="by"><b dir="auto">{who}</b> {when}</p>
<p class="text" dir="auto">{text}</p>
{pictures}{below}</article>"""

_AREA = """<div class="field"><label for="{name}">{label}</label>
<textarea id="{name}" name="{name}" rows="{rows}" dir="auto" required{invalid}>
{value}</textarea></div>"""

_CHOICE = """<div class="choice"><input type="radio" id="{name}-{value}" name="{name}"
value="{value}" aria-describedby="{name}-{value}-hint"{checked}>
<div><label for="{name}-{value}">{label}</label>
<p class="hint" id="{name}-{value}-hint">{hint}</p></div></div>"""
