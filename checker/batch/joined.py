"""The parts of a result put together, in the order of the record."""

from __future__ import annotations

import io
import shutil
from collections import deque
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, TextIO

from checker.audit.run import Population
from checker.batch.pieces import Summary, Writer
from checker.interpret.binding import strength
from checker.render.rows import MOST_ROWS, Sink


class Joined:
    """What takes the parts, one after the other; what a format does not need does nothing."""

    def add(self, rows: Path, summary: Summary) -> None:
        """The next part: the file of its rows, and what it comes to."""

    def close(self, whole: Summary) -> None:
        """There are no more; what all of them come to."""

    def abandon(self) -> None:
        """The result is not wanted after all."""


def joined(writer: Writer, population: Population, out: Sink, terminal: TextIO | None = None) -> Joined:
    """What puts parts together, in the format of a writer. `terminal`: where a table goes that somebody looks at."""
    if writer.format == "table":
        return _Table(population, out, terminal)
    if writer.format == "junit":
        return _Suites(out)
    if writer.format == "parquet":
        return _Parquet(writer, out)
    return _Text(writer.header(), out)


class Meanwhile(Joined):
    """Puts parts together on a thread of its own, while others are still judged. What goes wrong there is raised with a later part, or
    at the end."""

    def __init__(self, to: Joined) -> None:
        self._to = to
        self._pool = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()

    def add(self, rows: Path, summary: Summary) -> None:
        """See `Joined`."""
        self._waiting.append(self._pool.submit(self._to.add, rows, summary))
        while self._waiting[0].done():
            self._waiting.popleft().result()
            if not self._waiting:
                break

    def close(self, whole: Summary) -> None:
        """See `Joined`."""
        while self._waiting:
            self._waiting.popleft().result()
        self._pool.shutdown()
        self._to.close(whole)

    def abandon(self) -> None:
        """See `Joined`."""
        self._pool.shutdown(cancel_futures=True)
        self._to.abandon()


class _Text(Joined):
    """Rows as text, one part after the other."""

    def __init__(self, header: str, out: Sink) -> None:
        self._out = out
        out.write(header.encode())

    def add(self, rows: Path, summary: Summary) -> None:
        with rows.open("rb") as stream:
            shutil.copyfileobj(stream, self._out, 1 << 20)


class _Table(Joined):
    """Verdicts by clause, and the first exceptions."""

    def __init__(self, population: Population, out: Sink, terminal: TextIO | None) -> None:
        self._population = population
        self._out = out
        self._terminal = terminal

    def close(self, whole: Summary) -> None:
        from checker.render import table

        shown = (whole.breached + whole.others)[:MOST_ROWS]
        text = io.StringIO()
        console = table.console(self._terminal or text)
        strengths = {c.id: strength(c) for c in self._population.clauses}
        console.print(table.summary(self._population.book.contract, whole.tally, strengths))
        if shown:
            console.print()
            console.print(table.exceptions(shown, whole.exceptions - len(shown)))
            console.print("* contested: another reading of the text would turn the verdict")
        self._out.write(text.getvalue().encode())


class _Suites(Joined):
    """A suite for each clause, of what every part has of it."""

    def __init__(self, out: Sink) -> None:
        self._out = out
        self._suites: dict[str, list[tuple[Path, Mapping[str, Any]]]] = {}

    def add(self, rows: Path, summary: Summary) -> None:
        for suite in summary.suites:
            self._suites.setdefault(suite["clause"], []).append((rows, suite))

    def close(self, whole: Summary) -> None:
        from checker.render import junit

        write = self._out.write
        write(junit.HEAD.encode())
        for parts in self._suites.values():
            write(junit.suite_head(suite for _, suite in parts).encode())
            for rows, suite in parts:
                with rows.open("rb") as stream:
                    stream.seek(suite["at"])
                    write(stream.read(suite["bytes"]))
            write(junit.SUITE_FOOT.encode())
        write(junit.FOOT.encode())


class _Parquet(Joined):
    """One Parquet file."""

    def __init__(self, writer: Writer, out: Sink) -> None:
        from checker.batch import arrow

        self._file = arrow.Joined(arrow.schema(writer.layout, writer.terms), out)

    def add(self, rows: Path, summary: Summary) -> None:
        self._file.add(rows)

    def close(self, whole: Summary) -> None:
        self._file.close()

    def abandon(self) -> None:
        self._file.abandon()
