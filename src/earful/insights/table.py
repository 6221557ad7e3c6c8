"""Themes as a table for other programs."""

from __future__ import annotations

from earful.insights.showing import Picture, Theme
from earful.kit.cells import csv_of, safe

HEAD = ("theme", "authors", "posts", "usual", "trend", "sentiment", "waiting", "oldest_waiting_at",
        "oldest_conversation_id", "suspected", "phrases", "followers",
        "followers_known")  # fmt: skip


def to_csv(picture: Picture) -> bytes:
    """One line for each theme, the weightiest first."""
    return csv_of(HEAD, [_line(theme) for theme in picture.items])


def _line(theme: Theme) -> list[str]:
    oldest = theme.oldest
    return [
        safe(theme.label),
        f"{theme.authors}",
        f"{theme.posts}",
        f"{theme.usual:.1f}",
        theme.trend,
        "" if theme.sentiment is None else f"{theme.sentiment:.2f}",
        f"{theme.waiting}",
        f"{oldest.at:%Y-%m-%dT%H:%M:%SZ}" if oldest else "",
        oldest.conversation_id if oldest else "",
        " ".join(theme.suspected),
        safe(" | ".join(theme.phrases)),
        "" if theme.reach.followers is None else f"{theme.reach.followers}",
        f"{theme.reach.known}",
    ]
