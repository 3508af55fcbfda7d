"""Reading a whole log: JSON Lines, event rows as CSV or Parquet, or an export with a mapping."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Mapping as AbstractMapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from checker.record.collect import Collector
from checker.record.csv_rows import COLUMNS, EventRows
from checker.record.ended import ended, usable
from checker.record.files import PARQUET, Limits, Opened, head, lines, opened
from checker.record.json_lines import read_json_lines
from checker.record.model import Log
from checker.record.tables import Table, read_table
from checker.record.uncollected import uncollected
from checker.record.words import Words

if TYPE_CHECKING:
    from checker.record.mapping_model import Mapping

_JSON: Final = (".jsonl", ".ndjson", ".json")
_TABLE: Final = (".csv", ".tsv")
_PACKED: Final = (".gz", ".zip")


def read_log(
    paths: Iterable[str | Path],
    *,
    mapping: Mapping | str | Path | None = None,
    assume: AbstractMapping[str, str] | None = None,
    known_events: frozenset[str] | None = None,
    words: Words | None = None,
    attribute_types: AbstractMapping[str, str] | None = None,
    agreement: str | None = None,
    limits: Limits | None = None,
) -> Log:
    """Read ticket histories from files.

    `mapping`: a mapping, the name of a preset, or a mapping file; without it a file is JSON Lines or a
    table of event rows, told by its name, else by its first character. `assume` switches assumptions of the
    mapping on. `known_events` are the events that somebody may refer to; others are noted. `words` are the
    events (instead of `known_events`, with their levels) and logs that the record may name; others are faulty.
    `attribute_types` are the types of attributes in event rows, by the vocabulary's words. `agreement` is
    given to tickets that name none.

    Raises:
        Fault: a file that yields nothing at all: missing, empty, damaged, not text, every row unreadable;
        or a flaw in the mapping.
    """
    limits = limits or Limits()
    into = Collector(known_events, words)
    given = list(paths)
    if mapping is not None:
        # Exports have rules and readers of their own, which a plain log does not need.
        from checker.record.mapped import read_export, rules_of

        return read_export(given, rules_of(mapping, assume, words), into, agreement, limits)[0]
    with uncollected():
        _read_plain(given, into, attribute_types, agreement, words, limits)
        log = into.finish(None, [str(path) for path in given])
    return usable(log, into)


def _read_plain(
    paths: list[str | Path],
    into: Collector,
    types: AbstractMapping[str, str] | None,
    agreement: str | None,
    words: Words | None,
    limits: Limits,
) -> None:
    rows: EventRows | None = None
    for path in paths:
        with opened(path, limits=limits) as source:
            before = into.rows, into.accepted
            quiet = False
            if is_json(source):
                quiet = read_json_lines(
                    source.file, lines(source, limits), into, agreement=agreement, known=words
                )
                good = into.accepted - before[1]
                read_as = "JSON Lines" + (f", {source.packing}" if source.packing else "")
            else:
                if rows is None:
                    rows = EventRows(into, attribute_types=types, agreement=agreement)
                table = _event_table(source, limits)
                good = rows.read(source.file, table)
                read_as = table.read_as
                if good == 0:
                    rows.finish()
            ended(source, read_as, into, into.rows - before[0], good, quiet=quiet)
    if rows is not None:
        rows.finish()
        into.ended(None)


def is_json(source: Opened) -> bool:
    """Whether a file is JSON Lines, by its name, else by its first character."""
    name = source.file.lower()
    for packed in _PACKED:
        name = name.removesuffix(packed)
    if name.endswith(_JSON) or name.endswith(_TABLE):
        return name.endswith(_JSON)
    begins = head(source, 256).removeprefix(b"\xef\xbb\xbf").lstrip()
    return begins[:1] in (b"{", b"[")


def _event_table(source: Opened, limits: Limits) -> Table:
    if head(source, 4) == PARQUET:
        from checker.record.exports.parquet import read_parquet

        return read_parquet(source, limits)
    return read_table(source, expected=COLUMNS, limits=limits)
