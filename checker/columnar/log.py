"""A log whose files come as columns: what is the same for all files, and the parts that they make together.

First every file is looked at: its ids (does a ticket come twice? those that do are read), its header, the agreements' own histories.
Then it is read, and parts come in the order of the log.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, cast

import numpy as np

from checker.columnar.ahead import ahead
from checker.columnar.apart import Apart
from checker.columnar.attributes import Types
from checker.columnar.batch import Batch, together
from checker.columnar.event_rows import Chunk, EventRowsRules, Runs, texts_of
from checker.columnar.json_block import Blocks
from checker.columnar.line_look import LineLook, is_lines
from checker.columnar.lines import LineFile, line_file
from checker.columnar.memory import of_bools, of_numbers
from checker.columnar.parquet import ShareRows, TableFile, is_table, keep_few, take_rows
from checker.columnar.parts import Gathering, Part, Placing, Took
from checker.columnar.possible import Ints
from checker.columnar.reads import Reads
from checker.columnar.seen import Held, Seen, all_different
from checker.columnar.shares import LineShare, Share, worth
from checker.record.collect import Collector, Told
from checker.record.csv_rows import EventRows
from checker.record.ended import ended, first_of
from checker.record.files import Limits
from checker.record.histories import OUT_OF_ORDER
from checker.record.model import AgreementHistory, Fault, Log, Place, Source, Ticket
from checker.record.places import order_of
from checker.record.words import Words

_FILE = 1 << 40
"""The place of the first row of a file after that of the file before."""


def in_columns(path: str | Path, limits: Limits) -> bool:
    """Whether a file comes as columns.

    Raises:
        Fault: it cannot be read.
    """
    return is_lines(path, limits) or is_table(path, limits)


LookedAt = Mapping[str | Path, TableFile | LineLook]
"""Files that were looked at already."""


class ColumnLog:
    """A log on its way into parts. `looked_at`: those of its files that were looked at already."""

    def __init__(
        self,
        paths: Sequence[str | Path],
        words: Words | None,
        types: Mapping[str, str] | None,
        limits: Limits,
        wanted: Reads,
        size: int,
        looked_at: LookedAt | None = None,
    ) -> None:
        self._into = Collector(None, words, [str(path) for path in paths])
        self._words = words
        self._types = Types(words)
        self._wanted = wanted
        self._size = size
        self._cells = dict(types or {})
        self._files: list[LineFile | TableFile] = [
            self._file(path, words, limits, looked_at or {}) for path in paths
        ]
        self._order = order_of(str(path) for path in paths)
        self._held = Held(frozenset())
        self._before: list[tuple[int, Ticket]] = []
        self._end: int | None = None
        self.tickets = 0
        """About how many tickets there are, once the files were looked at."""
        self._log: Log | None = None
        self._apart: Apart | None = None

    def _file(
        self,
        path: str | Path,
        words: Words | None,
        limits: Limits,
        looked_at: LookedAt,
    ) -> LineFile | TableFile:
        found = looked_at.get(path)
        if isinstance(found, TableFile):
            return found
        if found is None and is_table(path, limits):
            return TableFile(path, limits)
        return line_file(path, self._into, words, limits, looked_at=found)

    def look(self) -> int | None:
        """Look at every file, and give the end of the record that they declare.

        Raises:
            Fault: a file or its header is faulty.
        """
        seen: list[Seen] = []
        for file in self._files:
            if isinstance(file, LineFile):
                seen.append(file.look(self._into))
            else:
                file.look()
                seen.append(file.seen)
                keep_few(self._files)
        own = self._rows()
        for file in self._files:
            if isinstance(file, TableFile) and len(file.special):
                for table, numbers in file.some(file.special):
                    file.good += take_rows(own, str(file.path), table, numbers)
        own.finish()
        if not all_different(seen):
            self._held = Held(self._twice(self._files[0]))
        self.tickets = sum(each.number for each in seen)
        ends = [
            f.reader.complete_to if isinstance(f, LineFile) else None
            for f in self._files
            if isinstance(f, TableFile) or f.reader.tickets or f.reader.complete_to is not None
        ]
        declared = [end for end in ends if end is not None]
        self._end = min(declared) if declared and len(declared) == len(ends) else None
        if self._held.hashes:
            self._read_held()
        found = self._into.let_go(self._end)
        self._before = sorted(zip(self._places(found), found, strict=True), key=lambda each: each[0])
        return self._end

    def _read_held(self) -> None:
        """Read the tickets whose ids occur in more than one place: what becomes of them only all of their rows tell."""
        rows = self._rows()
        for file in self._files:
            if isinstance(file, LineFile):
                before = self._into.accepted
                file.take_those_of(self._held)
                file.accepted += self._into.accepted - before
            else:
                for table, numbers in file.some(file.rows_of(self._held)):
                    file.good += take_rows(rows, str(file.path), table, numbers)
        rows.finish()

    def sources(self) -> list[Source]:
        """What is said of the files themselves, once they were looked at."""
        found = [(file.source, _read_as(file)) for file in self._files]
        return [Source(s.file, s.bytes, s.sha256, read_as) for s, read_as in found if s is not None]

    def _twice(self, first: LineFile | TableFile) -> frozenset[int]:
        """The hashes of ids that occur in more than one place."""
        if isinstance(first, TableFile) and len(self._files) == 1:
            return frozenset() if first.apart else first.seen.twice()
        seen = Seen(keep=True)
        for file in self._files:
            if isinstance(file, LineFile):
                file.look_again(seen)
            elif file.apart:
                seen.add_once(file.seen)
            else:
                file.look_at_ids(seen)
        return seen.twice()

    def histories(self) -> Mapping[str, AgreementHistory]:
        """What the log says of agreements themselves."""
        return self._into.histories

    def parts(self, placing: Placing) -> Iterator[Part]:
        """The parts, once.

        Raises:
            Fault: a file of which no row can be used.
        """
        told = 0
        for part in self._parts(placing):
            aside = self._into.aside(told)
            told += len(aside)
            yield part._replace(set_aside=aside)

    def whole(self) -> tuple[Batch, frozenset[str] | None] | None:
        """All tickets at once, and the events that the files can hold (None: any); None where columns do not hold all of them alike.

        Raises:
            Fault: no row can be used.
        """
        recorded = {f.reader.recorded if isinstance(f, LineFile) else None for f in self._files}
        gathering = Gathering()
        for k, f in enumerate(self._files if len(recorded) == 1 and not self._before else ()):
            of = (
                self._of_lines(k, f, gathering)
                if isinstance(f, LineFile)
                else self._of_table(k, f, gathering)
            )
            if any(gathering.tickets for _ in of):
                return None
        if gathering.batches:
            self._all_read()
        return (together(gathering.batches), recorded.pop()) if gathering.batches else None

    def _parts(self, placing: Placing) -> Iterator[Part]:
        for number, file in enumerate(self._files):
            gathering = Gathering()
            recorded = file.reader.recorded if isinstance(file, LineFile) else None
            gathered = (
                self._of_lines(number, file, gathering)
                if isinstance(file, LineFile)
                else self._of_table(number, file, gathering)
            )
            for at_once in gathered:
                self._join_in(gathering, gathering.reached)
                yield from self._made(gathering, placing, recorded, all_of_it=at_once)
            self._join_in(gathering, (number + 1) * _FILE - 1)
            yield from self._made(gathering, placing, recorded, all_of_it=True)
        self._all_read()

    def _all_read(self) -> None:
        """All parts are taken. Raises a Fault where none of it can be used."""
        into = self._into
        if any(isinstance(file, TableFile) for file in self._files):
            into.ended(None)
        log = self.account()
        nothing = not log.read.tickets_used and not log.agreement_events
        if nothing and (log.read.tickets or log.complete_to is None):
            first = log.sources[0].file if log.sources else ""
            reason = f"no ticket can be used (of {log.read.tickets})"
            raise Fault(Place(first), reason, "", first_of(into.aside()))

    def _join_in(self, gathering: Gathering, reached: int) -> None:
        """Tickets that were read before, up to a place: each comes where it stands."""
        count = bisect_right(self._before, reached, key=lambda each: each[0])
        here, self._before = self._before[:count], self._before[count:]
        gathering.add_objects([ticket for _, ticket in here], [place for place, _ in here])

    def _of_lines(self, number: int, file: LineFile, gathering: Gathering) -> Iterator[bool]:
        """The tickets of a file of lines, some at a time; whether these are parts of their own."""
        into = self._into
        before = into.accepted
        for piece in file.pieces(self._blocks(number, file)):
            for at, line in piece.left:
                if at not in file.taken:
                    file.reader.take(at, line)
            self._moved(file, piece.moved, piece.first_moved)
            objects = into.let_go(self._end)
            gathering.add_objects(objects, self._places(objects))
            for batch in piece.batches:
                into.took(len(batch), int(batch.rows.sum()))
                gathering.add(batch)
            yield False
        file.reader.end()
        self._ended(file, file.accepted + into.accepted - before)

    def _blocks(self, number: int, file: LineFile) -> Blocks:
        return Blocks(
            file.reader,
            self._types,
            self._wanted.attributes,
            self._wanted.carried,
            self._end,
            self._held.hashes,
            number * _FILE,
        )

    def _of_table(self, number: int, file: TableFile, gathering: Gathering) -> Iterator[bool]:
        """The tickets of a file of event rows, some at a time; whether these are parts of their own."""
        rules = self._rules(file)

        def work(given: tuple[Any, Ints, Runs | None]) -> tuple[Any, Ints, Runs | None, Chunk]:
            table, numbers, tickets = given
            return *given, rules.read(table, numbers, number * _FILE + numbers, tickets)

        for table, numbers, tickets, chunk in ahead(work, file.chunks(self._size)):
            self._take(file, gathering, table, numbers, tickets, chunk)
            yield file.apart
        self._ended(file, file.good)

    def _rules(self, file: TableFile) -> EventRowsRules:
        return EventRowsRules(
            str(file.path), self._types, self._cells, self._wanted.attributes, self._end, self._held.hashes
        )

    def _take(
        self,
        file: TableFile,
        gathering: Gathering,
        table: Any,
        numbers: Ints,
        tickets: Runs | None,
        chunk: Chunk,
    ) -> None:
        """Take what became of some rows, and have the reader of objects read those that were left over."""
        into, called = self._into, str(file.path)
        if len(chunk.left):
            file.good += self._odd_rows(called, table, numbers, tickets, chunk.left)
        self._moved(file, chunk.moved, chunk.first_moved)
        objects = into.let_go(self._end)
        gathering.add_objects(objects, self._places(objects))
        if chunk.batch is not None:
            rows = int(chunk.batch.rows.sum())
            into.took(len(chunk.batch), rows)
            file.good += rows
            gathering.add(chunk.batch)

    def _moved(self, file: LineFile | TableFile, moved: int, first: int) -> None:
        """Note how many events stood out of order, and on which line or row first."""
        if moved:
            called = str(file.path)
            at = Place(called, first) if isinstance(file, LineFile) else Place(called, within=f"row {first}")
            self._into.note(OUT_OF_ORDER, at, moved)

    # ---------------------------------------------------------------- shares
    @cached_property
    def shares(self) -> Sequence[tuple[int, Share | LineShare]]:
        """The shares in which the log can be read, by several processes, once it was looked at, each with the number of its file; none
        where it cannot: what becomes of a ticket is then told by its own rows alone.
        """
        if self._held.hashes or self._before:
            return ()
        each = [file.shares() for file in self._files]
        rows = sum(file.rows for file in self._files if isinstance(file, TableFile))
        size = sum(f.source.bytes for f in self._files if isinstance(f, LineFile) and f.source is not None)
        if len(self._files) > 1 and worth(rows, size):
            each = [found or file.as_one() for found, file in zip(each, self._files, strict=True)]
        return [(k, share) for k, found in enumerate(each) for share in found] if all(each) else ()

    def stints(self, least: int) -> list[range]:
        """The numbers of the shares, in at least so many stretches that are best read by one process."""
        out: list[range] = []
        begin = 0
        for number, group in groupby(self.shares, key=itemgetter(0)):
            file, mine = self._files[number], [share for _, share in group]
            if isinstance(file, TableFile):
                found = file.stints(cast("Sequence[Share]", mine), -(-least // len(self._files)))
            else:
                found = [range(k, k + 1) for k in range(len(mine))]
            out += [range(begin + each.start, begin + each.stop) for each in found]
            begin += len(mine)
        return out

    def alone(self, number: int, placing: Placing) -> tuple[Part | None, Took]:
        """The tickets of a share, and what is to be said of it to the process that has the account of the log; this one has it no more."""
        of, share = self.shares[number]
        file = self._files[of]
        if self._apart is None or self._apart.file != of:
            self._apart = Apart(of)
        if isinstance(file, TableFile):
            told = self._rows_alone(file, cast("Share", share), self._apart)
        else:
            told = self._lines_alone(file, cast("LineShare", share), self._apart)
        before = placing.other_tickets, placing.other_rows, len(placing.unplaced)
        recorded = file.reader.recorded if isinstance(file, LineFile) else None
        part = placing.part(*self._apart.gathering.all_taken(), (), self._wanted, recorded)
        return part, told._replace(
            judged=len(part.tickets) if part is not None else 0,
            unplaced=placing.unplaced[before[2] :],
            other_tickets=placing.other_tickets - before[0],
            other_rows=placing.other_rows - before[1],
        )

    def _rows_alone(self, file: TableFile, share: Share, apart: Apart) -> Took:
        if apart.rows is None:
            apart.rows = ShareRows(file), self._rules(file)
        of, rules = apart.rows
        table, numbers, tickets = of.of(share)
        chunk = rules.read(table, numbers, apart.file * _FILE + numbers, tickets)
        told, good = None, 0
        if len(chunk.left):
            self._into = Collector(None, self._words)
            good = self._odd_rows(str(file.path), table, numbers, tickets, chunk.left)
            told = self._told_apart(apart)
        batches = [chunk.batch] if chunk.batch is not None else []
        return self._of_columns(apart, batches, chunk.moved, chunk.first_moved, told, good)

    def _lines_alone(self, file: LineFile, share: LineShare, apart: Apart) -> Took:
        apart.blocks = apart.blocks or self._blocks(apart.file, file)
        piece = file.share(share, apart.blocks)
        told = None
        if piece.left:
            self._into = Collector(None, self._words)
            reader = file.reader.beside(self._into)
            for at, line in piece.left:
                reader.take(at, line)
            told = self._told_apart(apart)
        return self._of_columns(apart, piece.batches, piece.moved, piece.first_moved, told, 0)

    def _told_apart(self, apart: Apart) -> Told:
        """What the reader of objects says of a share; its tickets are gathered."""
        objects = self._into.held()
        apart.gathering.add_objects(objects, self._places(objects))
        return self._into.told_apart()

    def _of_columns(
        self, apart: Apart, batches: list[Batch], moved: int, first: int, told: Told | None, good: int
    ) -> Took:
        for batch in batches:
            apart.gathering.add(batch)
        rows = sum(int(batch.rows.sum()) for batch in batches)
        return Took(sum(map(len, batches)), rows, moved, first, told, good, 0, [], 0, 0)

    def took(self, placing: Placing, told: Iterable[Took]) -> Iterator[Took]:
        """Account for the shares, which other processes read, in their order.

        Raises:
            Fault: no row can be used.
        """
        rest = iter(told)
        for number, group in groupby(self.shares, key=itemgetter(0)):
            yield from self._took_of(self._files[number], placing, islice(rest, sum(1 for _ in group)))
        self._all_read()

    def _took_of(self, file: LineFile | TableFile, placing: Placing, told: Iterable[Took]) -> Iterator[Took]:
        """The same of the shares of a file."""
        into = self._into
        before = into.accepted
        good = 0
        for took in told:
            if took.told is not None:
                into.take_over(took.told)
            self._moved(file, took.moved, took.first_moved)
            into.let_go(self._end)
            into.took(took.tickets, took.rows)
            good += took.rows + took.good
            placing.took(took)
            yield took
        if isinstance(file, LineFile):
            file.reader.end()
            self._ended(file, file.accepted + into.accepted - before)
        else:
            self._ended(file, file.good + good)

    def _odd_rows(self, called: str, table: Any, numbers: Ints, tickets: Runs | None, left: Ints) -> int:
        """Give the rows left over to the reader of objects; those of tickets on hold it has."""
        here, mine = table.take(of_numbers(left)), numbers[left]
        if tickets is not None and "ticket" not in here.schema.names:
            here = here.append_column("ticket", tickets.of_rows(left))
        if self._held.hashes:
            ids = texts_of(here.column("ticket")).to_pylist()
            fresh = np.array([i not in self._held for i in ids], bool)
            here, mine = here.filter(of_bools(fresh)), mine[fresh]
        rows = self._rows()
        good = take_rows(rows, called, here, mine)
        rows.finish()
        return good

    def _rows(self) -> EventRows:
        return EventRows(self._into, attribute_types=self._cells)

    def _made(
        self,
        gathering: Gathering,
        placing: Placing,
        recorded: frozenset[str] | None,
        *,
        all_of_it: bool = False,
    ) -> Iterator[Part]:
        for batch, tickets, places in gathering.taken(self._size, all_of_it=all_of_it):
            part = placing.part(batch, tickets, places, (), self._wanted, recorded)
            if part is not None:
                yield part

    def _places(self, tickets: Sequence[Ticket]) -> list[int]:
        out = []
        for place in (ticket.place for ticket in tickets):
            assert place is not None, "a ticket from nowhere"
            file, row, *_ = self._order(place)
            out.append(file * _FILE + row)
        return out

    def _ended(self, file: LineFile | TableFile, good: int) -> None:
        assert file.source is not None, "a file that nobody looked at"
        quiet = isinstance(file, LineFile) and file.reader.complete_to is not None
        ended(file.source, _read_as(file), self._into, file.rows, good, quiet=quiet)

    def account(self) -> Log:
        """What was read; made once."""
        if self._log is None:
            self._log = self._into.finish(files=[str(file.path) for file in self._files])
        return self._log


def _read_as(file: LineFile | TableFile) -> str:
    """As what a file is read."""
    if isinstance(file, TableFile):
        return "Parquet"
    packing = file.source.packing if file.source is not None else ""
    return "JSON Lines" + (f", {packing}" if packing else "")
