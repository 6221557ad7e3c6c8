"""Public holidays by country and region, from the library `holidays`."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from earful.sla.calendar import Region
from earful.sla.errors import HoursError


@lru_cache(maxsize=4096)
def holidays_of(region: Region, year: int) -> dict[date, str]:
    """The public holidays of a region in a year, with their names. Raises HoursError."""
    import holidays  # noqa: PLC0415 - loaded where hours know a region, it is large

    try:
        found = holidays.country_holidays(
            region.country, subdiv=region.subdivision or None, years=year
        )
    except NotImplementedError as error:
        raise HoursError(f"No holidays are known of {_said(region)}.") from error
    return {day: name for day, name in found.items() if day.year == year}


@lru_cache(maxsize=1)
def countries() -> dict[str, tuple[str, ...]]:
    """Countries whose holidays are known, by ISO code, with their subdivisions."""
    import holidays  # noqa: PLC0415

    known = holidays.list_supported_countries(include_aliases=False)
    return {code: tuple(subdivisions) for code, subdivisions in sorted(known.items())}


def check_region(region: Region) -> None:
    """Raises HoursError for a country or subdivision that is not known."""
    holidays_of(region, 2024)


def _said(region: Region) -> str:
    if not region.subdivision:
        return f"the country “{region.country}”"
    return f"“{region.subdivision}” in the country “{region.country}”"
