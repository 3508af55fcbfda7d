"""The sentence that an explanation quotes, as far as its words say how long a limit is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from checker.recheck.hours import Hours

UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400}

# `the provider shall have answer within 2 hours of opening, counted in office-hours, stopped while pause`
_DEADLINE = re.compile(r" (?:shall|shall endeavour to|expects to) have (?P<acts>[^,]+?) within (?P<rest>.+)")
_LENGTH = re.compile(r"(?P<length>.+?) of (?P<start>[^,]+)(?P<qualifiers>(?:, .+)?)")
_FIGURE = re.compile(
    r"(?P<amount>\d+) (?P<counting>elapsed |working |calendar )?(?P<unit>second|minute|hour|day|week|month|quarter|year)s?"
)
_QUALIFIERS = re.compile(
    r"(?:, counted in (?P<calendar>[\w.-]+))?(?P<stopped>(?:, stopped while [\w.-]+)*)"
    r"(?:, ending at (?P<ending>\d\d:\d\d))?(?P<first>, first day counted)?(?P<kept>, not moved off free days)?"
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A deadline with one limit, and nothing else that could decide.

    `amount` and `unit` are empty where the length is a figure that the contract names elsewhere. `counting`: `clock`
    (seconds of opening hours, or elapsed), `working` (days of the calendar), `legal`, `calendar`, or empty for a figure.
    """

    amount: int
    unit: str
    counting: str
    calendar: str | None
    stopped: bool
    ending_at: int | None
    first_day_counted: bool
    moved: bool

    @property
    def seconds(self) -> int | None:
        """The length of a limit that runs on a clock."""
        return self.amount * UNITS[self.unit] if self.counting == "clock" else None


def quoted(text: str) -> Quoted | None:
    """What a sentence says, if it is a deadline with a single limit; else None."""
    sentence = _DEADLINE.search(text)
    limit = _LENGTH.fullmatch(sentence["rest"]) if sentence else None
    details = _QUALIFIERS.fullmatch(limit["qualifiers"]) if limit else None
    if limit is None or details is None:
        return None
    figure = _FIGURE.fullmatch(limit["length"])
    ending = details["ending"]
    return Quoted(
        int(figure["amount"]) if figure else 0,
        figure["unit"] if figure else "",
        _counting(figure) if figure else "",
        details["calendar"],
        bool(details["stopped"]),
        int(ending[:2]) * 3600 + int(ending[3:]) * 60 if ending else None,
        bool(details["first"]),
        not details["kept"],
    )


def _counting(figure: re.Match[str]) -> str:
    said = (figure["counting"] or "").strip()
    if said == "elapsed" or (not said and figure["unit"] in ("second", "minute", "hour")):
        return "clock"
    return said or "legal"


def last_day(q: Quoted, hours: Hours, first: date) -> date:
    """The last day of a term in working days, counted one by one from the day of the event."""
    left = q.amount
    for ahead in count(0 if q.first_day_counted else 1):
        day = first + timedelta(days=ahead)
        left -= hours.works_on(day)
        if not left:
            return day
    raise AssertionError("the count has no end")


def nominal_day(q: Quoted, first: date) -> date:
    """The last day of a legal term before it is moved off a free day (Polish Civil Code, art. 111 and 112).

    If the day of the event counts, a term ends on the eve of the day that corresponds to it.
    """
    if q.unit in ("day", "week"):
        return first + timedelta(days=q.amount * UNITS[q.unit] // UNITS["day"] - q.first_day_counted)
    months = q.amount * {"month": 1, "quarter": 3, "year": 12}[q.unit]
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    same = next(day for day in range(first.day, 0, -1) if _exists(year, month + 1, day))
    found = date(year, month + 1, same)
    return found - timedelta(days=1) if q.first_day_counted and same == first.day else found


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
