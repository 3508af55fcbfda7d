"""Due functions compared at their bends, against instants in between; and what is certain without any bends."""

from __future__ import annotations

from random import Random

import pytest

from checker.compare.due import Bends, Counted, Frame
from checker.compare.formula import Form
from checker.compare.logic import Groups
from checker.compare.normal import referred
from checker.compare.order import HOLIDAYS, Order

PLACES = (("Europe/Warsaw", "PL"), ("America/New_York", "US"))
ZONE: Form = ("fact", ("zone",), "")
LAND: Form = ("fact", ("land",), "")
FRAME = Frame(ZONE, LAND, "polish-civil-code")


def calendar(*windows: tuple[int, int, int, bool]) -> Form:
    shown = tuple(sorted((*w, ()) for w in windows))
    return referred("calendar", ("calendar", ZONE, LAND, shown, ()))


OFFICE = calendar(*((d, 9 * 3600, 17 * 3600, True) for d in range(5)))
LONG = calendar(*((d, 8 * 3600, 20 * 3600, True) for d in range(6)))
NIGHT = calendar(*((d, 22 * 3600, 30 * 3600, False) for d in range(5)))
DAYS = calendar(*((d, 0, 86400, True) for d in range(5)))


def counted(
    amount: int, unit: str, counting: str, on: Form | None = None, ending: int | None = None
) -> Counted:
    if counting in ("elapsed", "clock"):
        amount, unit = amount * {"hour": 3600, "minute": 60}[unit], "second"
    return ("Length", amount, unit, counting), ("Clock", on, (), ending, False, True)


GIVEN = [
    counted(4, "hour", "elapsed"),
    counted(26, "hour", "elapsed"),
    counted(4, "hour", "clock", OFFICE),
    counted(8, "hour", "clock", OFFICE),
    counted(9, "hour", "clock", LONG),
    counted(3, "hour", "clock", NIGHT),
    counted(1, "day", "working", DAYS),
    counted(2, "day", "working", DAYS, 12 * 3600),
    counted(3, "day", "legal"),
    counted(1, "week", "legal"),
]


@pytest.mark.parametrize("i", range(len(GIVEN)))
def test_bends_see_what_instants_in_between_show(i: int) -> None:
    bends = Bends(PLACES, (2026, 2026), FRAME)
    r = Random(i)
    for other in GIVEN:
        found = bends.compared(GIVEN[i], other)
        assert found is not None
        for where in PLACES:
            f, g = bends.function(GIVEN[i], where), bends.function(other, where)
            assert f is not None
            assert g is not None
            for _ in range(400):
                t = r.randrange(1767300000, 1798600000)
                if f.at(t) > g.at(t):
                    assert found.later is not None, t
                if f.at(t) < g.at(t):
                    assert found.earlier is not None, t
        for hint, sign in ((found.later, 1), (found.earlier, -1)):
            if hint is not None:
                t, where = hint
                f, g = bends.function(GIVEN[i], where), bends.function(other, where)
                assert f is not None
                assert g is not None
                assert (f.at(t) - g.at(t)) * sign > 0


def test_what_is_certain_needs_no_bends() -> None:
    order = Order(PLACES, (2026, 2026), Groups(lambda value: False))
    four, eight, elapsed = (
        counted(4, "hour", "clock", OFFICE),
        counted(8, "hour", "clock", OFFICE),
        counted(4, "hour", "elapsed"),
    )
    assert order.length(*four, *eight) == {HOLIDAYS}
    assert order.length(*elapsed, *four) == {HOLIDAYS}
    assert order.length(*counted(4, "hour", "clock", LONG), *four) == {HOLIDAYS}
    assert order.length(*eight, *four) is None
    assert order.bends.hints == []


def test_a_bounded_claim_says_its_bounds() -> None:
    bends = Bends(PLACES, (2026, 2027))
    found = bends.never_later(counted(9, "hour", "elapsed"), counted(1, "day", "working", DAYS))
    assert found == {bends.scope}
    assert "2026-2027" in bends.scope
    assert "Europe/Warsaw (PL)" in bends.scope


def elsewhere(zone: Form = ZONE, land: Form = LAND) -> Form:
    windows = tuple((d, 9 * 3600, 17 * 3600, True, ()) for d in range(5))
    return referred("calendar", ("calendar", zone, land, windows, ()))


@pytest.mark.parametrize(
    "other",
    [
        elsewhere(zone=("fact", ("engineer_zone",), "")),
        elsewhere(zone=("fact", ("zone",), "Europe/Warsaw")),
        elsewhere(land=("fact", ("vendor_country",), "")),
    ],
)
def test_two_facts_are_not_one_place(other: Form) -> None:
    bends = Bends(PLACES, (2026, 2026), FRAME)
    mine, theirs = (counted(4, "hour", "clock", c) for c in (elsewhere(), other))
    assert bends.compared(mine, theirs) is None
    # The agreement may tell one of them alone.
    assert any("" in place for _, place in bends.hints)
    assert bends.compared(theirs, theirs) is not None


def test_a_constant_is_a_place_of_its_own() -> None:
    bends = Bends(PLACES, (2026, 2026), FRAME)
    warsaw = counted(4, "hour", "clock", elsewhere(zone=("constant", "Europe/Warsaw", "")))
    found = bends.compared(warsaw, counted(4, "hour", "clock", elsewhere()))
    assert found is not None
    assert (found.later or found.earlier or (0, ("", "")))[1][0] == "America/New_York"


def test_legal_terms_of_two_frames_are_not_compared() -> None:
    bends = Bends(PLACES, (2026, 2026))
    assert bends.compared(counted(3, "day", "legal"), counted(1, "week", "legal")) is None
    held = Bends(PLACES, (2026, 2026), Frame(("constant", "Asia/Tokyo", ""), LAND, "polish-civil-code"))
    f = held.function(counted(3, "day", "legal"), PLACES[0])
    assert f is not None
    # Civil Code art. 111 and 115: the day of the event, a Thursday in Tokyo, is not counted; the last is a Sunday, and gives way.
    assert f.at(1767225600) == 1767225600 + 5 * 86400 - 9 * 3600 - 1
