"""Facts of an agreement against the types of the vocabulary: a value of another type would be read as something else.

Values are open and null is *not on record*; only the type of a value is held, and a field that looks misspelt is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Final

from checker.record.flaws import Flaw, Path, did_you_mean, field_name, show
from checker.record.instants import BadInstant, parse_day, parse_instant
from checker.record.values import kind_of
from checker.record.words import Words

FORMAT_KEYS: Final = frozenset(
    {
        "agreement",
        "contract",
        "events",
        "records_missing",
        "gaps",
        "time_zone",
        "country",
        "open_dates",
        "closed_dates",
    }
)
"""The keys of an agreement that the format itself names."""

_BOUNDS: Final = ("from", "to")
_NONE: Final[frozenset[str]] = frozenset()
_MISSPELT: Final = 0.75
"""How much a name is like a known one to be taken for it; `form` is this much like `from`."""

_CLOCK: Final = re.compile(r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?|24:00(?::00)?", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WITH_TIME: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]", re.ASCII)

Said = tuple[Path, str]
"""Something legal worth a note: where, and what."""


def check_facts(facts: Mapping[str, object], words: Words) -> list[Said]:
    """Hold the facts of an agreement to their types; what is legal and yet looks wrong is returned.

    Raises:
        Flaw: a value of another type, a date that the calendar does not have, a period that ends before it begins, or a
        field of an entry that looks like another one misspelt.
    """
    out: list[Said] = []
    for name, found in facts.items():
        if (name,) in words.facts and name not in FORMAT_KEYS:
            _within(found, (name,), (name,), words, out)
        elif name not in words.read | FORMAT_KEYS:
            known = words.fields.get((), frozenset()) | FORMAT_KEYS
            hint = did_you_mean(name, known, _MISSPELT)
            out.append(
                ((name,), f"unknown fact {name}: no clause refers to it" + (f"; {hint}" if hint else ""))
            )
    return out


def check_dates(found: object, path: Path) -> frozenset[str]:
    """A list of dates, or null.

    Raises:
        Flaw: it is none, or the calendar does not have a date of it.
    """
    if found is None:
        return frozenset()
    if not isinstance(found, list):
        raise Flaw(path, show(found), f"a list of dates is due, not {kind_of(found)}", "write [2025-12-24]")
    for i, item in enumerate(found):
        _date(item, (*path, i))
    return frozenset(found)


def _within(found: object, path: Path, steps: tuple[str, ...], words: Words, out: list[Said]) -> None:
    if found is None:
        return
    check = _CHECKS.get(words.facts.get(steps, ""))
    if check is not None:
        check(found, path)
    if isinstance(found, list):
        for i, item in enumerate(found):
            _within(item, (*path, i), (*steps, ""), words, out)
    elif isinstance(found, dict):
        _fields(found, path, steps, words, out)


def _fields(
    found: Mapping[str, object], path: Path, steps: tuple[str, ...], words: Words, out: list[Said]
) -> None:
    known = words.fields.get(steps, _NONE)
    entry = steps[-1] == ""
    if entry and known and not known.issuperset(_BOUNDS):
        # The engine reads `from` and `to` of every entry, whether an example of the vocabulary has them or not.
        known |= frozenset(_BOUNDS)
    for key, item in found.items():
        here, within = (*path, key), (*steps, key)
        kind = words.facts.get(within)
        if key in known or key in words.read:
            if entry and kind is None and item is not None and key in _BOUNDS:
                _dated(item, here)
        elif known:
            absent = known - found.keys()
            if entry and (sure := did_you_mean(key, absent, _MISSPELT)):
                raise Flaw(here, "", f"unknown key {show(key)}", sure)
            hint = did_you_mean(key, absent)
            if hint or entry:
                text = f"{field_name(here)}: no clause refers to {key}" + (f"; {hint}" if hint else "")
                out.append((here, text))
        if isinstance(item, list | dict):
            _within(item, here, within, words, out)
        elif item is not None and kind is not None and (check := _CHECKS.get(kind)) is not None:
            check(item, here)
    _check_order(found, path)


def _check_order(found: Mapping[str, object], path: Path) -> None:
    if "from" not in found or "to" not in found:
        return
    start, end = _known_second(found["from"]), _known_second(found["to"])
    if start is not None and end is not None and start[0] == end[0] and end < start:
        reason, remedy = "the period ends before it begins", "exchange from and to"
        raise Flaw((*path, "to"), show(found["to"]), reason, remedy)


def _known_second(found: object) -> tuple[str, int] | None:
    """A date or an instant to compare with another of its kind; a clock time may well end before it begins."""
    return _second_of(found) if isinstance(found, str) else None


@lru_cache(maxsize=65_536)
def _second_of(found: str) -> tuple[str, int] | None:
    try:
        if _DAY.fullmatch(found):
            return "date", parse_day(found).toordinal()
        return "instant", parse_instant(found)[0]
    except BadInstant:
        return None


# --------------------------------------------------------------------------- types
def _string(found: object, path: Path) -> None:
    if not isinstance(found, str):
        remedy = "put it in quotes" if isinstance(found, bool | int | Decimal) else "write one text"
        raise Flaw(path, show(found), f"text is due, not {kind_of(found)}", remedy)


def _bool(found: object, path: Path) -> None:
    if not isinstance(found, bool):
        quoted = isinstance(found, str) and found.lower() in ("true", "false")
        remedy = "leave the quotes out" if quoted else "write true or false"
        raise Flaw(path, show(found), f"true or false is due, not {kind_of(found)}", remedy)


def _number(found: object, path: Path) -> None:
    if isinstance(found, bool) or not isinstance(found, int | Decimal):
        quoted = isinstance(found, str) and re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", found, re.ASCII)
        remedy = "leave the quotes out" if quoted else "write digits, without a unit"
        raise Flaw(path, show(found), f"a number is due, not {kind_of(found)}", remedy)


def _int(found: object, path: Path) -> None:
    _number(found, path)
    if isinstance(found, Decimal) and found != found.to_integral_value():
        raise Flaw(path, show(found), "a whole number is due", "write digits only")


def _list(found: object, path: Path) -> None:
    if not isinstance(found, list):
        raise Flaw(path, show(found), f"a list is due, not {kind_of(found)}", "write a list, as in [a, b]")


def _map(found: object, path: Path) -> None:
    if not isinstance(found, dict):
        reason = f"a mapping is due, not {kind_of(found)}"
        raise Flaw(path, show(found), reason, "write a mapping, as in {name: value}")


def _date(found: object, path: Path) -> None:
    if not isinstance(found, str):
        raise Flaw(
            path, show(found), f"a date is due, not {kind_of(found)}", "write a date such as 2025-12-24"
        )
    try:
        parse_day(found)
    except BadInstant as error:
        raise Flaw(path, show(found), error.reason, error.remedy) from None


def _instant(found: object, path: Path) -> None:
    if not isinstance(found, str):
        remedy = 'write an ISO 8601 instant in quotes, such as "2025-03-03T09:00:00+01:00"'
        raise Flaw(path, show(found), f"an instant is due, not {kind_of(found)}", remedy)
    try:
        parse_instant(found)
    except BadInstant as error:
        raise Flaw(path, show(found), error.reason, error.remedy) from None


def _dated(found: object, path: Path) -> None:
    if (known := _known_second(found)) is not None and known[0] == "date":
        return
    if isinstance(found, str) and _WITH_TIME.match(found):
        _instant(found, path)
    else:
        _date(found, path)


def _clock(found: object, path: Path) -> None:
    if not isinstance(found, str) or not _CLOCK.fullmatch(found):
        raise Flaw(path, show(found), "not a time of day", "write a time such as '08:00'")


_CHECKS: Final[Mapping[str, Callable[[object, Path], None]]] = {
    "string": _string,
    "bool": _bool,
    "int": _int,
    "number": _number,
    "list": _list,
    "map": _map,
    "date": _date,
    "instant": _instant,
    "date or instant": _dated,
    "time": _clock,
}
"""What each type of the vocabulary asks of a value; a type that is not here asks nothing."""
