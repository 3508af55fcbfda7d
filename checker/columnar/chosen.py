"""Some tickets of a log whose files come as columns, as objects: for those who look at few of many."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from checker.columnar.lines import line_file
from checker.columnar.parquet import TableFile, is_table, take_rows
from checker.record.collect import Collector
from checker.record.csv_rows import EventRows
from checker.record.files import Limits
from checker.record.model import Ticket
from checker.record.words import Words


def chosen(
    paths: Sequence[str | Path],
    ids: Collection[str],
    *,
    end: int | None,
    words: Words | None = None,
    attribute_types: Mapping[str, str] | None = None,
    limits: Limits | None = None,
) -> list[Ticket]:
    """The tickets with these ids, as `read_log` reads them; those that it sets aside are not there.

    `end`: the end of the record that the files declare. The files are those of a log that was read before.

    Raises:
        Fault: a file cannot be read any more.
    """
    into = Collector(None, words)
    limits = limits or Limits()
    wanted = frozenset(ids)
    rows = EventRows(into, attribute_types=dict(attribute_types or {}))
    for path in paths:
        if is_table(path, limits):
            table = TableFile(path, limits)
            table.look()
            for some, numbers in table.some(table.rows_of(wanted)):
                take_rows(rows, str(path), some, numbers)
        else:
            lines = line_file(path, into, words, limits)
            lines.look(into)
            lines.take_those_of(wanted)
    rows.finish()
    return [ticket for ticket in into.let_go(end) if ticket.id in wanted]
