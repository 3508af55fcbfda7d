"""Over all countries at once: the bounds that each second has by itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from checker.clock.alternatives import possible
from checker.clock.holidays_data import NoHolidayDataError
from checker.clock.windows import CalendarSpec, Window
from checker.columnar import unplaced
from checker.columnar.anywhere import anywhere
from checker.columnar.world import Columns

WEEK = frozenset(range(5))
HOURS = (Window(WEEK, 9 * 3600, 17 * 3600 + 1800, True),)
HALVES = (Window(WEEK, 8 * 3600, 12 * 3600, True), Window(WEEK, 13 * 3600, 17 * 3600, True))


def second(year: int, month: int, day: int, hour: int = 10) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp())


STARTS = [second(2024, 12, d, h) for d in (23, 24, 25, 30, 31) for h in (0, 8, 15, 16)]
STARTS += [second(2025, 1, 1), second(2025, 4, 18), second(2025, 10, 26, 1), second(2024, 7, 6)]
# Of some countries holidays are known up to a year only.
LATER = [second(2034, 12, 29), second(2034, 12, 31, 16), second(2035, 1, 1), second(2035, 12, 31)]


@pytest.mark.filterwarnings("ignore:Requested Holidays are available only")
@pytest.mark.parametrize(
    ("windows", "zone", "starts", "seconds"),
    [
        (HOURS, "Asia/Kathmandu", STARTS, 4 * 3600),
        (HALVES, "America/New_York", STARTS, 85 * 1800),
        (HOURS, "Europe/Warsaw", LATER, 2 * 3600),
        (HOURS, "Pacific/Auckland", STARTS[:4], 700 * 3600),
    ],
)
def test_the_bounds_of_each_second(
    windows: tuple[Window, ...], zone: str, starts: list[int], seconds: int
) -> None:
    away = frozenset({date(2024, 12, 30)})
    spec = CalendarSpec(windows, zone, None, None, frozenset({date(2024, 12, 25)}), away)
    asked = np.unique(np.array(starts, np.int64))
    found = anywhere(spec, int(asked[0]), int(asked[-1]), seconds)
    assert found is not None
    ends = found.ends(asked, seconds)
    assert ends is not None
    calendar = possible(spec)
    for start, lo, hi, told in zip(asked.tolist(), *(column.tolist() for column in ends), strict=True):
        try:
            bounds = calendar.add(start, seconds)
        except NoHolidayDataError:
            assert not told
            continue
        assert told
        assert (lo, hi) == bounds


def test_what_no_day_tells_is_left_to_each_second() -> None:
    over_midnight = (Window(WEEK, 20 * 3600, 30 * 3600, True),)
    kept_open = (*HOURS, Window(frozenset({5}), 0, 3600, False))
    for windows in (over_midnight, kept_open, ()):
        spec = CalendarSpec(windows, "Europe/Warsaw", None)
        assert anywhere(spec, second(2024, 1, 1), second(2024, 2, 1), 3600) is None


def test_few_seconds_are_asked_about_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = CalendarSpec(HOURS, "Asia/Kathmandu", None)
    once = np.unique(np.array(STARTS, np.int64))
    kept: dict[Any, Any] = {}

    def ends(few: int) -> list[list[int]]:
        monkeypatch.setattr(unplaced, "_FEW", few)
        kept.clear()
        table = SimpleNamespace(span=(int(once[0]), int(once[-1])))
        agreements = SimpleNamespace(
            once=lambda key, compute: kept[key] if key in kept else kept.setdefault(key, compute())
        )
        world = SimpleNamespace(now=LATER[0], table=SimpleNamespace(whole_table=table), agreements=agreements)
        return [column.tolist() for column in unplaced.ends(cast(Columns, world), possible(spec), once, 7200)]

    def at_once() -> bool:
        return any(key[0] == "anywhere" for key in kept)

    one_by_one = ends(len(once))
    assert not at_once()
    assert ends(0) == one_by_one
    assert at_once()
