"""Day and month exchanged in exactly the dates that a spreadsheet takes for its own: how often that is seen, and how often wrongly."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from checker.record.exchanged import Date, outside
from checker.record.model import Log, Note, Place
from checker.record.suspicions import Suspicions
from tests.checker.record.exported import read_files


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def days(first: str, last: str, step: int = 1) -> set[Date]:
    a, b = date.fromisoformat(first), date.fromisoformat(last)
    every = (a + timedelta(i) for i in range(0, (b - a).days + 1, step))
    return {(d.year, d.month, d.day) for d in every}


def damaged(dates: Iterable[Date]) -> set[Date]:
    return {(y, d, m) if d <= 12 else (y, m, d) for y, m, d in dates}


# --------------------------------------------------------------------------- the evidence
def test_dates_scattered_over_the_year() -> None:
    found = outside(damaged(days("2024-03-11", "2024-05-31")))
    assert found is not None
    assert (found.first.isoformat(), found.last.isoformat()) == ("2024-03-13", "2024-05-31")
    # Of 2 + 12 + 12 days up to the twelfth, one each is the fourth of April and the fifth of May.
    assert (found.of, found.exchanged) == (24, 0)
    # 31 days before the thirteenth of March is the eleventh of February, 31 after the end of May the first of July.
    assert found.dates == {
        (y, m, d) for y, m, d in damaged(days("2024-03-11", "2024-05-31")) if m in (1, 8, 9, 10, 11, 12) or (m, d) in
        {(2, 3), (2, 4), (2, 5), (7, 3), (7, 4), (7, 5)}
    }  # fmt: skip


@pytest.mark.parametrize(
    "dates",
    [
        days("2024-03-11", "2024-05-31"),
        days("2024-02-20", "2024-03-12"),
        days("2024-02-13", "2024-02-29") | days("2024-03-01", "2024-03-12"),
        # Nothing is certain, or next to nothing.
        damaged(days("2024-03-01", "2024-03-12")),
        damaged(days("2024-03-01", "2024-03-16")),
        # All dates up to the twelfth read the same either way.
        {(2024, m, m) for m in range(1, 13)} | days("2024-06-13", "2024-06-30"),
        # Whole years are whole years turned round.
        days("2023-01-01", "2024-12-31"),
        damaged(days("2023-01-01", "2024-12-31")),
        # What lies elsewhere lies there either way: old tickets, and tasks of the tenth of each month.
        days("2024-05-13", "2024-08-20") | {(2023, m, 7) for m in range(1, 12)},
        days("2024-10-01", "2024-12-31") | {(2024, m, 10) for m in range(1, 10)},
        days("2024-10-13", "2024-10-31") | {(2024, m, d) for m in (11, 12) for d in (15, 20)} | {(2024, m, 10) for m in range(1, 9)},
        # A busy week in December.
        days("2024-02-20", "2024-02-29") | days("2024-09-15", "2024-09-30") | days("2024-12-03", "2024-12-10"),
        # A trial at the beginning of January, a pause, and then the work.
        days("2024-01-02", "2024-01-12") | days("2024-02-25", "2024-09-30"),
    ],
    ids=[
        "sound", "sound, of three weeks", "sound, the days up to the twelfth last", "no certain date", "few certain dates",
        "day and month alike", "whole years", "whole years, damaged", "old ones", "a monthly task",
        "a monthly task before work", "a busy week", "a trial before",
    ],
)  # fmt: skip
def test_no_evidence(dates: set[Date]) -> None:
    assert outside(dates) is None


def test_more_than_four() -> None:
    sound = days("2024-06-13", "2024-06-30")
    turned = [(2024, m, 6) for m in (1, 2, 3, 9, 10)]
    assert outside(sound | set(turned[:4])) is None
    found = outside(sound | set(turned))
    assert found is not None
    assert found.dates == set(turned)


# --------------------------------------------------------------------------- how often
Made = Callable[[random.Random, int, int], Iterable[int]]


def even(rng: random.Random, length: int, n: int) -> Iterable[int]:
    return (rng.randrange(length) for _ in range(n))


def workdays(rng: random.Random, length: int, n: int) -> Iterable[int]:
    return (i if i % 7 < 5 else i + 2 for i in even(rng, length, n))


def growing(rng: random.Random, length: int, n: int) -> Iterable[int]:
    return (int(length * rng.random() ** 0.4) for _ in range(n))


def bursts(rng: random.Random, length: int, n: int) -> Iterable[int]:
    begin = [rng.randrange(length) for _ in range(rng.randint(1, 6))]
    return (rng.choice(begin) + rng.randint(0, 10) for _ in range(n))


def old_ones(rng: random.Random, length: int, n: int) -> Iterable[int]:
    return [*even(rng, length, n), *(-rng.randrange(1, 900) for _ in range(rng.randint(1, 12)))]


def openings(rng: random.Random, length: int, n: int) -> Iterable[int]:
    return (i - int(30 * rng.paretovariate(1.2)) % 1500 for i in workdays(rng, length, n))


def due(rng: random.Random, length: int, n: int) -> Iterable[int]:
    return (i + rng.choice([1, 5, 14, 30, 90, 365]) for i in workdays(rng, length, n))


def a_trial(rng: random.Random, length: int, n: int) -> Iterable[int]:
    return [*even(rng, rng.randint(3, 14), n // 10), *(i + 90 for i in even(rng, length, n))]


def monthly(rng: random.Random, length: int, n: int) -> Iterable[int]:
    """A task of about one day of each month, from up to two years before the rest."""
    before = (-30 * i - rng.choice([0, 0, 1, 2]) for i in range(1, rng.randint(1, 24)))
    return [*even(rng, length, n), *before]


SHAPES: list[Made] = [even, workdays, growing, bursts, old_ones, openings, due, a_trial]
LENGTHS = [14, 30, 61, 91, 183, 365, 730, 1095]
SIZES = [10, 20, 40, 100, 400]

Counts = Counter[tuple[int, int]]


def measured(seed: int, count: int, shapes: list[Made]) -> tuple[int, Counts, Counts]:
    """Of so many sound exports how many are suspected; and by length and size, how many were made, and seen once damaged."""
    rng = random.Random(seed)
    wrong, made, seen = 0, Counts(), Counts()
    for i in range(count):
        length, size = rng.choice(LENGTHS), rng.choice(SIZES)
        begin = date(2015, 1, 5).toordinal() + 7 * rng.randrange(500)
        each = (date.fromordinal(begin + day) for day in shapes[i % len(shapes)](rng, length, size))
        dates = {(d.year, d.month, d.day) for d in each}
        wrong += outside(dates) is not None
        made[length, size] += 1
        seen[length, size] += outside(damaged(dates)) is not None
    return wrong, made, seen


def test_how_often_it_is_seen_and_how_often_wrongly() -> None:
    """Exports of two weeks to three years, each as it is and damaged; docs/exports.md has the figures of 100,000."""
    wrong, made, seen = measured(2024, 2400, SHAPES)
    assert wrong == 0

    def rate(lengths: list[int], sizes: list[int]) -> float:
        every = [(length, size) for length in lengths for size in sizes]
        return sum(seen[each] for each in every) / sum(made[each] for each in every)

    assert rate([30, 61, 91, 183], [400]) > 0.75
    assert rate([30, 61, 91, 183], [100, 400]) > 0.65
    assert rate([365, 730, 1095], [400]) > 0.5
    # Of ten dates a handful can have been turned round.
    assert rate(LENGTHS, [10]) < 0.05


def test_what_recurs_each_month_is_seldom_taken_for_damage() -> None:
    assert measured(2025, 1000, [monthly])[0] <= 1


# --------------------------------------------------------------------------- what is said
HEADER = "number,version,updated_at,state,priority,channel,assignee\n"


def export(dates: Iterable[Date], first: str = "C") -> bytes:
    rows = (
        f"{first}-{i},0,{d:02d}/{m:02d}/{y} 09:00,new,P2,phone,\n"
        for i, (y, m, d) in enumerate(sorted(dates))
    )
    return (HEADER + "".join(rows)).encode()


def suspicions(log: Log) -> list[Note]:
    return [note for note in log.notes if note.text.startswith("suspicion")]


def test_the_note_has_its_figures_and_its_first_place(folder: Path) -> None:
    sound = days("2024-03-11", "2024-05-31")
    assert not suspicions(read_files("snapshot-rows", a__csv=export(sound)))
    # One file of two: the dates of the other one would lie outside if they were exchanged.
    assert not suspicions(
        read_files("snapshot-rows", b__csv=export(sound, "B"), c__csv=export(damaged(sound)))
    )
    log = read_files("snapshot-rows", c__csv=export(damaged(sound)))
    (note,) = suspicions(log)
    assert note.text == (
        "suspicion: 18 of 24 dates in updated_at, written %d/%m/%Y %H:%M, in which day and month could be exchanged lie more "
        "than 31 days outside of 2024-03-13 to 2024-05-31, which those with a day above 12 span; exchanged, 0 would (as in "
        "04/01/2024 09:00)"
    )
    assert (note.place, note.count) == (Place("c.csv", 2), 18)
    # Nothing is repaired.
    assert log.tickets[0].events[0].stamp == "04/01/2024 09:00"


def test_years_first_are_never_exchanged(folder: Path) -> None:
    dates = sorted(damaged(days("2024-03-11", "2024-05-31")))
    rows = "".join(
        f"HD-{i};{y}-{m:02d}-{d:02d}T09:00:00Z;opened;P2;phone;\n" for i, (y, m, d) in enumerate(dates)
    )
    header = "Case ID;Complete Timestamp;Activity;Priority;Channel;automated\n"
    assert not suspicions(read_files("event-rows", events__csv=(header + rows).encode()))


def test_like_is_compared_with_like() -> None:
    """What falls due next year in one column is no evidence against what was written this year in another."""
    told = Suspicions()
    for each in days("2024-06-13", "2024-06-30"):
        told.date("updated", "%d/%m/%Y", each)
    for month in range(1, 6):
        told.date("due", "%d/%m/%Y", (2024, month, 6))
        told.date("updated", "%d.%m.%Y", (2024, month, 6))
    assert not list(told.notes(lambda column, form, dates: None, {}))
    for month in range(1, 6):
        told.date("updated", "%d/%m/%Y", (2024, month, 6))
    (note,) = told.notes(lambda column, form, dates: None, {})
    assert note.text.startswith("suspicion: 5 of 5 dates in updated, written %d/%m/%Y, ")


def test_stamps_that_are_tried_the_other_way_about_are_no_evidence(folder: Path) -> None:
    """Rows out of order are looked at with day and month exchanged: those dates are not the export's."""
    rows = "".join(
        f"C-{m},0,{m + 12}/{m:02d}/2024 09:00,new,P2,phone,\nC-{m},1,{m:02d}/02/2023 09:00,new,P2,phone,\n"
        for m in range(1, 13)
    )
    log = read_files(
        "snapshot-rows", a__csv=(HEADER + rows + "D,0,14/02/2024 09:00,new,P2,phone,\n").encode()
    )
    assert not [note for note in suspicions(log) if "%m/%d" in note.text]
