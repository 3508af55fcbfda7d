"""Ticket histories from exports, by a mapping."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass
from pathlib import Path

from checker.record.collect import Collector
from checker.record.ended import ended, first_of, usable
from checker.record.exports.opening import gatherer, open_table
from checker.record.exports.servicenow import ServiceNow
from checker.record.exports.zendesk import Zendesk
from checker.record.files import Limits, opened
from checker.record.mapping_apply import MappedRows
from checker.record.mapping_load import load_mapping
from checker.record.mapping_model import Mapping
from checker.record.model import Fault, Log, MappingUsed, Place
from checker.record.tables import Table
from checker.record.uncollected import uncollected
from checker.record.words import Words


def rules_of(
    mapping: Mapping | str | Path, assume: AbstractMapping[str, str] | None, words: Words | None
) -> Mapping:
    """The rules of a mapping: a mapping itself, a preset by its name, or a file. Raises Fault."""
    if isinstance(mapping, Mapping):
        return mapping
    return load_mapping(mapping, assume=assume, words=words)


@dataclass(frozen=True, slots=True)
class Export:
    """Exports that were read, to be told by another mapping.

    `account`: what became of their rows before any ticket was told.
    """

    rows: MappedRows
    account: Collector
    agreement: str | None

    def told(self, rules: Mapping) -> Log | None:
        """The log that the same files are by another mapping; None where they have to be read anew for that.

        Its notes do not say what stamps give away: those of the first log do.

        Raises:
            Fault: no ticket can be used.
        """
        into = self.account.beside()
        rows = self.rows.again(into, rules, self.agreement)
        return _told(rows, into, rules) if rows is not None else None


def read_export(
    paths: Iterable[str | Path],
    rules: Mapping,
    into: Collector,
    agreement: str | None = None,
    limits: Limits | None = None,
) -> tuple[Log, Export]:
    """Read exports by the rules of a mapping, and keep their rows. Raises a Fault for a file that yields nothing at all."""
    rows = MappedRows(into, rules, agreement=agreement)
    with uncollected():
        _read(list(paths), into, rules, rows, limits or Limits())
    export = Export(rows, into.beside(), agreement)
    return _told(rows, into, rules), export


def _told(rows: MappedRows, into: Collector, rules: Mapping) -> Log:
    with uncollected():
        latest = rows.finish()
        into.ended(latest if rules.complete_to == "last-row" else rules.complete_to)
        into.assumptions += rules.assumptions
        log = into.finish(MappingUsed(rules.name, rules.file, rules.sha256))
    return usable(log, into)


def _read(paths: list[str | Path], into: Collector, rules: Mapping, rows: MappedRows, limits: Limits) -> None:
    gathered = gatherer(rules)
    if gathered is not None:
        _read_gathered(paths, into, rules, rows, gathered, limits)
        paths = []
    for path in paths:
        with opened(path, member=rules.source.member, limits=limits) as source:
            before = into.rows
            table = open_table(source, rules, limits)
            good = rows.read(source.file, table)
            if good == 0:
                rows.finish()
            ended(source, table.read_as, into, into.rows - before, good)


def _read_gathered(
    paths: list[str | Path],
    into: Collector,
    rules: Mapping,
    rows: MappedRows,
    gathered: ServiceNow | Zendesk,
    limits: Limits,
) -> None:
    """Read files that only together tell a ticket's history."""
    for path in paths:
        with opened(path, member=rules.source.member, limits=limits) as source:
            count = gathered.take(source, limits)
            read_as = f"{rules.source.format}, {count} records" + (
                f", {source.packing}" if source.packing else ""
            )
            ended(source, read_as, into, count, count)
    before = into.rows
    good = rows.read("", Table(gathered.sheet.header, gathered.rows(), ""))
    for note in gathered.sheet.notes():
        into.note(note.text, note.place, note.count)
    if good == 0:
        rows.finish()
        raise Fault(
            Place(str(paths[0])), f"no row can be read (of {into.rows - before})", "", first_of(into.aside())
        )
