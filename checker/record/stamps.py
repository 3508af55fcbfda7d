"""Times as an export writes them, read to the seconds they may stand for."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from checker.clock.days import day_end, day_start
from checker.clock.zones import candidates, zone
from checker.record.exchanged import Date
from checker.record.flaws import Flaw, show
from checker.record.instants import (
    BadInstant,
    Precision,
    clock_seconds,
    day_seconds,
    local_instant,
    parse_instant,
    span,
)
from checker.record.mapping_model import TimeRule
from checker.record.suspicions import Suspicions
from checker.record.wall_stamps import Wall, WallFormat

ISO: Final = "iso"
EPOCH: Final = {"epoch-seconds": 1, "epoch-milliseconds": 1000}

DIRECTIVES: Final = frozenset("YymdbHIpMSfz")
"""The `strptime` directives that a mapping may use: those read alike on every machine."""

_MOST_EPOCH: Final = day_seconds(2099, 12, 31) + 86_399

_YEAR: Final = ("%Y", "%y")
"""Formats that begin so put the month before the day everywhere."""

Span = tuple[int, int]


class StampReader:
    """Reads the stamps of one export by its `TimeRule`; every distinct text is read once."""

    def __init__(self, rule: TimeRule, suspicions: Suspicions | None = None) -> None:
        self._rule = rule
        self._suspicions = suspicions or Suspicions()
        self._known: dict[tuple[str, str | None], Span | Flaw] = {}
        forms = [form.format for form in rule.formats if form.format != ISO and form.format not in EPOCH]
        self._ambiguous = [form for form in forms if exchange(form) != form and not form.startswith(_YEAR)]
        forms += [exchange(form) for form in forms]
        self._formats = {form: WallFormat(form) for form in forms}
        # By format the last text of it: what a stamp stands for is asked right after its date.
        self._last: dict[str, tuple[str, Wall | datetime]] = {}

    def read(self, text: str, zone_name: str | None, column: str) -> Span:
        """The first and the last second that a stamp of a column may stand for. `zone_name` is what a zone column says.

        Raises:
            Flaw: the stamp is in none of the formats, in two that differ, impossible, or doubled by a clock
            change.
        """
        for form in self._ambiguous:
            date = self.date_of(text, form)
            if date is not None:
                self._suspicions.date(column, form, date)
        key = (text, zone_name)
        found = self._known.get(key)
        path = (column,)
        if found is None:
            try:
                found = self._read(text, zone_name or self._rule.zone, column)
            except Flaw as flaw:
                found = flaw
            except BadInstant as error:
                found = Flaw(path, show(text), error.reason, error.remedy)
            except ValueError as error:
                found = Flaw(
                    path, show(text), str(error).partition(";")[0], "name a zone such as Europe/Warsaw"
                )
            self._known[key] = found
        if isinstance(found, Flaw):
            raise Flaw(path, found.found, found.reason, found.remedy)
        return found

    def saw_date(self, column: str, form: str, date: Date) -> None:
        """A date was read in a column by a format; where day and month could be exchanged in it that is evidence."""
        if form in self._ambiguous:
            self._suspicions.date(column, form, date)

    def date_of(self, text: str, form: str) -> Date | None:
        """The date of a stamp by one of the formats; None where it is of another one, or no date."""
        try:
            local = self._wall(form, text.strip())
            day_seconds(local.year, local.month, local.day)
        except (_OtherFormat, BadInstant):
            return None
        return local.year, local.month, local.day

    def exchanged(self, text: str, zone_name: str | None) -> Span | None:
        """What a stamp would stand for with day and month exchanged; None if that reads the same, or not at all."""
        for form in self._rule.formats:
            other = exchange(form.format)
            if other == form.format or form.format.startswith(_YEAR):
                continue
            try:
                known = self._by(form.format, form.precision, text.strip(), zone_name or self._rule.zone)
                found = self._by(other, form.precision, text.strip(), zone_name or self._rule.zone)
            except (_OtherFormat, ValueError):
                continue
            return found if found != known else None
        return None

    def _read(self, text: str, zone_name: str | None, column: str) -> Span:
        spans: set[Span] = set()
        last: BadInstant | None = None
        for form in self._rule.formats:
            try:
                spans.add(self._by(form.format, form.precision, text.strip(), zone_name))
            except _OtherFormat:
                continue
            except BadInstant as error:
                last = error
        if len(spans) == 1:
            return spans.pop()
        if spans:
            raise Flaw(
                (column,),
                show(text),
                "two formats of the mapping read it differently",
                "leave one format only",
            )
        if last is not None:
            raise last
        forms = " or ".join(form.format for form in self._rule.formats)
        raise Flaw(
            (column,), show(text), f"not a time in the format {forms}", "write it so, or add its format"
        )

    def _by(self, form: str, precision: Precision, text: str, zone_name: str | None) -> Span:
        if form == ISO:
            if not re.match(r"\d{4}-\d\d-\d\d[T ]", text, re.ASCII):
                raise _OtherFormat
            at, offset = parse_instant(text, zone_name=zone_name)
            if re.search(r"[+-]\d\d:?\d\d$", text, re.ASCII):
                self._suspicions.offset(offset, int(text[5:7]))
                if zone_name is not None and offset and offset != _offset_of(zone_name, at):
                    self._suspicions.foreign(zone_name, text)
            return span(at, offset, precision)
        if form in EPOCH:
            if not re.fullmatch(r"\d{1,16}", text, re.ASCII):
                raise _OtherFormat
            at = int(text) // EPOCH[form]
            if at > _MOST_EPOCH:
                raise BadInstant("an instant after the year 2099", "check seconds against milliseconds")
            return span(at, 0, precision)
        local = self._wall(form, text)
        offset_of = local.utcoffset() if isinstance(local, datetime) else None
        wall = day_seconds(local.year, local.month, local.day)
        wall += clock_seconds(local.hour, local.minute, local.second)
        if offset_of is not None:
            offset = offset_of // timedelta(seconds=1)
            self._suspicions.offset(offset, local.month)
            return span(wall - offset, offset, precision)
        if zone_name is None:
            raise BadInstant("local time without a zone", "name the zone in the mapping")
        return self._local(wall, zone_name, precision)

    def _wall(self, form: str, text: str) -> Wall | datetime:
        last, found = self._last.get(form, ("", None))
        if found is not None and last == text:
            return found
        known = self._formats[form]
        found = known.read(text)
        if found is None:
            if known.other(text):
                raise _OtherFormat
            found = _strptime(text, form)
        self._last[form] = text, found
        return found

    def _local(self, wall: int, zone_name: str, precision: Precision) -> Span:
        if precision == "day":
            noon = local_instant(wall // 86_400 * 86_400 + 43_200, zone_name, "compatible")
            return day_start(noon, zone_name), day_end(noon, zone_name)
        if precision == "minute":
            wall = wall // 60 * 60
        width = 59 if precision == "minute" else 0
        policy = self._rule.clock_changes
        if policy == "either":
            one, other = candidates(wall, zone(zone_name))
            return min(one, other), max(one, other) + width
        at = local_instant(wall, zone_name, policy)
        return at, at + width


def _strptime(text: str, form: str) -> datetime:
    try:
        return datetime.strptime(text, form)
    except ValueError as error:
        # "day is out of range for month": the shape fits, the date does not exist.
        if "out of range" in str(error):
            raise BadInstant("there is no such date", "write a date that the calendar has") from None
        raise _OtherFormat from None


def _offset_of(zone_name: str, at: int) -> int:
    """How many seconds a zone is ahead of UTC at an instant."""
    ahead = datetime.fromtimestamp(at, UTC).astimezone(zone(zone_name)).utcoffset()
    return (ahead or timedelta()) // timedelta(seconds=1)


def exchange(form: str) -> str:
    """A format with day and month in each other's place."""
    return form.replace("%d", "\0").replace("%m", "%d").replace("\0", "%m")


class _OtherFormat(Exception):
    pass
