"""Tests of the store's own."""

from __future__ import annotations

import pytest

from earful.store import sealed


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases cost a third of a second each; here they need not."""
    monkeypatch.setattr(sealed, "COST", 1 << 4)
