"""What the app would have to pay: the same resource once per UTC day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from earful.networks.x.prices import PRICES, Item


class Spend:
    """Charges by UTC day."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._charged: dict[str, dict[tuple[Item, str], Decimal]] = {}

    def charge(self, item: Item, resources: Iterable[str]) -> None:
        """Charge for every one of `resources` that was not charged for today."""
        today = self._charged.setdefault(self._now().strftime("%Y-%m-%d"), {})
        for resource in resources:
            today.setdefault((item, resource), PRICES[item])

    def total(self, day: str) -> Decimal:
        """US dollars on a day, `2026-03-02`."""
        return sum(self._charged.get(day, {}).values(), Decimal(0))

    def reads(self) -> dict[str, int]:
        """Posts read by day."""
        read = {Item.READ_POST, Item.READ_MENTION, Item.EVENT_POST}
        return {
            day: sum(1 for item, _ in charged if item in read)
            for day, charged in self._charged.items()
        }

    def told(self) -> dict[str, Any]:
        """By day: the total in dollars, and how many of each."""
        return {
            day: {
                "total": str(self.total(day)),
                "items": {
                    item.value: count
                    for item in Item
                    if (count := sum(1 for one, _ in charged if one is item))
                },
            }
            for day, charged in self._charged.items()
        }
