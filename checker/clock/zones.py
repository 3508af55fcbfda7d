"""Time zones, and the map between local wall time and instants.

Zone rules come from the ``tzdata`` package only, never from the machine's own zone files, so that the same
inputs give the same instants everywhere. Instants are whole seconds since the Unix epoch, UTC.

A clock change makes some wall times missing (a *gap*) or doubled (a *fold*). A caller states a policy for
those, with the names that ECMAScript Temporal gives them:

=============  ====================================================  =======================
policy         wall time in a gap (length L)                         wall time in a fold
=============  ====================================================  =======================
``earlier``    the instant L before the one below                    the first occurrence
``later``      read with the offset valid before the change          the second occurrence
``compatible`` as ``later`` (this is what ``fold=0`` means, PEP 495) as ``earlier``
``reject``     ``LocalTimeError``                                    ``LocalTimeError``
=============  ====================================================  =======================
"""

from __future__ import annotations

import difflib
import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from importlib import resources
from typing import Final, Literal
from zoneinfo import ZoneInfo

import tzdata  # type: ignore[import-untyped]

from checker.clock.package import package_digest

Policy = Literal["earlier", "later", "compatible", "reject"]
"""What to do with a local time that a clock change skips or repeats."""

DAY: Final = 86_400
"""Seconds of an ordinary day."""

_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_EPOCH: Final = datetime(1970, 1, 1)
_FIXED: Final = re.compile(r"UTC([+-])(\d{2}):([0-5]\d)")


class UnknownZoneError(ValueError):
    """A zone name that is neither in the zone database nor a fixed offset."""


class LocalTimeError(ValueError):
    """A local time that does not name exactly one instant, under the policy ``reject``."""


def zone_version() -> str:
    """Return the release of the zone database in use, such as ``2026a``."""
    return str(tzdata.IANA_VERSION)


@lru_cache(maxsize=1)
def digest() -> str:
    """SHA-256 of every file of the zone database."""
    return package_digest("tzdata")


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return every zone name of the database, old aliases included."""
    text = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return frozenset(text.split())


@lru_cache(maxsize=1024)
def zone(name: str) -> tzinfo:
    """Return the zone of an IANA name, or of a fixed offset such as ``UTC+01:00`` (east of Greenwich).

    Raises:
        UnknownZoneError: the name is neither; the message proposes the nearest known name.
    """
    fixed = _FIXED.fullmatch(name)
    if fixed:
        offset = timedelta(hours=int(fixed[2]), minutes=int(fixed[3]))
        if offset < timedelta(days=1):
            return timezone(-offset if fixed[1] == "-" else offset, name)
    elif name in zone_names():
        *folders, leaf = name.split("/")
        with resources.files("tzdata.zoneinfo").joinpath(*folders, leaf).open("rb") as data:
            return ZoneInfo.from_file(data, key=name)
    raise UnknownZoneError(f"unknown time zone {name!r}{_hint(name)}")


def _hint(name: str) -> str:
    if re.fullmatch(r"(UTC|GMT)?[+-]\d.*", name):
        return "; a fixed offset is written such as UTC+01:00"
    folded = {known.casefold(): known for known in sorted(zone_names())}
    wanted = name.strip().replace(" ", "_").casefold()
    same_city = sorted(known for key, known in folded.items() if key.rsplit("/", 1)[-1] == wanted)
    near = difflib.get_close_matches(wanted, folded, n=1, cutoff=0.75)
    if wanted in folded:
        best = folded[wanted]
    elif same_city:
        best = same_city[0]
    elif near:
        best = folded[near[0]]
    else:
        return "; expected an IANA name such as Europe/Warsaw, or a fixed offset such as UTC+01:00"
    return f"; did you mean {best!r}?"


def wall_seconds(day: date, seconds: int) -> int:
    """Return a wall time as one number: seconds since 1970-01-01 00:00 on the same wall clock."""
    return (day.toordinal() - _EPOCH_ORDINAL) * DAY + seconds


def wall_datetime(wall: int) -> datetime:
    """Return the naive local time of a number made by ``wall_seconds``."""
    return _EPOCH + timedelta(seconds=wall)


def utc_offset(t: int, tz: tzinfo) -> int:
    """Return the seconds that the zone's clock is ahead of UTC at instant ``t``."""
    offset = datetime.fromtimestamp(t, UTC).astimezone(tz).utcoffset()
    return _whole(offset)


def local(t: int, tz: tzinfo) -> datetime:
    """Return the aware local time of instant ``t``."""
    return datetime.fromtimestamp(t, UTC).astimezone(tz)


def candidates(wall: int, tz: tzinfo) -> tuple[int, int]:
    """Return the instants of a wall time read with fold 0 and fold 1 (PEP 495).

    Equal: an ordinary time. First earlier than second: a fold, both occurrences. First later than second: a
        gap.
    """
    naive = wall_datetime(wall)
    first = wall - _whole(tz.utcoffset(naive))
    second = wall - _whole(tz.utcoffset(naive.replace(fold=1)))
    return first, second


def resolve(wall: int, tz: tzinfo, policy: Policy) -> int:
    """Return the instant of a wall time; in a gap or fold by the policy (see the table above).

    Raises:
        LocalTimeError: the time is skipped or repeated and the policy is ``reject``.
    """
    first, second = candidates(wall, tz)
    if first == second:
        return first
    match policy:
        case "earlier":
            return min(first, second)
        case "later":
            return max(first, second)
        case "compatible":
            return first
        case "reject":
            what = "occurs twice" if first < second else "does not exist"
            raise LocalTimeError(
                f"local time {wall_datetime(wall).isoformat()} {what} in {tz}: a clock change"
            )


def _whole(offset: timedelta | None) -> int:
    # Historic local mean times carry seconds (Warsaw before 1915: +1:24:00); the database has no finer ones.
    if offset is None:
        raise UnknownZoneError("a zone without an offset")
    return offset.days * DAY + offset.seconds
