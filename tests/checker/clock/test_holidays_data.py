"""Public holidays: which dates, which names, which countries and years."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import date

import pytest

from checker.clock.holidays_data import (
    NoHolidayDataError,
    UnknownCountryError,
    countries,
    free_days,
    require,
    supported,
    version,
)


def test_polish_holidays_depend_on_the_year() -> None:
    eve = "Christmas Eve"
    assert date(2024, 12, 24) not in free_days("PL", None, 2024)
    assert free_days("PL", None, 2025)[date(2025, 12, 24)] == eve
    assert len(free_days("PL", None, 2024)) == 13
    assert len(free_days("PL", None, 2025)) == 14
    assert date(2018, 11, 12) in free_days("PL", None, 2018)  # free once only
    assert date(2010, 1, 6) not in free_days("PL", None, 2010)  # free from 2011
    assert date(2011, 1, 6) in free_days("PL", None, 2011)


def test_dates_are_in_order_and_of_their_year() -> None:
    for country in ("PL", "US", "JP", "SA"):
        found = list(free_days(country, None, 2026))
        assert found == sorted(found)
        assert {day.year for day in found} == {2026}


def test_regions_and_substitute_days() -> None:
    corpus_christi = date(2025, 6, 19)
    assert corpus_christi in free_days("DE", "BY", 2025)
    assert corpus_christi not in free_days("DE", None, 2025)
    assert date(2026, 7, 3) in free_days("US", None, 2026)  # 4 July is a Saturday
    # New Year 2028 is a Saturday: kept in the year before, and found there.
    assert date(2027, 12, 31) in free_days("US", None, 2027)


def test_what_is_not_known_is_refused() -> None:
    with pytest.raises(UnknownCountryError, match="did you mean 'PL'"):
        free_days("pl", None, 2025)
    with pytest.raises(UnknownCountryError, match="did you mean 'BY'"):
        free_days("DE", "by", 2025)
    with pytest.raises(UnknownCountryError, match="'Poland'"):
        require("Poland")
    with pytest.raises(NoHolidayDataError, match="from 1925 to"):
        free_days("PL", None, 1924)


def test_supported() -> None:
    assert supported("PL")
    assert supported("DE", "BY")
    assert not supported("DE", "XX")
    assert not supported("POL")
    assert not supported("ZZ", "XX")
    assert len(countries()) > 150
    assert all(len(code) == 2 for code in countries())
    assert countries() == tuple(sorted(countries()))


def test_version() -> None:
    assert version().split(".")[0].isdigit()


def test_the_result_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        free_days("PL", None, 2025)[date(2025, 1, 2)] = "mine"  # type: ignore[index]


@pytest.mark.parametrize("language", ["pl_PL.UTF-8", "C"])
def test_names_do_not_depend_on_the_machine(language: str) -> None:
    code = (
        "from checker.clock.holidays_data import free_days;"
        "print(ascii([*free_days('PL', None, 2025).values(), *free_days('DE', None, 2025).values()]))"
    )
    environment = {**os.environ, "LANG": language, "LC_ALL": language, "LANGUAGE": language[:2]}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    expected = [*free_days("PL", None, 2025).values(), *free_days("DE", None, 2025).values()]
    assert done.stdout.strip() == ascii(expected)
    assert "Epiphany" in done.stdout
