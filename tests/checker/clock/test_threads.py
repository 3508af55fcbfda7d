"""Several threads may ask a calendar at a time: no answer is of an index that another one is just working out."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from checker.clock.calendar import Calendar
from checker.clock.windows import CalendarSpec, Window

SPEC = CalendarSpec((Window(frozenset(range(5)), 9 * 3600, 17 * 3600, True),), "Europe/Warsaw", "PL")
STARTS = [int(datetime(year, 6, 2, 12, tzinfo=UTC).timestamp()) for year in range(2040, 1999, -1)]


def answers(calendar: Calendar, start: int) -> tuple[int, int, int, bool]:
    day = 86_400
    return (
        calendar.add(start, 40 * 3600),
        calendar.subtract(start, 40 * 3600),
        calendar.measure(start - 30 * day, start + 30 * day),
        calendar.contains(start),
    )


def test_threads_that_make_the_index_grow_both_ways() -> None:
    alone = [answers(Calendar(SPEC), start) for start in STARTS]
    for _ in range(5):
        calendar = Calendar(SPEC)
        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(lambda start, of=calendar: answers(of, start), STARTS)) == alone
