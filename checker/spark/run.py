"""An audit on Spark: the log divided by ticket among executors, rows of verdicts as Parquet, their provenance beside them.

Clauses that look at one ticket at a time are judged where its rows come together. Where a clause looks at all tickets of an agreement,
or judges the agreement itself, whole tickets travel once more, to their agreement.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path as LocalPath
from typing import TYPE_CHECKING, Any

from checker.audit.provenance import as_text, provenance
from checker.audit.run import Population, assemble
from checker.batch.pieces import Summary
from checker.record.collect import Collector
from checker.record.ended import first_of
from checker.record.model import Agreement, Fault, Log, Place
from checker.record.words import Words
from checker.render.rows import iso
from checker.spark import work
from checker.spark.account import Account
from checker.spark.output import schema
from checker.spark.session import Path, in_our_words, own
from checker.spark.source import EventRows, event_rows
from checker.spark.tickets import Reader
from checker.spark.told import Ready, Told, versions
from dsl import codec
from dsl.contract import Contract

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

PROVENANCE = ".provenance.json"
"""How the name of the file ends that says where the rows come from, beside their folder."""


@dataclass(frozen=True)
class Audit:
    """What is to be audited.

    `tickets`: files, folders and patterns of event rows as Parquet, of any file system that Spark knows. `words`, `types`: of the
    vocabulary and the contract. `now`: the audit instant, seconds UTC. `readings`: those chosen otherwise than recommended.
    `clauses`: globs of ids, all if none. `layout`: `long` or `wide`. `agreement_files`: for the provenance. `partitions`: into how many
    pieces the log is divided; None: as Spark is configured.
    """

    contract: Contract
    agreements: Sequence[Agreement]
    tickets: Sequence[str]
    words: Words
    types: Mapping[str, str]
    now: int | None
    readings: Mapping[str, str] = field(default_factory=dict)
    clauses: tuple[str, ...] = ()
    layout: str = "wide"
    agreement_files: Sequence[LocalPath] = ()
    partitions: int | None = None


@dataclass(frozen=True)
class Found:
    """What an audit came to. `population` and `log` are without the tickets; `record` is the provenance."""

    population: Population
    log: Log
    summary: Summary
    record: Mapping[str, Any]


class Unfit(Exception):
    """The audit cannot stand, for what was set aside: `log` and `population` say what."""

    def __init__(self, reason: str, log: Log, population: Population) -> None:
        super().__init__(reason)
        self.log = log
        self.population = population


def run(spark: SparkSession, audit: Audit, output: str, *, strict: bool = False) -> Found:
    """Judge a log, and write the rows to a folder that is not there yet. The folder is removed where the audit cannot stand.

    `strict`: nothing may be set aside.

    Raises:
        Unfit: no ticket belongs to an agreement of the contract, or something was set aside where nothing may be.
        Fault: what makes the audit impossible; the folder is there already; Spark fails.
    """
    ours = own(spark)
    with in_our_words(output):
        if Path(ours, output).exists():
            raise Fault(Place(output), "this is there already", "", "remove it, or name another folder")
    log = event_rows(ours, audit.tickets)
    log.count()
    here, said = _own_rows(log, audit)
    population = assemble(
        audit.contract, audit.agreements, said, now=audit.now, readings=audit.readings, clauses=audit.clauses
    )
    told = Told(
        codec.dumps(audit.contract),
        tuple(population.agreements),
        frozenset(a.id for a in audit.agreements if a.contract != audit.contract.name),
        population.now,
        dict(audit.readings),
        tuple(c.id for c in population.clauses),
        audit.layout,
        audit.words,
        dict(audit.types),
        log.files,
        versions(),
    )
    counted = ours.sparkContext.accumulator(Account(), work.Adding())
    broadcast = ours.sparkContext.broadcast(told)
    try:
        with in_our_words(output):
            rows = _rows(ours, log, told.ready, broadcast, counted, audit.partitions)
            rows.write.parquet(output, compression="zstd")
        account: Account = counted.value
        account.good.update(here.good)
        found = _found(log, audit, population, said, account)
        if strict and (found.log.set_aside or population.set_aside):
            raise Unfit("rows were set aside and --strict was given", found.log, population)
        if not account.judged and account.tickets_used:
            reason = "no ticket belongs to a given agreement of this contract"
            raise Unfit(reason, found.log, population)
    except BaseException:
        Path(ours, output).remove()
        raise
    finally:
        broadcast.destroy()
    record = dict(found.record) | {
        "result": {"folder": Path(ours, output).last, "format": "parquet", "layout": audit.layout}
    }
    Path(ours, output.rstrip("/") + PROVENANCE).write(as_text(record))
    return replace(found, record=record)


def _rows(
    spark: SparkSession, log: EventRows, ready: Ready, told: Any, counted: Any, partitions: int | None
) -> DataFrame:
    """The rows of verdicts."""
    from pyspark.sql.pandas.types import from_arrow_schema

    columns = from_arrow_schema(schema(ready.told.layout, ready.writer.terms))
    by_ticket = log.by_ticket(partitions)
    if ready.by_ticket:
        return by_ticket.mapInArrow(work.ticket_rows(told, counted), columns)
    packed = f"`{work.AGREEMENT}` string, `{work.ORDER}` long, `{work.CONTENT}` binary"
    tickets = by_ticket.mapInArrow(work.tickets_packed(told), packed)
    alone = spark.createDataFrame([(a.id, -1, None) for a in ready.told.agreements], packed)
    both = tickets.unionByName(alone)
    spread = (
        both.repartition(work.AGREEMENT)
        if partitions is None
        else both.repartition(partitions, work.AGREEMENT)
    )
    together = spread.sortWithinPartitions(work.AGREEMENT, work.ORDER)
    return together.mapInArrow(work.agreement_rows(told, counted), columns)


def _own_rows(log: EventRows, audit: Audit) -> tuple[Account, Log]:
    """What the log says of agreements themselves, read here: their histories are part of every ticket's case."""
    into, account = Collector(), Account()
    if log.own:
        Reader(log.files, audit.types, audit.words).own_rows(log.own_rows(), into, account)
    return account, into.finish()


def _found(log: EventRows, audit: Audit, population: Population, said: Log, account: Account) -> Found:
    """What all of it came to.

    Raises:
        Fault: no row of a file can be read, or no ticket can be used.
    """
    reader = Reader(log.files, audit.types, audit.words)
    whole = account.log(said, audit.words, log.sources(), reader.number)
    read = sum(log.rows.values())
    if whole.read.rows != read:
        raise Fault(
            Place(log.files[0]), f"the log has {read} rows", f"{whole.read.rows} of them read", "run it again"
        )
    for number, rows in log.rows.items():
        if rows and not account.good[number]:
            first = first_of(whole.set_aside, log.files[number])
            raise Fault(Place(log.files[number]), f"no row can be read (of {rows})", "", first)
    if not account.tickets_used and not whole.agreement_events:
        raise Fault(
            Place(log.files[0]),
            f"no ticket can be used (of {account.tickets})",
            "",
            first_of(whole.set_aside),
        )
    # First the tickets without an agreement, as they stand in the log, then the histories of agreements that nobody gave.
    population.set_aside[:0] = account.unplaced.listed()
    population.other_tickets += account.other_tickets
    population.other_rows += account.other_rows
    return Found(
        population, whole, account.summary, _record(audit, population, whole, account, log.spark.version)
    )


def _record(audit: Audit, population: Population, log: Log, account: Account, spark: str) -> dict[str, Any]:
    """The provenance. Files are named with their sizes: a digest of them would read all of the log once more."""
    zones = (z for a in population.agreements if isinstance(z := a.facts.get("time_zone"), str) and z)
    now = iso(population.now, next(zones, None)) or ""
    record = provenance(population, audit.agreement_files, log, now, audit.clauses)
    for file in record["log"]:
        del file["sha256"]
    left = account.unplaced
    record["account"] |= {
        "tickets_judged": account.judged,
        "rows_used": log.read.rows_used - _late(population, account) - population.other_rows,
        "rows_set_aside": log.read.rows_set_aside + _late(population, account),
        "tickets_set_aside": log.read.tickets_set_aside + left.tickets,
    }
    if not_listed := account.aside.beyond + left.beyond:
        record["set_aside_not_listed"] = not_listed
    record["judged_by"] = {
        "engine": "spark",
        "spark": spark,
        "clauses_by_the_interpreter": sorted(account.summary.interpreted),
    }
    return record


def _late(population: Population, account: Account) -> int:
    """Rows of tickets and histories without an agreement."""
    histories: Iterable[int] = (s.count for s in population.set_aside if not s.whole)
    return account.unplaced.rows + sum(histories)


__all__ = ["PROVENANCE", "Audit", "Found", "run"]
