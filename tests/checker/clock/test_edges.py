"""Where windows open and close, in every zone of the database: what is told from both ends of some days holds for all that lies between."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from checker.clock.edges import closing, opening
from checker.clock.zones import DAY, candidates, wall_seconds, zone, zone_names

# The year of each zone, so that all of 1900 to 2100 come about; and those in which two changes lie as close as they ever do.
CLOSEST = {
    "America/Cambridge_Bay": 2000,
    "America/Noronha": 2000,
    "Asia/Gaza": 2040,
    "Europe/Kaliningrad": 1945,
}
YEARS = [(name, 1900 + 37 * i % 200) for i, name in enumerate(sorted(zone_names()))] + list(CLOSEST.items())
PARTS = 8
HOURS = 3 * 3600


@pytest.mark.parametrize("part", range(PARTS))
def test_clocks_are_not_changed_twice_within_six_days(part: int) -> None:
    for name, year in YEARS[part::PARTS]:
        tz = zone(name)
        first, last = (wall_seconds(date(y, 1, 1), 0) for y in (year, year + 1))
        ahead = [wall - candidates(wall, tz)[0] for wall in range(first, last, HOURS)]
        changes = [i for i in range(1, len(ahead)) if ahead[i] != ahead[i - 1]]
        assert all((b - a) * HOURS > 6 * DAY for a, b in pairwise(changes)), name


@pytest.mark.parametrize("part", range(PARTS))
def test_they_agree_with_each_wall_time(part: int) -> None:
    changed = 0
    for name, year in YEARS[part::PARTS]:
        tz = zone(name)
        first, last = (wall_seconds(date(y, 1, 1), 0) for y in (year, year + 1))
        for day in range(first, last, DAY):
            quiet = day - candidates(day, tz)[0] == day + DAY - candidates(day + DAY, tz)[0]
            for wall in range(day, day + DAY, 11 * 3600 if quiet else 900):
                one, other = candidates(wall, tz)
                if one == other:
                    assert (opening(wall, tz), closing(wall, tz)) == (one, one), (name, wall)
                    continue
                changed += 1
                # In a gap both are the instant of the change; in a fold a window opens no later than it closes.
                assert min(one, other) <= opening(wall, tz) <= closing(wall, tz) <= max(one, other)
        # And just beside the days that are looked at together.
        for wall in range(first - first % (4 * DAY), last, 4 * DAY):
            for beside in (wall - 1, wall, wall + 1):
                one, other = candidates(beside, tz)
                assert one != other or opening(beside, tz) == one, (name, beside)
    assert changed


def test_the_first_and_the_last_days_there_are() -> None:
    tz = zone("UTC")
    for day in (date(1, 1, 2), date(9999, 12, 30)):
        wall = wall_seconds(day, 0)
        assert (opening(wall, tz), closing(wall + DAY, tz)) == (wall, wall + DAY)
