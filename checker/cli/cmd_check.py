"""`servanda check`: audit tickets against a contract."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO

import click

from checker.audit.provenance import as_text, provenance
from checker.audit.run import Population, Tally, assemble, judge
from checker.cli import inputs as shared
from checker.cli.exits import BREACHED, FAULT, KEPT, NOTHING_APPLIES, UNDETERMINED, guarded, leave, say
from checker.interpret.explain import strength
from checker.interpret.verdicts import Judgement, Verdict
from checker.record.mapping_load import assumed_content, load_mapping
from checker.record.model import Log
from checker.render import table
from checker.render.junit import write_junit
from checker.render.rows import LONG, iso, long_row, wide_rows, write_csv, write_jsonl


@click.command(short_help="audit tickets against a contract")
@shared.audit_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "jsonl", "csv", "junit"]),
    default="table",
    show_default=True,
)
@click.option("--layout", type=click.Choice(["long", "wide"]), default="long", show_default=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="write there instead of standard output",
)
@click.option(
    "--fail-on",
    type=click.Choice(["undetermined"]),
    help="exit 3 when nothing is breached but something undetermined",
)
@click.option("--strict", is_flag=True, help="a row set aside is a fault")
@guarded
def check(
    contract: str,
    agreements: tuple[Path, ...],
    tickets: tuple[Path, ...],
    mapping: str | None,
    assume: tuple[str, ...],
    as_of: str | None,
    reading: tuple[str, ...],
    clause: str | None,
    format_: str,
    layout: str,
    output: Path | None,
    fail_on: str | None,
    strict: bool,
) -> None:
    """Audit tickets against a contract: a verdict for every ticket and clause.

    Exit codes: 0 kept, 1 breached, 2 a fault, 3 undetermined (with --fail-on undetermined), 4 no clause applies to any ticket.
    """
    got = shared.load(contract, agreements, tickets, mapping, assume, as_of, reading, clause)
    population = assemble(
        got.contract, got.agreements, got.log, now=got.now, readings=got.readings, clauses=got.clause
    )
    if strict and (got.log.set_aside or population.set_aside):
        _say_set_aside(got.log, population)
        say("error: rows were set aside and --strict was given")
        leave(FAULT)
    if not population.tickets and got.log.tickets:
        _say_set_aside(got.log, population)
        say("error: no ticket belongs to a given agreement of this contract")
        leave(FAULT)
    tally, claims = Tally(), Claims(got.log)
    zones = {a.id: a.facts.get("time_zone") for a in population.agreements}
    zone_of = {k: v if isinstance(v, str) else None for k, v in zones.items()}
    found = _counted(judge(population), tally, claims)
    with _opened(output) as out:
        _write(found, out, format_, layout, population, zone_of, tally)
    first = next((z for z in zone_of.values() if z), None)
    record = provenance(
        got.contract, got.agreement_files, got.log, iso(population.now, first) or "", got.readings
    )
    if output is not None:
        _atomically(output.with_name(output.name + ".provenance.json"), as_text(record))
    _say_set_aside(got.log, population)
    _say_result(got.log, population, tally, claims, record)
    if mapping is not None:
        _say_without(got, population, mapping, shared.pairs(assume, "--assume"), tickets)
    leave(_exit(tally, fail_on))


class Claims:
    """The verdicts of the tool that kept the log, beside ours: claims to compare with, never facts."""

    def __init__(self, log: Log) -> None:
        self.by_ticket = {t.id: t.claims for t in log.tickets if t.claims}
        self.table: dict[tuple[str, str, str], int] = {}

    def add(self, j: Judgement) -> None:
        """Set one judgement beside the claims of its ticket."""
        for name, value in self.by_ticket.get(j.ticket, {}).items():
            key = (name, str(value).lower(), str(j.verdict))
            self.table[key] = self.table.get(key, 0) + 1


def _counted(found: Iterable[Judgement], tally: Tally, claims: Claims) -> Iterator[Judgement]:
    for j in found:
        tally.add(j)
        claims.add(j)
        yield j


class _opened:
    """Standard output, or a file that appears only when it is whole."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.temporary = ""
        self.stream: TextIO = sys.stdout

    def __enter__(self) -> TextIO:
        if self.path is not None:
            handle, self.temporary = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
            self.stream = os.fdopen(handle, "w", encoding="utf-8", newline="")
        return self.stream

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        if self.path is None:
            return
        self.stream.close()
        if kind is None:
            os.chmod(self.temporary, 0o644)
            os.replace(self.temporary, self.path)
        else:
            os.unlink(self.temporary)


def _atomically(path: Path, text: str) -> None:
    with _opened(path) as out:
        out.write(text)


def _write(
    found: Iterator[Judgement],
    out: TextIO,
    format_: str,
    layout: str,
    population: Population,
    zones: dict[str, str | None],
    tally: Tally,
) -> None:
    if format_ == "junit":
        write_junit(found, out)
    elif format_ == "table":
        _write_table(found, out, population, zones, tally)
    elif layout == "wide":
        clauses = [c.id for c in population.clauses]
        columns = ["agreement", "ticket", *clauses]
        rows = wide_rows(found, clauses)
        _rows(rows, out, format_, columns)
    else:
        _rows((long_row(j, zones.get(j.agreement)) for j in found), out, format_, list(LONG))


def _rows(rows: Iterable[dict[str, Any]], out: TextIO, format_: str, columns: list[str]) -> None:
    write: dict[str, Callable[[], None]] = {
        "jsonl": lambda: write_jsonl(rows, out),
        "csv": lambda: write_csv(rows, out, columns),
    }
    write[format_]()


def _write_table(
    found: Iterator[Judgement],
    out: TextIO,
    population: Population,
    zones: dict[str, str | None],
    tally: Tally,
) -> None:
    kept: list[dict[str, Any]] = []
    others: list[dict[str, Any]] = []
    more = 0
    for j in found:
        exceptional = j.verdict in (Verdict.BREACHED, Verdict.UNDETERMINED) or bool(j.contested)
        if not exceptional:
            continue
        more += 1
        pile = kept if j.verdict is Verdict.BREACHED else others
        if len(pile) < table.MOST_ROWS:
            pile.append(long_row(j, zones.get(j.agreement)))
    shown = (kept + others)[: table.MOST_ROWS]
    console = table.console(out)
    console.print(
        table.summary(population.book.contract, tally, {c.id: strength(c) for c in population.clauses})
    )
    if shown:
        console.print()
        console.print(table.exceptions(shown, more - len(shown)))
        console.print("* contested: another reading of the text would turn the verdict")


def _say_set_aside(log: Log, population: Population) -> None:
    found = [*log.set_aside, *population.set_aside]
    for item in found[:20]:
        say(f"set aside: {item}")
    if len(found) > 20:
        say(f"set aside: … and {len(found) - 20} more")


def _say_result(
    log: Log, population: Population, tally: Tally, claims: Claims, record: dict[str, Any]
) -> None:
    r = log.read
    aside = r.tickets_set_aside + sum(1 for s in population.set_aside if s.whole)
    say(f"rows: {r.rows} read = {r.rows_used} used + {r.rows_set_aside} set aside")
    other = f" + {population.other_tickets} of other contracts" if population.other_tickets else ""
    say(f"tickets: {r.tickets} read = {len(population.tickets)} judged + {aside} set aside{other}")
    if r.tickets_with_gaps:
        say(
            f"gaps: {r.tickets_with_gaps} tickets lack {r.revisions_missing} revisions; silence inside a gap proves nothing"
        )
    if population.other_contracts:
        say(
            f"agreements: {len(population.agreements)} judged, {population.other_contracts} of other contracts left out"
        )
    if population.stated:
        say(
            f"clauses: {len(population.clauses)} judged, {population.stated} stated only (nothing can decide them)"
        )
    for note in log.notes:
        say(f"note: {note.text}" + (f" ({note.count}x)" if note.count > 1 else ""))
    for a in log.assumptions:
        say(f"assumption: {a.name} = {a.value} ({a.text})")
    verdicts = ", ".join(f"{tally.total(v)} {v}" for v in Verdict if tally.total(v))
    say(f"verdicts: {verdicts or 'none'}; {sum(tally.contested.values())} contested")
    for (name, value, verdict), n in sorted(claims.table.items()):
        if verdict in ("met", "breached"):
            agrees = "agrees" if (value == "true") == (verdict == "met") else "differs"
            say(f"claim: {name} = {value} where the verdict is {verdict}: {n} ({agrees})")
    say(
        f"audited as of {record['audited_at']}; contract {record['contract']['name']} {record['contract']['digest'][:12]}; "
        f"zone data {record['zone_data']}, holiday data {record['holiday_data']}"
    )


def _say_without(
    got: shared.Inputs,
    population: Population,
    mapping: str,
    assumed: dict[str, str],
    tickets: tuple[Path, ...],
) -> None:
    """The same audit without what the assumptions say happened, for comparison."""
    content = assumed_content(load_mapping(mapping, assume=assumed), mapping, assumed)
    if not content:
        return
    log = shared.read_tickets(tickets, mapping, assumed, content)
    bare = assemble(
        got.contract, got.agreements, log, now=population.now, readings=got.readings, clauses=got.clause
    )
    tally = Tally()
    for j in judge(bare):
        tally.add(j)
    verdicts = ", ".join(f"{tally.total(v)} {v}" for v in Verdict if tally.total(v))
    contested = sum(tally.contested.values())
    say(f"without {', '.join(sorted(content))}: {verdicts or 'none'}; {contested} contested")


def _exit(tally: Tally, fail_on: str | None) -> int:
    if tally.total(Verdict.BREACHED):
        return BREACHED
    if fail_on == "undetermined" and tally.total(Verdict.UNDETERMINED):
        return UNDETERMINED
    total = sum(sum(c.values()) for c in tally.by_clause.values())
    if total == tally.total(Verdict.NOT_APPLICABLE):
        return NOTHING_APPLIES
    return KEPT
