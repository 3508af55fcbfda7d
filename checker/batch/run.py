"""An audit worked off: partition by partition, in one engine or the other, into a result that appears whole or not at all."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

from checker.audit.provenance import as_text, file_digest
from checker.audit.run import Cases, Population, judgements, settled
from checker.batch.choice import Engine
from checker.batch.joined import Joined, Meanwhile, joined
from checker.batch.output import Pending, held_back, settle
from checker.batch.partition import OfCases, Partition, Partitions, usual_size
from checker.batch.parts import Parts
from checker.batch.pieces import Claims, Summary, Writer
from checker.batch.processes import worked_off
from checker.interpret.verdicts import Judgement
from checker.interpret.world import Shared
from checker.record.model import Fault
from checker.render.rows import Sink

Advance = Callable[[int], None]


class Sized(Partitions, Protocol):
    """Partitions of so many tickets each, at most."""

    @property
    def size(self) -> int:
        """Tickets in each."""


# --------------------------------------------------------------------------- judging one partition
class Judging(Protocol):
    """What judges partitions."""

    def write(self, partition: Partition, writer: Writer, out: Sink) -> Summary:
        """Write the rows of a partition, and sum them up."""

    def sums(self, partition: Partition) -> Summary:
        """The sums alone."""


@dataclass
class Interpreting:
    """Judges partitions by the interpreter, one record after the other. `contested`: evaluate other readings, too."""

    population: Population
    contested: bool = True
    shared: dict[str, Shared] = field(default_factory=dict)

    def write(self, partition: Partition, writer: Writer, out: Sink) -> Summary:
        """Write the rows of a partition, and sum them up."""
        return writer.write(self._judgements(partition), out)

    def sums(self, partition: Partition) -> Summary:
        """The sums alone."""
        summary = Summary()
        for j in self._judgements(partition):
            summary.tally.add(j)
        return summary

    def _judgements(self, partition: Partition) -> Iterator[Judgement]:
        return judgements(
            self.population, partition.cases(), partition.clauses, self.shared, contested=self.contested
        )


def judges(
    population: Population, engine: Engine, contested: bool, threads: int = 1
) -> Callable[[Partition], Judging]:
    """What judges each partition: columns those that they may (by so many threads), the interpreter the others."""
    by_case: Judging = Interpreting(population, contested)
    if engine == "interpreter":
        return lambda partition: by_case
    from checker.batch.columns import InColumns

    in_columns: Judging = InColumns(
        population.book, population.now, population.readings, contested, threads=threads
    )
    return lambda partition: in_columns if partition.columnar else by_case


def partitions_of(population: Population, engine: Engine, size: int | None, jobs: int) -> OfCases:
    """The partitions of a population. `size`: tickets in each; None for as many as suit the engine and the processes."""
    found = Cases(population)
    found.prepare()
    return OfCases(found, size or usual_size(engine, len(found.of_ticket), found.count, jobs))


def _quiet(partitions: Partitions, size: int) -> AbstractContextManager[None]:
    """What has been read is kept from the cycle collector, where there is more than one partition to make it worth while."""
    records = partitions.records
    return settled() if records is None or records > size else nullcontext()


def sums(population: Population, partitions: Sized, engine: Engine, jobs: int, advance: Advance) -> Summary:
    """What an audit comes to, without rows and without other readings."""
    judging = judges(population, engine, contested=False)

    def work(partition: Partition) -> Summary:
        summary = judging(partition).sums(partition)
        summary.records = partition.records
        return summary

    whole = Summary()
    with _quiet(partitions, partitions.size):
        for _, summary in worked_off(partitions, work, jobs):
            whole.merge(summary)
            advance(summary.records)
    return whole


# --------------------------------------------------------------------------- a result
@dataclass(frozen=True)
class Way:
    """What is to be made. `output`: the file, None for standard output. `resume`: go on with parts that are there.

    `size`: tickets a partition. `jobs`: processes. `threads`: of each. `shares`: partitions are the shares of a log, of any size.
    `inputs`: what the result depends on, as its provenance says.
    """

    engine: Engine
    output: Path | None
    resume: bool
    size: int
    jobs: int
    inputs: Mapping[str, Any]
    threads: int = 1
    shares: bool = False


class Run:
    """One result in the making: used in a `with`, which clears away what did not become whole.

    `resumed`: how many partitions were there already. `stale`: whether parts of something else were thrown away. `kept`:
    after an end before its time, how many partitions are kept for another run. `done`: whether the result is in its place.
    `ended`: told when all partitions are judged, before any row goes to standard output or the result to its place, for logs that are
    read while they are judged; what it raises, or a fault of such a log, leaves nothing.
    """

    def __init__(
        self,
        way: Way,
        population: Population,
        partitions: Partitions,
        writer: Writer,
        ended: Callable[[], object] | None = None,
    ) -> None:
        self.way = way
        self._population = population
        self._partitions = partitions
        self._writer = writer
        self._ended = ended
        self._void = False
        self._parts: Parts | None = None
        self._pending: list[Pending] = []
        self.resumed = 0
        self.stale = False
        self.kept = 0
        self.done = False

    def __enter__(self) -> Run:
        if self.way.output is None:
            self._parts = Parts.apart()
        else:
            key = _key(self.way, self._writer)
            self._parts = Parts.beside(self.way.output, key, resume=self.way.resume)
            self.resumed, self.stale = len(self._parts.found), self._parts.other
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pending in self._pending:
            pending.discard()
        if self._parts is not None:
            if kind is None or self._void:
                self._parts.clear()
            else:
                self.kept = self._parts.leave()

    @property
    def folder(self) -> Path | None:
        """Where the finished partitions lie."""
        return self._parts.folder if self._parts is not None else None

    def work(self, advance: Advance) -> Summary:
        """Judge what is not judged yet, and put the rows together; to standard output as they come. `advance` is told how many
        records are done."""
        if self.way.output is None:
            out = getattr(sys.stdout, "buffer", None)
            sys.stdout.flush()
            whole = self._worked_off(out if out is not None else _AsText(), advance)
            sys.stdout.flush()
            self.done = True
            return whole
        pending = Pending(self.way.output, self.folder)
        self._pending.append(pending)
        whole = self._worked_off(pending.stream, advance)
        pending.finish()
        return whole

    def _worked_off(self, out: Sink, advance: Advance) -> Summary:
        parts = self._parts
        assert parts is not None
        terminal = sys.stdout if self.way.output is None else None
        whole = Summary()
        judging = judges(self._population, self.way.engine, contested=True, threads=self.way.threads)

        def work(partition: Partition) -> Summary:
            writer = self._writer
            if partition.claims is not None:
                writer = replace(writer, claims=Claims(partition.claims))
            with parts.writing(partition.number) as rows:
                summary = judging(partition).write(partition, writer, rows)
                summary.records = partition.records
                if self.way.engine == "columns" and not partition.columnar:
                    summary.left = summary.whole = partition.records * len(partition.clauses)
                rows.summary = summary
            return summary

        def begun() -> Joined:
            to = joined(self._writer, self._population, out, terminal)
            return Meanwhile(to) if self.way.threads > 1 else to

        for summary in parts.found.values():
            advance(summary.records)
        ready = dict(parts.found)
        following = 0
        # A file that is not in its place yet can be thrown away; what went to standard output cannot.
        to = begun() if self._ended is None or self.way.output is not None else None

        def take_ready(to: Joined) -> None:
            nonlocal following
            while following in ready:
                summary = ready.pop(following)
                if summary.records:
                    to.add(parts.rows(following), summary)
                whole.merge(summary)
                following += 1

        try:
            with _quiet(self._partitions, self.way.size):
                if to is not None:
                    take_ready(to)
                # What is still at work is over before anything is cleared away.
                with closing(self._found(work, frozenset(parts.found))) as found:
                    for number, made in found:
                        # Where nothing is judged, nothing was written.
                        summary = made if made is not None else Summary()
                        advance(summary.records)
                        ready[number] = summary
                        if to is not None:
                            take_ready(to)
            if self._ended is not None:
                self._told()
            if to is None:
                to = begun()
                take_ready(to)
            to.close(whole)
        except BaseException as error:
            self._void = self._void or (self._ended is not None and isinstance(error, Fault))
            if to is not None:
                to.abandon()
            raise
        return whole

    def _found(
        self, work: Callable[[Partition], Summary], done: frozenset[int]
    ) -> Generator[tuple[int, Summary | None]]:
        """What comes of the partitions, by processes or threads."""
        way = self.way
        if not way.shares:
            return worked_off(self._partitions, work, way.jobs, threads=way.threads, done=done)
        from checker.batch.shares import by_shares
        from checker.batch.straight import Straight

        assert isinstance(self._partitions, Straight)
        return by_shares(self._partitions, work, way.jobs, done)

    def _told(self) -> None:
        """Tell that all partitions are judged; where nothing is to come of them, they are not kept."""
        assert self._ended is not None
        self._void = True
        self._ended()
        self._void = False

    def digest(self) -> str:
        """The SHA-256 of the result, before it takes its place."""
        return file_digest(self._pending[0].temporary)

    def commit(self, record: Mapping[str, Any]) -> None:
        """Put the result in its place, and its provenance beside it."""
        output = self.way.output
        assert output is not None
        beside = Pending(output.with_name(output.name + ".provenance.json"), self.folder)
        self._pending.append(beside)
        beside.stream.write(as_text(record).encode())
        beside.finish()
        with held_back():
            # Between the two a result stands without a provenance, never with that of another.
            beside.path.unlink(missing_ok=True)
            for pending in self._pending:
                pending.take_place()
            settle(output.parent)
            self.done = True


class _AsText:
    """Standard output where it has no bytes."""

    def write(self, block: bytes, /) -> int:
        return sys.stdout.write(block.decode())


# --------------------------------------------------------------------------- what parts are made of
def _key(way: Way, writer: Writer) -> str:
    """A digest of all that the parts of a result depend on."""
    parts = {
        "inputs": way.inputs,
        "clauses": list(writer.terms),
        "format": writer.format,
        "layout": writer.layout,
        "size": "shares" if way.shares else way.size,
        "engine": way.engine,
        "code": _code(),
        "python": sys.version,
        "libraries": {name: _version(name) for name in ("numpy", "pyarrow", "holidays", "tzdata")},
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _version(library: str) -> str:
    try:
        return metadata.version(library)
    except metadata.PackageNotFoundError:
        return ""


@cache
def _code() -> str:
    """A digest of this program: what an older one made is not mixed with what this one makes."""
    digest = hashlib.sha256()
    checker = Path(__file__).parents[1]
    for folder in (checker, checker.parent / "dsl"):
        for path in sorted(folder.rglob("*.py")):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


__all__ = ["Run", "Way", "partitions_of", "sums"]
