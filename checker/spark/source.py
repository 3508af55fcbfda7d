"""The driver's side of reading: the files of a log in their order, every row with its place, and the rows of no ticket."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from checker.record.csv_rows import REQUIRED, check_header
from checker.record.model import Fault, Place, Source
from checker.spark.session import Path, in_our_words
from checker.spark.tickets import DOT, FILE, PLACE, as_written

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

_SLASHES = "^file:///"
_IDS = ("string", "byte", "short", "integer", "long")
"""Types of a ticket's id whose different values are different ids."""


@dataclass
class EventRows:
    """The rows of a log. `files`: as they are called, in order; `rows`: how many each has. `frame`: all rows, with their places."""

    spark: SparkSession
    frame: DataFrame
    files: tuple[str, ...]
    uris: tuple[str, ...]
    rows: dict[int, int] = field(default_factory=dict)
    own: int = 0

    @property
    def nobody(self) -> Column:
        """Which rows are of no ticket."""
        from pyspark.sql import functions as f

        ticket = f.col("ticket")
        none = ticket.isNull()
        return none | (ticket == "") if dict(self.frame.dtypes)["ticket"] == "string" else none

    def count(self) -> None:
        """Count the rows of each file, and those of no ticket: reads the tickets' ids alone.

        Raises:
            Fault: there is no row.
        """
        from pyspark.sql import functions as f

        number = f.shiftright(f.col(PLACE), 40)
        with in_our_words(self.files[0]):
            found = (
                self.frame.groupBy(number.alias("file"))
                .agg(f.count("*").alias("rows"), f.sum(self.nobody.cast("long")).alias("own"))
                .collect()
            )
        if any(row["file"] is None for row in found):
            raise Fault(
                Place(self.files[0]), "files came while the log was read", "", "let nobody write to it"
            )
        self.rows = {int(row["file"]): int(row["rows"]) for row in found}
        self.own = sum(int(row["own"]) for row in found)
        for i, name in enumerate(self.files):
            if not self.rows.get(i) and (len(self.files) == 1 or not self.rows):
                raise Fault(Place(name), "the file holds no row", "", "export it again")

    def own_rows(self) -> Any:
        """The rows of no ticket as an Arrow table, in the order of the log."""
        with in_our_words(self.files[0]):
            return as_written(self.frame.filter(self.nobody).sort(PLACE).toArrow())

    def by_ticket(self, partitions: int | None) -> DataFrame:
        """The rows of tickets: those of one ticket in one partition, together and in the order of the log."""
        rows = self.frame.filter(~self.nobody)
        spread = rows.repartition("ticket") if partitions is None else rows.repartition(partitions, "ticket")
        return spread.sortWithinPartitions("ticket", PLACE)

    def sources(self) -> list[Source]:
        """The files, with their sizes; their bytes are not summed up on the way."""
        return [
            Source(name, Path(self.spark, unquote(uri)).size(), "", "Parquet")
            for name, uri in zip(self.files, self.uris, strict=True)
        ]


def event_rows(spark: SparkSession, paths: Sequence[str]) -> EventRows:
    """The event rows of files, folders and patterns, in this order; in a folder by the files' names.

    Files may have different columns: what a file lacks, its rows do not say.

    Raises:
        Fault: there is no such file, one is given twice, it is no Parquet, or a column is missing or of a type that it cannot have.
    """
    from pyspark.sql import functions as f

    roots: list[tuple[str, str]] = []
    for path in paths:
        with in_our_words(path):
            found = Path(spark, path).roots()
        if not found:
            raise Fault(Place(path), "there is no such file", "", "check the path")
        roots += [(path, root) for root in found]
    with in_our_words(paths[0]):
        frame = spark.read.option("mergeSchema", True).parquet(*(path for path in paths))
        uris = frame.inputFiles()
    files = _ordered(spark, roots, uris)
    called = tuple(name for name, _ in files)
    in_order = tuple(uri for _, uri in files)
    check_header(called[0], frame.columns, REQUIRED)
    _check_types(called[0], frame)
    if PLACE in frame.columns:
        raise Fault(Place(called[0], 1), "a column has a name of Servanda's own", PLACE, "give it another")
    row = f.col("_metadata.row_index") + 1
    if len(in_order) == 1:
        frame = frame.select("*", row.alias(PLACE))
    else:
        uri, number = "servanda file", "servanda number"
        table = [(_bare(u), i) for i, u in enumerate(in_order)]
        numbers = spark.createDataFrame(table, f"`{uri}` string, `{number}` long")
        frame = (
            frame.select(
                "*", f.regexp_replace("_metadata.file_path", _SLASHES, "file:/").alias(uri), row.alias(PLACE)
            )
            # A file that is not among those listed leaves its rows without a place, which `count` finds.
            .join(f.broadcast(numbers), uri, "left")
            .withColumn(PLACE, f.col(number) * FILE + f.col(PLACE))
            .drop(uri, number)
        )
    # What stands behind a dot Spark would look for inside a column.
    frame = frame.toDF(*(name.replace(".", DOT) for name in frame.columns))
    return EventRows(spark, frame, called, in_order)


def _ordered(
    spark: SparkSession, roots: Sequence[tuple[str, str]], uris: Sequence[str]
) -> list[tuple[str, str]]:
    """The files as they are called and as Spark calls them. A file that was given by itself is called as it was given."""
    found: list[tuple[int, str, str]] = []
    for uri in uris:
        plain = unquote(uri)
        mine = [
            (i, path)
            for i, (path, root) in enumerate(roots)
            if (_bare(plain) + "/").startswith(_bare(root).rstrip("/") + "/")
        ]
        if not mine:
            raise Fault(Place(plain), "files came while the log was read", "", "let nobody write to it")
        if len(mine) > 1:
            raise Fault(
                Place(plain), "the file is given twice", ", ".join(p for _, p in mine), "give it once"
            )
        i, path = mine[0]
        alone = sum(1 for given, _ in roots if given == path) == 1 and _bare(plain) == _bare(
            roots[i][1]
        ).rstrip("/")
        found.append((i, path if alone else plain, uri))
    return [(name, uri) for _, name, uri in sorted(found, key=lambda each: (each[0], unquote(each[2])))]


def _bare(uri: str) -> str:
    """A URI as Spark writes it beside rows: `file:///x` and `file:/x` are one."""
    return re.sub(_SLASHES, "file:/", uri)


def _check_types(file: str, frame: DataFrame) -> None:
    kind = frame.schema["ticket"].dataType.typeName()
    if kind not in _IDS:
        raise Fault(
            Place(file, 1),
            "the ids of tickets are neither texts nor whole numbers",
            kind,
            "write them as texts",
        )


__all__ = ["EventRows", "event_rows"]
