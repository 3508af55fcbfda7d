"""Parquet files of event rows in columns: a first look at the tickets, then the rows, as many at a time as make whole tickets."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, Final

import numpy as np

from checker.columnar.ahead import ahead
from checker.columnar.arrow import arrow
from checker.columnar.event_rows import Runs, runs, texts_of
from checker.columnar.memory import of_bools, of_numbers
from checker.columnar.possible import Ints
from checker.columnar.regroup import regrouped
from checker.columnar.seen import Seen
from checker.columnar.shares import Cuts, Share, stints
from checker.record.csv_rows import COLUMNS, REQUIRED, EventRows, check_header
from checker.record.exports.parquet import as_text
from checker.record.files import PARQUET, Limits, Opened, digest_of, opened
from checker.record.model import Fault, Place
from checker.record.tables import Row, Table

ROWS: Final = 1 << 20
"""How many rows are read at a time."""
AT_ONCE: Final = 1 << 16
"""How many of those of a share."""
LOOKED_AT: Final = 1 << 17
"""How many ids are looked at at a time: what is made of them fits the nearer memory."""
GROUP: Final = 1 << 22
"""The ids of row groups that have more rows are not looked at by two threads."""
KEPT: Final = 1 << 21
"""The ids of so many tickets of a file are kept from the first look; those of more are read again."""
KEPT_IN_ALL: Final = 1 << 24
"""Of so many tickets of all files."""
MANY: Final = 1000
"""Where the rows of more tickets than this do not stand together, all rows are brought together."""
_UTC: Final = frozenset({"UTC", "Etc/UTC", "GMT", "Z", "+00:00"})


@dataclass
class TableFile:
    """A file of event rows. After `look`: `rows` is how many it has, `special` the numbers (from 1) of those of no ticket, `seen` the
    ids of its runs; `apart`: the rows of many tickets do not stand together.

    `good`: how many rows could be read so far. `source`: what is said of the file itself.
    """

    path: str | Path
    limits: Limits
    rows: int = 0
    good: int = 0
    special: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    source: Opened | None = None
    seen: Seen = field(default_factory=Seen)
    apart: bool = False
    _kept: list[Runs] | None = None
    _cuts: Cuts = field(default_factory=Cuts)
    _groups: list[int] = field(default_factory=list)

    def look(self) -> None:
        """Look at the tickets of the rows; once.

        Raises:
            Fault: the file is faulty, its header is, or it holds no row.
        """
        if self.source is not None:
            return
        with opened(self.path, limits=self.limits, digest=False) as source:
            opened_as = source
        place = Place(str(self.path))
        file = self._opened()
        check_header(str(self.path), list(file.schema_arrow.names), REQUIRED)
        groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
        if sum(group.total_byte_size for group in groups) > self.limits.expanded_bytes:
            raise Fault(
                place, "the file is too large", f"more than {self.limits.expanded_bytes} bytes", "split it"
            )
        self.rows = file.metadata.num_rows
        self._groups = [group.num_rows for group in groups]
        if not self.rows:
            raise Fault(place, "the file holds no row", "", "export it again")
        special: list[Ints] = []
        self.seen = Seen()
        self._cuts = Cuts()
        with ThreadPoolExecutor(1) as beside:
            digest = beside.submit(digest_of, self.path)
            self.look_at_ids(self.seen, special, self._cuts)
        opened_as = opened_as.closed(digest.result())
        if not self.seen.rising:
            self.seen = Seen(keep=True)
            self.look_at_ids(self.seen)
            self.apart = len(self.seen.twice()) > MANY
        if special:
            self.special = np.concatenate(special).astype(np.int64)
        self.source = opened_as

    def look_at_ids(self, seen: Seen, special: list[Ints] | None = None, cuts: Cuts | None = None) -> None:
        """Look at the ids, one for each run of rows; `special` takes the numbers of rows of no ticket, `cuts` where tickets begin."""
        last = b""
        number = 1
        for ids, counts in self._runs():
            if cuts is not None:
                cuts.add(counts, bool(last) and str(ids[0]).encode() == last)
            if seen.add_column(ids, last):
                last = str(ids[-1]).encode()
                number += int(counts.sum())
                continue
            texts = [(i or "").encode() for i in ids.to_pylist()]
            if special is not None and b"" in texts:
                none = np.array([not t for t in texts], bool)
                starts = number + np.cumsum(counts) - counts
                special += [np.arange(s, s + c) for s, c in zip(starts[none], counts[none], strict=True)]
            number += int(counts.sum())
            if texts and texts[0] == last:
                del texts[0]
            if texts:
                last = texts[-1]
            seen.add([t for t in texts if t])

    def _runs(self) -> Iterator[Runs]:
        """The tickets of the rows, so many rows at a time; while they are not too many they are kept for the rows themselves."""
        kept: list[Runs] | None = []
        held = 0
        groups = range(len(self._groups))
        # The ids of a row group are held at once, unless that were too many.
        together = max(self._groups) <= GROUP
        of_groups = ahead(self._runs_of, iter(groups)) if together else (self._runs_in(groups),)
        for found in chain.from_iterable(of_groups):
            held += len(found.counts)
            if held > KEPT:
                kept = None
            elif kept is not None:
                _keep(kept, found)
            yield found
        self._kept = kept

    def _runs_of(self, group: int) -> list[Runs]:
        return list(self._runs_in(range(group, group + 1)))

    def _runs_in(self, groups: range) -> Iterator[Runs]:
        """The tickets of the rows of row groups."""
        ids = self._opened().iter_batches(
            batch_size=LOOKED_AT, row_groups=groups, columns=["ticket"], use_threads=False
        )
        for batch in self._safely(ids, sum(self._groups[: groups.start])):
            yield runs(texts_of(batch.column(0)))

    def chunks(self, size: int) -> Iterator[tuple[Any, Ints, Runs | None]]:
        """The rows of tickets, whole tickets at a time where their rows stand together: a record batch, the number of each row, and the
        tickets (None: the batch has a column of them). `size`: about so many tickets at a time, if that are not too many rows.
        """
        if self.apart:
            for table, mine in regrouped(self._numbered(None), self.rows, self.seen):
                yield table, mine, None
            return
        pa = arrow()
        rows = max(1, size * self.rows // max(self.seen.number, 1))
        held: list[Any] = []
        numbers: list[Ints] = []
        # The ticket of the rows held back.
        last: Runs | None = None
        for batch, mine, (ids, counts) in self._with_runs():
            goes_on = last is not None and ids[0] == last.ids[0]
            if last is not None and goes_on:
                counts = np.concatenate([last.counts + counts[0], counts[1:]])
            elif last is not None:
                ids, counts = pa.concat_arrays([last.ids, ids]), np.concatenate([last.counts, counts])
            before = sum(map(len, numbers))
            ends = np.cumsum(counts) - before
            begin = k = 0
            # All tickets but the last, whose rows may go on: some at a time, the first with the rows held back.
            while k < len(ids) - 1:
                end = min(max(int(np.searchsorted(ends, begin + rows, "right")), k + 1), len(ids) - 1)
                until = max(int(ends[end - 1]), 0)
                if until > begin:
                    held.append(batch.slice(begin, until - begin))
                    numbers.append(mine[begin:until])
                yield _joined(pa, held), _one(numbers), Runs(ids[k:end], counts[k:end])
                held, numbers, begin, k = [], [], until, end
            held.append(batch.slice(begin))
            numbers.append(mine[begin:])
            last = Runs(ids[-1:], counts[-1:])
        if last is not None:
            yield _joined(pa, held), _one(numbers), last

    def headings(self) -> list[str]:
        """What its columns are called."""
        return list(self._opened().schema_arrow.names)

    # ---------------------------------------------------------------- shares
    def shares(self) -> list[Share]:
        """The shares in which it can be read; none where it is small, or the rows of a ticket do not stand together."""
        if self.apart or len(self.special):
            return []
        return self._cuts.shares(self._groups)

    def as_one(self) -> list[Share]:
        """All of it as one share; none where it cannot be read in shares."""
        return [] if self.apart or len(self.special) else [Share(0, self.rows, 0, self.seen.number)]

    def stints(self, shares: Sequence[Share], least: int) -> list[range]:
        """See `shares.stints`."""
        return stints(shares, self._groups, least)

    @property
    def kept(self) -> int:
        """Of how many tickets the ids are kept."""
        return sum(len(each.counts) for each in self._kept or ())

    def let_go(self) -> None:
        """Keep no ids: they are read again."""
        self._kept = None

    def known(self, share: Share) -> Runs | None:
        """The tickets of a share, where they are kept."""
        kept = self._kept
        if kept is None:
            return None
        ends = np.cumsum([len(each.counts) for each in kept])
        ids: list[Any] = []
        counts: list[Ints] = []
        for k in range(int(np.searchsorted(ends, share.first, "right")), len(kept)):
            begin = int(ends[k]) - len(kept[k].counts)
            if begin >= share.last:
                break
            here = slice(max(share.first - begin, 0), share.last - begin)
            ids.append(kept[k].ids[here])
            counts.append(kept[k].counts[here])
        return Runs(arrow().concat_arrays(ids), np.concatenate(counts))

    def rows_from(self, row: int, size: int) -> Iterator[Any]:
        """The rows from one on (from 0), so many at a time; without their tickets, where these are kept."""
        group = int(np.searchsorted(np.cumsum(self._groups), row, "right"))
        before = row - sum(self._groups[:group])
        file = self._opened(coded=True)
        names = [name for name in file.schema_arrow.names if name != "ticket" or self._kept is None]
        read = file.iter_batches(
            batch_size=size, row_groups=range(group, len(self._groups)), columns=names, use_threads=False
        )
        for batch in self._safely(read, row - before):
            if batch.num_rows > before:
                yield batch.slice(before)
            before = max(before - batch.num_rows, 0)

    def _with_runs(self) -> Iterator[tuple[Any, Ints, Runs]]:
        """The rows of tickets as they stand, with their numbers and their tickets."""
        if self._kept is None or len(self.special):
            for batch, mine in self._numbered(None, coded=True):
                yield batch, mine, runs(texts_of(batch.column("ticket")))
            return
        names = [name for name in self._opened().schema_arrow.names if name != "ticket"]
        kept, self._kept = deque(self._kept), None
        ids: list[Any] = []
        counts: list[Ints] = []
        there = 0
        for batch, mine in self._numbered(names, coded=True):
            while there < batch.num_rows:
                found = kept.popleft()
                ids.append(found.ids)
                counts.append(found.counts)
                there += int(found.counts.sum())
            every, many = arrow().concat_arrays(ids), np.concatenate(counts)
            ends = np.cumsum(many)
            # The ticket of the last row, whose rows may go on behind it.
            k = int(np.searchsorted(ends, batch.num_rows))
            mine_of = many[: k + 1].copy()
            rest = int(ends[k]) - batch.num_rows
            mine_of[k] -= rest
            yield batch, mine, Runs(every[: k + 1], mine_of)
            begin = k if rest else k + 1
            ids, counts = [every[begin:]], [many[begin:].copy()]
            if rest:
                counts[0][0] = rest
            there -= batch.num_rows

    def _numbered(self, columns: list[str] | None, coded: bool = False) -> Iterator[tuple[Any, Ints]]:
        """The rows of tickets as they stand, with their numbers."""
        number = 1
        for batch in self._batches(columns, coded):
            mine = np.arange(number, number + batch.num_rows, dtype=np.int64)
            number += batch.num_rows
            if len(self.special):
                keep = ~np.isin(mine, self.special)
                batch, mine = batch.filter(of_bools(keep)), mine[keep]
            if batch.num_rows:
                yield batch, mine

    def rows_of(self, held: Container[str]) -> Ints:
        """The numbers of the rows of some tickets."""
        found: list[Ints] = []
        number = 1
        for ids, counts in self._runs():
            mine = np.array([called is not None and called in held for called in ids.to_pylist()], bool)
            every = np.arange(number, number + int(counts.sum()), dtype=np.int64)
            found.append(every[np.repeat(mine, counts)])
            number += len(every)
        return np.concatenate(found)

    def some(self, which: Ints) -> Iterator[tuple[Any, Ints]]:
        """Rows by their numbers, which rise: record batches, and the number of each row."""
        number = 1
        for batch in self._batches(None):
            mine = which[(which >= number) & (which < number + batch.num_rows)]
            if len(mine):
                yield batch.take(of_numbers(mine - number)), mine
            number += batch.num_rows

    def _opened(self, coded: bool = False) -> Any:
        import pyarrow.parquet as parquet

        pa = arrow(Place(str(self.path)))
        try:
            file = parquet.ParquetFile(self.path, buffer_size=1 << 20)
            if coded:
                texts = [
                    f.name for f in file.schema_arrow if pa.types.is_string(f.type) and f.name != "ticket"
                ]
                file = parquet.ParquetFile(self.path, buffer_size=1 << 20, read_dictionary=texts)
        except (pa.ArrowException, OSError, ValueError) as error:
            raise Fault(
                Place(str(self.path)), "not a Parquet file", _line(error), "export it again"
            ) from None
        return file

    def _batches(self, columns: list[str] | None, coded: bool = False) -> Iterator[Any]:
        yield from self._safely(self._opened(coded).iter_batches(batch_size=ROWS, columns=columns), 0)

    def _safely(self, batches: Iterable[Any], rows: int) -> Iterator[Any]:
        """Record batches; that they cannot be read is a Fault. `rows`: how many were before."""
        pa = arrow()
        try:
            for batch in batches:
                yield batch
                rows += batch.num_rows
        except (pa.ArrowException, OSError, ValueError) as error:
            here = Place(str(self.path), within=f"after row {rows}")
            raise Fault(here, "the file is damaged", _line(error), "export it again") from None


class ShareRows:
    """The rows of shares: of those that follow each other in one go."""

    def __init__(self, file: TableFile) -> None:
        self._file = file
        self._read: Iterator[Any] = iter(())
        self._rest: Any = None
        self._at = -1

    def of(self, share: Share) -> tuple[Any, Ints, Runs | None]:
        """A record batch, the number of each row, and the tickets (None: the batch has a column of them)."""
        if self._at != share.begin:
            self._read, self._rest = self._file.rows_from(share.begin, AT_ONCE), None
        held: list[Any] = []
        due = share.end - share.begin
        while due:
            batch = self._rest if self._rest is not None else next(self._read)
            held.append(batch.slice(0, due))
            self._rest = batch.slice(due) if batch.num_rows > due else None
            due -= held[-1].num_rows
        self._at = share.end
        mine = np.arange(share.begin + 1, share.end + 1, dtype=np.int64)
        return _joined(arrow(), held), mine, self._file.known(share)


def is_table(path: str | Path, limits: Limits) -> bool:
    """Whether a file is Parquet with columns of types that are read here; all others are for the reader of objects."""
    with opened(path, limits=limits, digest=False) as source:
        if source.packing or source.stream.read(len(PARQUET)) != PARQUET:
            return False
    try:
        pa = arrow()
        schema = TableFile(path, limits)._opened().schema_arrow
    except Fault:
        return False
    return len(set(schema.names)) == len(schema.names) and all(readable(pa, f) for f in schema)


def readable(pa: Any, column: Any) -> bool:
    """Whether a column is of a type that is read here; `column`: its name and type, as Arrow has them."""
    kind, types = column.type, pa.types
    if types.is_dictionary(kind):
        kind = kind.value_type
    if column.name == "at" and types.is_timestamp(column.type):
        return kind.unit in ("s", "ms", "us") and kind.tz in _UTC
    if types.is_timestamp(kind) and kind.unit == "ns":
        return False
    return (
        column.name not in COLUMNS
        or types.is_string(kind)
        or types.is_large_string(kind)
        or (types.is_int64(kind) and column.name != "at")
    )


def keep_few(files: Iterable[object]) -> None:
    """Let files go of the ids that they keep, where they are too many in all."""
    left = KEPT_IN_ALL
    for file in files:
        if isinstance(file, TableFile):
            left -= file.kept
            if left < 0:
                file.let_go()


def _keep(kept: list[Runs], found: Runs) -> None:
    """Keep more tickets; the first may be the last of those before."""
    ids, counts = found
    if kept and len(ids) and kept[-1].ids[-1] == ids[0]:
        last = kept[-1].counts.copy()
        last[-1] += counts[0]
        kept[-1] = Runs(kept[-1].ids, last)
        ids, counts = ids[1:], counts[1:]
    if len(ids):
        kept.append(Runs(ids, counts))


def _one(numbers: list[Ints]) -> Ints:
    return numbers[0] if len(numbers) == 1 else np.concatenate(numbers)


def _joined(pa: Any, batches: list[Any]) -> Any:
    """Record batches as one."""
    if len(batches) == 1:
        return batches[0]
    table = pa.Table.from_batches(batches).combine_chunks()
    return table.to_batches()[0]


def into_rows(table: Any, number: Ints) -> Iterator[Row]:
    """Rows as the reader of objects takes them."""
    columns = [column.to_pylist() for column in table.columns]
    for cells, at in zip(zip(*columns, strict=True), number.tolist(), strict=True):
        yield Row(None, [as_text(each) for each in cells], within=f"row {at}")


def take_rows(rows: EventRows, file: str, table: Any, number: Ints) -> int:
    """Give rows to the reader of objects; how many of them it could read."""
    return rows.read(file, Table(list(table.schema.names), into_rows(table, number), "Parquet"))


def _line(error: Exception) -> str:
    return str(error).partition("\n")[0]
