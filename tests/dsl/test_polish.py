"""Polish forms: plurals, cases, figures; each in a row of the table."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsl.polish import Case, counted, every, few, grouped, head, in_which, on_day, percent, weekdays


@pytest.mark.parametrize(
    ("amount", "unit", "said", "genitive"),
    [
        (1, "hour", "1 godzina", "1 godziny"),
        (2, "hour", "2 godziny", "2 godzin"),
        (4, "hour", "4 godziny", "4 godzin"),
        (5, "hour", "5 godzin", "5 godzin"),
        (12, "minute", "12 minut", "12 minut"),
        (14, "day", "14 dni", "14 dni"),
        (21, "hour", "21 godzin", "21 godzin"),
        (22, "second", "22 sekundy", "22 sekund"),
        (112, "hour", "112 godzin", "112 godzin"),
        (1, "day", "1 dzień", "1 dnia"),
        (3, "day", "3 dni", "3 dni"),
        (1, "week", "1 tydzień", "1 tygodnia"),
        (2, "week", "2 tygodnie", "2 tygodni"),
        (6, "week", "6 tygodni", "6 tygodni"),
        (1, "month", "1 miesiąc", "1 miesiąca"),
        (3, "month", "3 miesiące", "3 miesięcy"),
        (12, "month", "12 miesięcy", "12 miesięcy"),
        (2, "quarter", "2 kwartały", "2 kwartałów"),
        (1, "year", "1 rok", "1 roku"),
        (2, "year", "2 lata", "2 lat"),
        (5, "year", "5 lat", "5 lat"),
        (2, "night-and-day", "2 doby", "2 dób"),
    ],
)
def test_a_figure_with_its_unit(amount: int, unit: str, said: str, genitive: str) -> None:
    assert counted(amount, unit) == said
    assert counted(amount, unit, "gen") == genitive


@pytest.mark.parametrize(
    ("amount", "unit", "case", "adjective", "said"),
    [
        (1, "day", "nom", "robocz", "1 dzień roboczy"),
        (1, "day", "gen", "robocz", "1 dnia roboczego"),
        (3, "day", "nom", "robocz", "3 dni robocze"),
        (5, "day", "nom", "robocz", "5 dni roboczych"),
        (2, "day", "gen", "robocz", "2 dni roboczych"),
        (4, "day", "acc", "kalendarzow", "4 dni kalendarzowe"),
        (30, "day", "gen", "kalendarzow", "30 dni kalendarzowych"),
        (1, "hour", "acc", "zegarow", "1 godzinę zegarową"),
        (1, "hour", "gen", "zegarow", "1 godziny zegarowej"),
    ],
)
def test_a_figure_with_an_adjective(amount: int, unit: str, case: Case, adjective: str, said: str) -> None:
    assert counted(amount, unit, case, adjective) == said


@given(st.integers(0, 100_000))
def test_two_to_four_repeat_with_the_hundreds(amount: int) -> None:
    assert few(amount) == few(amount + 100)
    assert few(amount) == (amount % 10 in (2, 3, 4) and amount // 10 % 10 != 1)


def test_cases_of_a_moment() -> None:
    cases: tuple[Case, ...] = ("nom", "acc", "gen", "loc", "ins", "at")
    said = [head("moment", case) for case in cases]
    assert said == ["chwila", "chwilę", "chwili", "chwili", "chwilą", "w chwili"]
    assert [head("end", case) for case in cases][3:] == ["końcu", "końcem", "z końcem"]


def test_figures_and_days() -> None:
    assert [percent(9990), percent(2000), percent(9905)] == ["99,9%", "20%", "99,05%"]
    assert [grouped(5000), grouped(50000)] == ["5000", "50\u00a0000"]
    assert on_day(date(2026, 5, 1)) == "1 maja 2026 r."
    assert weekdays((0, 1, 2, 3, 4)) == "od poniedziałku do piątku"
    assert weekdays((0, 2, 4)) == "poniedziałek, środa, piątek"
    assert [every("month"), every("hour")] == ["każdy miesiąc", "każda godzina"]
    assert [in_which("day"), in_which("hour")] == ["w którym", "w której"]
