"""Polish forms that do not depend on a contract: lengths in figures, days, clock times, percentages, moments in their cases."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

Case = Literal["nom", "acc", "gen", "loc", "ins", "at"]
"""Nominative, accusative, genitive, locative, instrumental; `at` says that something is at the moment: `w chwili`."""

# One, accusative of one, genitive of one, two to four, five and more (which is the genitive of all but one).
_UNITS: Final = {
    "second": ("sekunda", "sekundę", "sekundy", "sekundy", "sekund"),
    "minute": ("minuta", "minutę", "minuty", "minuty", "minut"),
    "hour": ("godzina", "godzinę", "godziny", "godziny", "godzin"),
    "day": ("dzień", "dzień", "dnia", "dni", "dni"),
    "night-and-day": ("doba", "dobę", "doby", "doby", "dób"),
    "week": ("tydzień", "tydzień", "tygodnia", "tygodnie", "tygodni"),
    "month": ("miesiąc", "miesiąc", "miesiąca", "miesiące", "miesięcy"),
    "quarter": ("kwartał", "kwartał", "kwartału", "kwartały", "kwartałów"),
    "year": ("rok", "rok", "roku", "lata", "lat"),
}
_FEMININE: Final = frozenset({"second", "minute", "hour", "night-and-day"})

_MONTHS: Final = (
    "stycznia",
    "lutego",
    "marca",
    "kwietnia",
    "maja",
    "czerwca",
    "lipca",
    "sierpnia",
    "września",
    "października",
    "listopada",
    "grudnia",
)

_HEADS: Final[dict[str, dict[Case, str]]] = {
    "moment": {
        "nom": "chwila",
        "acc": "chwilę",
        "gen": "chwili",
        "loc": "chwili",
        "ins": "chwilą",
        "at": "w chwili",
    },
    "start": {
        "nom": "początek",
        "acc": "początek",
        "gen": "początku",
        "loc": "początku",
        "ins": "początkiem",
        "at": "z początkiem",
    },
    "end": {
        "nom": "koniec",
        "acc": "koniec",
        "gen": "końca",
        "loc": "końcu",
        "ins": "końcem",
        "at": "z końcem",
    },
    "day": {"nom": "dzień", "acc": "dzień", "gen": "dnia", "loc": "dniu", "ins": "dniem", "at": "w dniu"},
    "given": {
        "nom": "termin podany jako",
        "acc": "termin podany jako",
        "gen": "terminu podanego jako",
        "loc": "terminie podanym jako",
        "ins": "terminem podanym jako",
        "at": "w terminie podanym jako",
    },
    "later": {
        "nom": "późniejsza",
        "acc": "późniejszą",
        "gen": "późniejszej",
        "loc": "późniejszej",
        "ins": "późniejszą",
        "at": "w późniejszej",
    },
    "earlier": {
        "nom": "wcześniejsza",
        "acc": "wcześniejszą",
        "gen": "wcześniejszej",
        "loc": "wcześniejszej",
        "ins": "wcześniejszą",
        "at": "we wcześniejszej",
    },
    "falling": {
        "nom": "chwila przypadająca",
        "acc": "chwilę przypadającą",
        "gen": "chwili przypadającej",
        "loc": "chwili przypadającej",
        "ins": "chwilą przypadającą",
        "at": "w chwili przypadającej",
    },
    "time": {
        "nom": "czas",
        "acc": "czas",
        "gen": "czasu",
        "loc": "czasie",
        "ins": "czasem",
        "at": "w czasie",
    },
}

_DAYS: Final = ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela")
_FROM: Final = ("poniedziałku", "wtorku", "środy", "czwartku", "piątku", "soboty", "niedzieli")


def head(word: str, case: Case) -> str:
    """A word that names a moment, in a case."""
    return _HEADS[word][case]


def few(amount: int) -> bool:
    """Whether a figure takes the plural of two to four: 2, 3, 4, 22, but not 12."""
    return amount % 10 in (2, 3, 4) and amount % 100 not in (12, 13, 14)


def counted(amount: int, unit: str, case: Case = "nom", adjective: str = "") -> str:
    """A figure with its unit in the nominative, accusative or genitive: `2 godziny`, `5 dni roboczych`.

    `adjective` is its stem: `robocz`, `kalendarzow`.
    """
    one, accusative, genitive, two, five = _UNITS[unit]
    if case == "gen":
        noun = genitive if amount == 1 else five
        ending = "ych" if amount != 1 else "ej" if unit in _FEMININE else "ego"
    elif amount == 1:
        noun = accusative if case == "acc" else one
        ending = ("ą" if case == "acc" else "a") if unit in _FEMININE else "y"
    else:
        noun = two if few(amount) else five
        ending = "e" if few(amount) else "ych"
    return f"{grouped(amount)} {noun}" + (f" {adjective}{ending}" if adjective else "")


def unit_name(unit: str, case: Case = "nom") -> str:
    """A unit by itself: `dzień`, `dnia`."""
    one, accusative, genitive, _, _ = _UNITS[unit]
    return {"acc": accusative, "gen": genitive}.get(case, one)


def every(unit: str) -> str:
    """`każdy miesiąc`, `każda godzina`."""
    return f"każda {_UNITS[unit][0]}" if unit in _FEMININE else f"każdy {_UNITS[unit][0]}"


def in_which(unit: str) -> str:
    """`w którym` or `w której`, as the unit's gender asks."""
    return "w której" if unit in _FEMININE else "w którym"


def grouped(amount: int) -> str:
    """A figure with its thousands apart: 50 000."""
    return f"{amount:,}".replace(",", "\u00a0") if abs(amount) >= 10000 else str(amount)


def percent(hundredths: int) -> str:
    """Hundredths of a percent: 9990 is 99,9%."""
    whole, part = divmod(hundredths, 100)
    return (f"{whole},{part:02d}".rstrip("0") if part else str(whole)) + "%"


def on_day(day: date) -> str:
    """`1 stycznia 2025 r.`"""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year} r."


def of_day(seconds: int) -> str:
    """Seconds of the day as 17:30."""
    return f"{seconds // 3600}:{seconds % 3600 // 60:02d}"


def weekdays(days: tuple[int, ...]) -> str:
    """`od poniedziałku do piątku`, or the days one by one."""
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return f"od {_FROM[days[0]]} do {_FROM[days[-1]]}"
    return ", ".join(_DAYS[d] for d in days)


def listed(words: list[str], last: str) -> str:
    """`a, b lub c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def quoted(words: str) -> str:
    """In Polish quotation marks."""
    return f"„{words}”"
