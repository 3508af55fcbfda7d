"""The end of a file: what was read of it, or why nothing was."""

from __future__ import annotations

from collections.abc import Iterable

from checker.record.collect import Collector
from checker.record.files import Opened
from checker.record.model import Fault, Log, Place, SetAside, Source
from checker.record.places import first_aside


def ended(
    source: Opened, read_as: str, into: Collector, rows: int, good: int, *, quiet: bool = False
) -> None:
    """Note that a file was read. `quiet`: it says itself how far it reaches, so that a month without a ticket is no fault.

    Raises:
        Fault: it held no row (of `rows`), or none that can be used (`good`).
    """
    if rows == 0 and quiet:
        into.sources.append(Source(source.file, source.bytes, source.sha256, read_as))
        return
    if rows == 0:
        raise Fault(Place(source.file), "the file holds no row", "", "export it again")
    if good == 0:
        raise Fault(
            Place(source.file), f"no row can be read (of {rows})", "", first_of(into.aside(), source.file)
        )
    into.sources.append(Source(source.file, source.bytes, source.sha256, read_as))


def usable(log: Log, into: Collector) -> Log:
    """The log itself. Raises a Fault where nothing in it can be used."""
    if not log.tickets and not log.agreement_events and (log.read.tickets or log.complete_to is None):
        file = log.sources[0].file if log.sources else ""
        raise Fault(Place(file), f"no ticket can be used (of {log.read.tickets})", "", first_of(into.aside()))
    return log


def first_of(found: Iterable[SetAside], file: str | None = None) -> str:
    """The first thing that was set aside (of a file), as the remedy of a fault."""
    first = first_aside(found, file)
    return f"the first: {first}" if first is not None else ""
