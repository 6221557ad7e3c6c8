"""HTML from templates: whatever is put into one is escaped, unless it is Html already."""

from __future__ import annotations

from html import escape

from earful.pages.assets import STYLESHEET_URL


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def fill(template: str, **values: object) -> Html:
    """`template` with its {names} replaced by escaped values."""
    safe = {
        name: value if isinstance(value, Html) else escape(str(value), quote=True)
        for name, value in values.items()
    }
    return Html(template.format_map(safe))


def join(*parts: Html | None) -> Html:
    """The parts that there are, one after the other."""
    return Html("\n".join(part for part in parts if part))


def whole_page(title: str, body: Html, brand: str = "", language: str = "en") -> Html:
    """A page around `body`, with `title` as its heading; a customer's under the `brand`'s name."""
    mark = fill('<div class="mark">{brand}</div>', brand=brand) if brand else _OUR_MARK
    return fill(
        _PAGE,
        language=language,
        title=title,
        body=body,
        stylesheet=STYLESHEET_URL,
        mark=mark,
        whose=brand or "Earful",
    )


def field(
    name: str,
    label: str,
    *,
    kind: str = "text",
    value: str = "",
    autocomplete: str = "off",
    hint: str = "",
    error: str = "",
    focus: bool = False,
    extra: Html = Html(""),  # noqa: B008 - immutable
) -> Html:
    """A labelled input; `hint` and `error` are tied to it for screen readers."""
    notes = [(f"{name}-hint", "hint", hint), (f"{name}-error", "error", error)]
    told = [note for note in notes if note[2]]
    lines = join(*(fill(_NOTE, id=i, kind=k, text=t) for i, k, t in told))
    attributes = join(
        fill(' aria-describedby="{ids}"', ids=" ".join(n[0] for n in told)) if told else None,
        Html(' aria-invalid="true"') if error else None,
        Html(" autofocus") if focus else None,
        extra,
    )
    return fill(
        _FIELD,
        name=name,
        label=label,
        kind=kind,
        value=value,
        autocomplete=autocomplete,
        attributes=attributes,
        notes=lines,
    )


def form(action: str, *, csrf: str, button: str, fields: Html, next_: str = "") -> Html:
    """A form that posts to `action`."""
    onward = fill('<input type="hidden" name="next" value="{next}">', next=next_) if next_ else ""
    return fill(_FORM, action=action, csrf=csrf, button=button, fields=fields, onward=Html(onward))


def problem(text: str) -> Html | None:
    """A message at the top of a form, read out at once; nothing for an empty text."""
    return fill('<p class="problem" role="alert">{text}</p>', text=text) if text else None


def paragraph(text: str) -> Html:
    """A paragraph."""
    return fill("<p>{text}</p>", text=text)


def link(href: str, text: str) -> Html:
    """A paragraph with a link in it."""
    return fill('<p><a href="{href}">{text}</a></p>', href=href, text=text)


_PAGE = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{title} · {whose}</title>
<link rel="icon" href="/static/ear.svg" type="image/svg+xml">
<link rel="stylesheet" href="{stylesheet}">
</head>
<body>
<main>
{mark}
<h1>{title}</h1>
{body}
</main>
</body>
</html>
"""

_OUR_MARK = Html("""<div class="mark"><svg width="28" height="28" viewBox="0 0 24 24"
aria-hidden="true"><path
d="M7 10a5.5 5.5 0 1 1 10 3.2c-1.2 1.6-2.4 2-2.4 4.3A3.3 3.3 0 0 1 9 19.6M9.8 10.3a2.6 2.6 0 1 1
4.6 1.7c-.8.9-1.9 1-1.9 2.4" fill="none" stroke="currentColor" stroke-width="2"
stroke-linecap="round"/></svg>Earful</div>""")

_FORM = """<form method="post" action="{action}">
<input type="hidden" name="csrf" value="{csrf}">{onward}
{fields}
<button type="submit">{button}</button>
</form>"""

_FIELD = """<div class="field"><label for="{name}">{label}</label>
<input id="{name}" name="{name}" type="{kind}" value="{value}" autocomplete="{autocomplete}"
{attributes}>{notes}</div>"""

_NOTE = '<p id="{id}" class="{kind}">{text}</p>'
