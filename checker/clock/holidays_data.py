"""Public holidays by country, region and year, from the maintained ``holidays`` library (category *public*).

The rules depend on the year: 24 December is free in Poland from 2025. Substitute days (a holiday that falls
on a Sunday is kept on Monday, where the country's law says so) are in. Dates that depend on sightings of the
moon are the library's estimates and say so in their name.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from holidays.registry import EntityLoader
from holidays.version import __version__ as _library_version

from checker.clock.country import class_of
from checker.clock.package import package_digest


class UnknownCountryError(ValueError):
    """A country, or a region of it, for which the library has no holidays."""


class NoHolidayDataError(ValueError):
    """A year for which the library does not know the holidays of a country it supports."""


def version() -> str:
    """Return the version of the holiday library."""
    return str(_library_version)


@lru_cache(maxsize=1)
def digest() -> str:
    """SHA-256 of every file of the holiday library: its code is its data."""
    return package_digest("holidays")


@lru_cache(maxsize=1)
def countries() -> tuple[str, ...]:
    """Return the codes of all supported countries (ISO 3166 alpha-2), sorted."""
    # The registry has the codes without the holidays; to list them with their regions loads every country there is.
    return tuple(sorted(EntityLoader.get_country_codes(include_aliases=False)))


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return frozenset(countries())


def place(code: str) -> tuple[str, str | None]:
    """A country, or a country and its region: `PL`, or `DE-BY` for Bavaria (ISO 3166-1 and 3166-2)."""
    country, dash, region = code.partition("-")
    return country, region if dash else None


def supported(country: str, region: str | None = None) -> bool:
    """Return whether there are holidays for the country, and for its region if one is given."""
    return country in _known() and (region is None or region in _regions(country))


def require(country: str, region: str | None = None) -> None:
    """Raise ``UnknownCountryError``, with the nearest known code, unless both are supported."""
    regions = _regions(country)
    if region is not None and region not in regions:
        raise UnknownCountryError(
            f"no region {region!r} of country {country!r} known{_hint(region, regions)}"
        )


def _hint(code: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(code.upper(), sorted(known), n=1, cutoff=0.5)
    return f"; did you mean {near[0]!r}?" if near else ""


def _regions(country: str) -> frozenset[str]:
    entity = _entity(country)
    return frozenset(entity.subdivisions) | frozenset(entity.subdivisions_aliases)


def _entity(country: str) -> Any:
    if country not in _known():
        raise UnknownCountryError(
            f"no holidays known of country {country!r} (ISO 3166 alpha-2){_hint(country, countries())}"
        )
    return class_of(country)


@lru_cache(maxsize=65_536)
def free_days(country: str, region: str | None, year: int) -> Mapping[date, str]:
    """Return the public holidays of a year, date to name, in order of date.

    Names are English where the library has them so, else in the country's own language; never by the
    machine's locale.

    Raises:
        UnknownCountryError: the country or region is not supported.
        NoHolidayDataError: the library does not cover that year of that country.
    """
    require(country, region)
    entity = _entity(country)
    if not entity.start_year <= year <= entity.end_year:
        raise NoHolidayDataError(
            f"holidays of {country} are known from {entity.start_year} to {entity.end_year}, not {year}"
        )
    found = entity(years=year, subdiv=region, expand=False, language=_language(entity))
    return MappingProxyType({day: str(name) for day, name in sorted(found.items()) if day.year == year})


def _language(entity: Any) -> str | None:
    if "en_US" in entity.supported_languages:
        return "en_US"
    english = sorted(tag for tag in entity.supported_languages if tag.startswith("en"))
    return english[0] if english else str(entity.default_language) if entity.default_language else None
