"""A report made and written: what `report`, and whoever runs a report again, have in common."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from checker.audit.lexicons import files_of_words, lexicon
from checker.audit.provenance import as_text, file_digest, provenance, sealed
from checker.batch.choice import Engine, check_engine, chosen
from checker.batch.output import Pending, held_back, settle
from checker.cli import inputs as shared
from checker.cli.audited import Read, asked_of
from checker.cli.divided import Divided
from checker.cli.exits import say
from checker.clock import holidays_data, zones
from checker.columnar.freed import keep_freed
from checker.interpret.binding import party, strength
from checker.interpret.verdicts import Verdict
from checker.record.model import Fault, Place
from checker.render.progress import progress
from checker.render.rows import Term, iso
from checker.report.fresh import Fresh, Wanted
from checker.report.renderers import Renderer
from checker.report.rows import Report
from checker.report.saved import SavedVerdicts
from checker.report.words import words_of
from dsl.contract import Contract
from dsl.lexicon import Lexicon

BESIDE = ".provenance.json"
"""How the name of the file goes on that says where a result comes from."""


@dataclass(frozen=True)
class Asked:
    """What the options of `report` ask for, but for the file to write.

    `verdicts`: a file of verdicts that were given before, with its provenance; then nothing is judged again. `words`: whether it is to
    say in Polish, too, what the contract says.
    """

    contract: str
    agreements: tuple[Path, ...]
    tickets: tuple[Path, ...]
    agreement_mapping: Path | None = None
    mapping: str | None = None
    assume: tuple[str, ...] = ()
    as_of: str | None = None
    reading: tuple[str, ...] = ()
    clause: tuple[str, ...] = ()
    wanted: Wanted = field(default_factory=Wanted)
    engine: str = "auto"
    partition: int | None = None
    jobs: int | None = None
    strict: bool = False
    words: bool = True
    verdicts: tuple[Path, Mapping[str, Any]] | None = None

    @property
    def inputs(self) -> tuple[Path, ...]:
        """The files that are read."""
        others = [Path(each) for each in (self.mapping, self.agreement_mapping) if each is not None]
        return (*self.agreements, *self.tickets, *others)


@contextmanager
def audited(asked: Asked) -> Iterator[tuple[Read, Report]]:
    """The log as it was read, and its report. Raises ContractError or Fault."""
    check_engine(asked.engine)
    got = shared.load_terms(
        asked.contract,
        asked.agreements,
        asked.assume,
        asked.as_of,
        asked.reading,
        asked.clause,
        asked.agreement_mapping,
    )
    # Before anything is judged: who has to mend a file of words has not waited for nothing.
    words = _words(asked.contract, got.contract) if asked.words else Spoken(Lexicon(), [])
    read = Read(got, asked.tickets, asked.mapping, asked.strict)
    ranked = [a.name for a in got.contract.attributes if a.ranks]
    # As for a table: verdicts alone, and the reasons of some.
    read.log(asked.engine, "table", "long", asked.partition, ranked, exports=True, shown=True)
    verdicts = read.population.judged * len(read.population.clauses)
    by: Engine = "columns" if read.in_columns else chosen(asked.engine, "table", "long", verdicts)
    if by == "columns":
        keep_freed()
    with _made(asked, read, by, words) as made:
        yield read, made


class Spoken(NamedTuple):
    """The Polish words of a contract, and the files that they are from, as the provenance has them."""

    lexicon: Lexicon
    files: list[dict[str, str]]


def _words(name: str, contract: Contract) -> Spoken:
    """The words of a contract of this name. Says which its own file has for what the contract does not name (any more): they are passed
    over."""
    files = [
        {"of": of, "file": path.name, "sha256": file_digest(path)}
        for of, path in files_of_words(name).items()
    ]
    stale: list[Fault] = []
    words = lexicon(contract, name, stale.append)
    for fault in stale[:20]:
        say(f"words passed over: {fault}")
    if len(stale) > 20:
        say(f"words passed over: … and {len(stale) - 20} more (see `servanda lint`)")
    return Spoken(words, files)


def _made(asked: Asked, read: Read, by: Engine, words: Spoken) -> Report:
    """Judge everything, or take the verdicts that there are. `words`: of the contract."""
    population, straight, log = read.population, read.straight, read.got.log
    files = tuple(map(str, asked.tickets))
    saved = _saved(asked, read)
    if saved is not None:
        by = "interpreter"
    if straight is not None:
        # What is read only once is read by one process.
        fresh = Fresh(
            *(population, log, straight, by, asked.wanted),
            ended=read.all,
            cases=read.cases,
            saved=saved,
            files=files,
        )
        divided = Divided(by, asked.partition, 1)
    else:
        # So are the verdicts that there are.
        divided = Divided(by, asked.partition, asked.jobs if saved is None else 1)
        whole = read.whole
        partitions = divided.partitions(population, whole)
        jobs = divided.workers(population, whole)
        fresh = Fresh(population, log, partitions, by, asked.wanted, jobs, saved=saved, files=files)
        if whole is not None:
            fresh.cases, fresh.recorded = whole.cases, whole.extent
    with fresh:
        with progress("judged", fresh.partitions.records, sys.stderr) as advance:
            found = fresh.judge(advance)
        record = _record(asked, read, by, sorted(found.interpreted), words)
        if asked.verdicts is not None:
            record["judged_by"] |= asked.verdicts[1]["judged_by"]
            _same(asked.verdicts[0], asked.verdicts[1], record)
        return fresh.report(record, _without(asked, read, divided), words.lexicon)


def _saved(asked: Asked, read: Read) -> SavedVerdicts | None:
    if asked.verdicts is None:
        return None
    path, before = asked.verdicts
    terms = {c.id: Term(strength(c), party(c)) for c in read.population.clauses}
    return SavedVerdicts(path, before["result"]["format"], before["result"]["layout"], terms)


def _same(path: Path, before: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Raise a Fault where verdicts are not of these inputs, or not of this Servanda and its data."""
    names = (
        "contract",
        "agreements",
        "log",
        "mapping",
        "assumptions",
        "audited_at",
        "readings",
        "account",
        "engine",
        "language",
    )
    for name in (*names, "zone_data", "holiday_data"):
        if before[name] != now[name]:
            raise Fault(
                Place(str(path)),
                f"the verdicts were given for something else: {name.replace('_', ' ')} differs",
                "",
                "audit again with `check`, or report without --verdicts",
            )


def _without(asked: Asked, read: Read, divided: Divided) -> tuple[tuple[str, ...], Mapping[str, int]] | None:
    """The verdicts without what the assumptions of a mapping say happened, and their names."""
    found = divided.without(read, asked.mapping, asked.tickets) if asked.mapping is not None else None
    if found is None:
        return None
    names, tally = found
    return names, {str(v): tally.total(v) for v in Verdict}


def _record(asked: Asked, read: Read, by: Engine, interpreted: list[str], words: Spoken) -> dict[str, Any]:
    """Where the report comes from, and what was asked of it."""
    got, population = read.got, read.population
    given = (a.facts.get("time_zone") for a in population.agreements)
    first = next((z for z in given if isinstance(z, str) and z), None)
    now = iso(population.now, first) or ""
    record = provenance(population, got.agreement_files, got.log, now, got.clauses)
    record["judged_by"] = {"engine": by, "clauses_by_the_interpreter": interpreted}
    record["zone_data_sha256"] = zones.digest()
    record["holiday_data_sha256"] = holidays_data.digest()
    record |= asked_of(got, asked.contract, asked.agreement_mapping, asked.mapping)
    record["asked"]["report"] = asked.wanted.as_data()
    if asked.words:
        record["words"] = words.files
    return record


def write(made: Report, renderer: Renderer, lang: str, target: Path) -> Mapping[str, Any]:
    """Write a report and, beside it, where it comes from, which is given back."""
    pending = Pending(target)
    beside = Pending(target.with_name(target.name + BESIDE))
    try:
        renderer.render(made, words_of(lang), pending.stream)
        pending.finish()
        record = made.record()
        record["result"] = {
            "file": target.name,
            "format": target.suffix.lower(),
            "lang": lang,
            "sha256": file_digest(pending.temporary),
            "verdicts_sha256": made.verdicts_digest(),
            "made_with": {name: metadata.version(name) for name in renderer.NEEDS},
        }
        record = sealed(record)
        beside.stream.write(as_text(record).encode())
        beside.finish()
        with held_back():
            # Between the two a report stands without a provenance, never with that of another.
            beside.path.unlink(missing_ok=True)
            pending.take_place()
            beside.take_place()
            settle(target.parent)
        return record
    finally:
        pending.discard()
        beside.discard()
