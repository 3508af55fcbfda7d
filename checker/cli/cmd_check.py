"""`servanda check`: audit tickets against a contract.

What only some audits need (rules of exports, tables on a terminal, other formats) is loaded where it is used.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

import click

from checker.audit.provenance import as_text, file_digest, provenance
from checker.audit.run import CHUNK, Population, Tally, assemble, in_pieces
from checker.cli import inputs as shared
from checker.cli.exits import BREACHED, FAULT, KEPT, NOTHING_APPLIES, UNDETERMINED, guarded, leave, say
from checker.cli.pieces import Claims, Piece, Writer
from checker.interpret.binding import party, strength
from checker.interpret.verdicts import Judgement, Verdict
from checker.record.model import Fault, Log, Place
from checker.render.rows import MOST_ROWS, Term, iso


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
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    help="processes (default: one for a small audit, all processors for a large one)",
)
@click.option("--strict", is_flag=True, help="a row set aside is a fault")
@guarded
def check(
    contract: str,
    agreements: tuple[Path, ...],
    agreement_mapping: Path | None,
    tickets: tuple[Path, ...],
    mapping: str | None,
    assume: tuple[str, ...],
    as_of: str | None,
    reading: tuple[str, ...],
    clause: tuple[str, ...],
    format_: str,
    layout: str,
    output: Path | None,
    fail_on: str | None,
    strict: bool,
    jobs: int | None,
) -> None:
    """Audit tickets against a contract: a verdict for every ticket and clause.

    Exit codes: 0 kept, 1 breached, 2 a fault, 3 undetermined (with --fail-on undetermined), 4 no clause applies to any ticket.
    """
    if layout == "wide" and format_ not in ("csv", "jsonl"):
        raise Fault(
            Place("--layout"), "only csv and jsonl can be wide", format_, "give --format csv or jsonl"
        )
    output = _regular(output)
    others = [Path(each) for each in (mapping, agreement_mapping) if each is not None]
    _spare_inputs(output, (*agreements, *tickets, *others))
    got = shared.load(
        contract, agreements, tickets, mapping, assume, as_of, reading, clause, agreement_mapping
    )
    population = assemble(
        got.contract, got.agreements, got.log, now=got.now, readings=got.readings, clauses=got.clauses
    )
    if strict and (got.log.set_aside or population.set_aside):
        _say_set_aside(got.log, population)
        say("error: rows were set aside and --strict was given")
        leave(FAULT)
    if not population.tickets and got.log.tickets:
        _say_set_aside(got.log, population)
        say("error: no ticket belongs to a given agreement of this contract")
        leave(FAULT)
    zones = {a.id: a.facts.get("time_zone") for a in population.agreements}
    zone_of = {k: v if isinstance(v, str) else None for k, v in zones.items()}
    terms = {c.id: Term(strength(c), party(c)) for c in population.clauses}
    writer = Writer(format_, layout, terms, zone_of, Claims.of(got.log))
    with _opened(output) as out:
        whole = _run(writer, population, _jobs(jobs, population), out)
    tally, claims = whole.tally, whole.claims
    first = next((z for z in zone_of.values() if z), None)
    now = iso(population.now, first) or ""
    record = provenance(population, got.agreement_files, got.log, now, got.clauses)
    if output is not None:
        record["result"] = {
            "file": output.name,
            "format": format_,
            "layout": layout,
            "sha256": file_digest(output),
        }
        _atomically(output.with_name(output.name + ".provenance.json"), as_text(record))
    _say_set_aside(got.log, population)
    _say_result(got.log, population, tally, claims, record)
    if mapping is not None:
        _say_without(
            _jobs(jobs, population), got, population, mapping, shared.pairs(assume, "--assume"), tickets
        )
    leave(_exit(tally, fail_on))


def _regular(output: Path | None) -> Path | None:
    """The file to write: what a link points to. Raises a Fault where it is a device, a pipe or a folder."""
    if output is None:
        return None
    output = output.resolve() if output.is_symlink() else output
    if output.exists() and not output.is_file():
        raise Fault(
            Place("--output"),
            "this is no regular file",
            str(output),
            "name a file, or write to standard output",
        )
    return output


def _spare_inputs(output: Path | None, inputs: tuple[Path, ...]) -> None:
    """Raise a Fault where the result, or its provenance, would be written over what is read."""
    if output is None:
        return
    if not output.absolute().parent.is_dir():
        raise Fault(
            Place("--output"), "there is no such folder", str(output.parent), "make it, or name another"
        )
    for written in (output, output.with_name(output.name + ".provenance.json")):
        for read in inputs:
            if read.exists() and written.exists() and written.samefile(read):
                raise Fault(
                    Place("--output"), "this would overwrite an input", str(read), "name another file"
                )


def _umask() -> int:
    """The process's mask for new files, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


class _opened:
    """Standard output, or a file that appears only when it is whole."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.temporary = ""
        self.stream: TextIO = sys.stdout

    def __enter__(self) -> TextIO:
        if self.path is not None:
            import tempfile

            handle, self.temporary = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
            self.stream = os.fdopen(handle, "w", encoding="utf-8", newline="")
        return self.stream

    def __exit__(self, kind: object, value: object, trace: object) -> None:
        if self.path is None:
            return
        self.stream.close()
        if kind is None:
            os.chmod(self.temporary, 0o666 & ~_umask())
            os.replace(self.temporary, self.path)
        else:
            os.unlink(self.temporary)


def _atomically(path: Path, text: str) -> None:
    with _opened(path) as out:
        out.write(text)


def _run(writer: Writer, population: Population, jobs: int, out: TextIO) -> Piece:
    """Work the audit off piece by piece, writing rows as they come; the sum of all pieces."""
    whole = Piece(claims=writer.claims)
    out.write(writer.header())
    for piece in in_pieces(population, writer, jobs):
        out.write(piece.text)
        whole.tally.merge(piece.tally)
        whole.claims.merge(piece.claims)
        whole.exceptions += piece.exceptions
        whole.breached += piece.breached[: MOST_ROWS - len(whole.breached)]
        whole.others += piece.others[: MOST_ROWS - len(whole.others)]
        whole.judgements += piece.judgements
    if writer.format == "junit":
        from checker.render.junit import write_junit

        write_junit(whole.judgements, writer.terms, out)
    elif writer.format == "table":
        _write_table(whole, out, population)
    return whole


def _write_table(whole: Piece, out: TextIO, population: Population) -> None:
    from checker.render import table

    shown = (whole.breached + whole.others)[:MOST_ROWS]
    console = table.console(out)
    strengths = {c.id: strength(c) for c in population.clauses}
    console.print(table.summary(population.book.contract, whole.tally, strengths))
    if shown:
        console.print()
        console.print(table.exceptions(shown, whole.exceptions - len(shown)))
        console.print("* contested: another reading of the text would turn the verdict")


def _say_set_aside(log: Log, population: Population) -> None:
    found = [*log.set_aside, *population.set_aside]
    for item in found[:20]:
        say(f"set aside: {item}")
    if len(found) > 20:
        say(f"set aside: … and {len(found) - 20} more (with -o, all of them stand in the provenance)")


def _say_result(
    log: Log, population: Population, tally: Tally, claims: Claims, record: dict[str, Any]
) -> None:
    r = log.read
    aside = r.tickets_set_aside + sum(1 for s in population.set_aside if s.whole)
    late = sum(s.count for s in population.set_aside)
    used = r.rows_used - late - population.other_rows
    others = f" + {population.other_rows} of other contracts" if population.other_rows else ""
    say(f"rows: {r.rows} read = {used} used + {r.rows_set_aside + late} set aside{others}")
    other = f" + {population.other_tickets} of other contracts" if population.other_tickets else ""
    say(f"tickets: {r.tickets} read = {len(population.tickets)} judged + {aside} set aside{other}")
    if r.tickets_with_gaps:
        lost = f", {r.revisions_missing} revisions missing" if r.revisions_missing else ""
        say(f"gaps: {r.tickets_with_gaps} tickets have gaps{lost}; silence inside a gap proves nothing")
    if population.other_contracts:
        say(
            f"agreements: {len(population.agreements)} judged, {population.other_contracts} of other contracts left out"
        )
    if population.stated:
        say(
            f"clauses: {len(population.clauses)} judged, {population.stated} stated only (nothing can decide them)"
        )
    for note in (*log.notes, *population.notes):
        where = f"{note.place}: " if note.place is not None else ""
        say(f"note: {where}{note.text}" + (f" ({note.count}x)" if note.count > 1 else ""))
    for a in log.assumptions:
        say(f"assumption: {a.name} = {a.value} ({a.text})")
    verdicts = ", ".join(f"{tally.total(v)} {v}" for v in Verdict if tally.total(v))
    say(f"verdicts: {verdicts or 'none'}; {sum(tally.contested.values())} contested")
    for (name, value, verdict), n in sorted(claims.table.items()):
        if verdict in ("met", "breached"):
            say(f"claim of the source, not a fact: {name} = {value} where the verdict is {verdict}: {n}")
    say(
        f"audited as of {record['audited_at']}; contract {record['contract']['name']} {record['contract']['digest'][:12]}; "
        f"zone data {record['zone_data']}, holiday data {record['holiday_data']}"
    )


def _say_without(
    jobs: int,
    got: shared.Inputs,
    population: Population,
    mapping: str,
    assumed: dict[str, str],
    tickets: tuple[Path, ...],
) -> None:
    """The same audit without what the assumptions say happened, for comparison."""
    from checker.record.mapping_load import assumed_content, load_mapping

    content = assumed_content(load_mapping(mapping, assume=assumed), mapping, assumed)
    if not content:
        return
    log = shared.read_tickets(tickets, mapping, assumed, content, got.contract)
    bare = assemble(
        got.contract, got.agreements, log, now=population.now, readings=got.readings, clauses=got.clauses
    )
    tally = Tally()
    for piece in in_pieces(bare, _tally, jobs, contested=False):
        tally.merge(piece)
    verdicts = ", ".join(f"{tally.total(v)} {v}" for v in Verdict if tally.total(v))
    say(f"without {', '.join(sorted(content))}: {verdicts or 'none'}")


def _tally(found: Iterator[Judgement]) -> Tally:
    tally = Tally()
    for j in found:
        tally.add(j)
    return tally


def _jobs(given: int | None, population: Population) -> int:
    """Processes to work with: as asked, else one for a small audit and the processors at hand for a large one."""
    if given is not None:
        return given
    return min(os.cpu_count() or 1, 8) if len(population.tickets) > 4 * CHUNK else 1


def _exit(tally: Tally, fail_on: str | None) -> int:
    if tally.total(Verdict.BREACHED):
        return BREACHED
    if fail_on == "undetermined" and tally.total(Verdict.UNDETERMINED):
        return UNDETERMINED
    total = sum(sum(c.values()) for c in tally.by_clause.values())
    if total == tally.total(Verdict.NOT_APPLICABLE):
        return NOTHING_APPLIES
    return KEPT
