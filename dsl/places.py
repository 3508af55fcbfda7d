"""Time zones and countries that a contract can name: those of the zone data and of the holiday library that count its time.

Nothing is taken from the machine: its own zone files may know other names, and know them otherwise.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources
from types import ModuleType

from dsl.diagnostics import did_you_mean

_FIXED = re.compile(r"UTC[+-](0[0-9]|1[0-4]):[0-5][0-9]")


@lru_cache(maxsize=1)
def zones() -> frozenset[str]:
    """Every zone of the zone data by its IANA name, old names included."""
    return frozenset(resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


def is_zone(name: str) -> bool:
    """Whether local time can be told by this name: a zone, or a fixed offset such as `UTC+01:00`."""
    return name in zones() or _FIXED.fullmatch(name) is not None


def zone_meant(name: str) -> str:
    """Which zone is likely meant by a name that is none, as `did you mean "Europe/Warsaw"?`, or an empty string."""
    wanted = name.strip().replace(" ", "_").casefold()
    close = sorted(z for z in zones() if wanted in (z.casefold(), z.casefold().rpartition("/")[2]))
    return did_you_mean(close[0] if close else name, zones())


def _holidays() -> ModuleType:
    """The holiday library. Dear to load, and needed by none but a contract that names a country."""
    import holidays

    return holidays


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """The countries whose public holidays are known, by their codes of two letters (ISO 3166)."""
    # The registry has the codes without the holidays; to list them with their regions loads every country there is.
    return frozenset(_holidays().registry.EntityLoader.get_country_codes(include_aliases=False))


@lru_cache(maxsize=256)
def is_country(code: str) -> bool:
    """Whether public holidays are known of a country (`PL`), or of a region of one (`DE-BY`, ISO 3166-2)."""
    country, dash, region = code.partition("-")
    if country not in countries():
        return False
    entity = getattr(_holidays(), country)
    return not dash or region in entity.subdivisions or region in entity.subdivisions_aliases


def country_meant(name: str) -> str:
    """Which country is likely meant by a code or a name that is none of the codes, or an empty string."""
    letters = re.sub(r"[^A-Za-z]", "", name)
    for spelt in (name.strip().upper(), letters) if letters.isascii() and letters else ():
        if spelt in countries():
            return did_you_mean(spelt, countries())
        found = next((k for k in _codes() if k.casefold() == spelt.casefold()), None)
        if found is not None:
            return did_you_mean(_codes()[found], countries())
    return ""


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    """Other codes and the English names of countries, each with its code of two letters."""
    known = countries()
    return {
        other: code
        for others in _holidays().registry.COUNTRIES.values()
        for code in others
        if code in known
        for other in others
    }
