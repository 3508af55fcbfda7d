"""An audit's log as the options give it, and what else the commands share that audit: files to write, processors to use."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.audit.library import contract_names, contract_path, vocabulary
from checker.audit.provenance import file_digest
from checker.audit.run import Cases, Population, assemble
from checker.audit.words import words_of
from checker.cli import inputs as shared
from checker.cli.exits import FAULT, leave, say
from checker.cli.first_look import FirstLook
from checker.cli.said import say_set_aside
from checker.cli.straight import exported_of, held_of, straight_of
from checker.interpret.case import Case
from checker.record.model import Fault, Log, Place
from checker.record.reading import read_log
from dsl.files import SUFFIX

if TYPE_CHECKING:
    from checker.batch.exported import Exported
    from checker.batch.held import Held
    from checker.batch.straight import Straight
    from checker.batch.whole import Whole
    from checker.record.mapping_model import Mapping

LARGE = 1_000
"""Tickets from which on an audit is divided among processors."""


class Read:
    """The log of an audit: read as objects before anything is judged, straight into columns while it is judged (`straight`), or into
    columns before: what comes as columns (`held`), or what a mapping reads (`exported`).

    `population`: who is judged; in the second case complete when all is judged, as is the log in `got`.
    """

    def __init__(
        self,
        got: shared.Inputs,
        tickets: tuple[Path, ...],
        mapping: str | None,
        strict: bool,
        look: FirstLook | None = None,
    ) -> None:
        self.got = got
        self.straight: Straight | None = None
        self.exported: Exported | None = None
        self.held: Held | None = None
        self.population: Population
        self._tickets = tickets
        self._mapping = mapping
        self._strict = strict
        self._look = look

    def log(
        self,
        engine: str,
        format_: str,
        layout: str,
        partition: int | None,
        also: Collection[str] = (),
        *,
        exports: bool = False,
        shown: bool = False,
    ) -> None:
        """Read it, or begin to. `also`: attributes that somebody looks at beside the clauses. `exports`: what a mapping reads may come as
        columns, too. `shown`: records are shown with all that they say.

        Raises Fault, or leaves where the audit cannot stand.
        """
        got = self.got
        files = self._look.files() if self._look is not None else {}
        if self._mapping is None and not got.assumed:
            self.straight = straight_of(got, self._tickets, engine, format_, layout, partition, also, files)
        if self.straight is not None:
            got.log, self.population = self.straight.before, self.straight.population
            return
        if self._mapping is not None and exports:
            self.exported = exported_of(got, self._tickets, self._mapping, engine, format_, layout)
        elif self._mapping is None and not got.assumed:
            self.held = held_of(got, self._tickets, engine, format_, layout, also, files, shown=shown)
        if self.whole is not None:
            got.log, self.population = self.whole.log, self.whole.population
        elif self._mapping is not None:
            found = shared.read_export(self._tickets, self._mapping, got.assumed, got.contract)
            got.log, got.export = found
        else:
            got.log = shared.read_tickets(self._tickets, None, got.assumed, contract=got.contract)
        if self.whole is None:
            self.population = assemble(
                got.contract, got.agreements, got.log, now=got.now, readings=got.readings, clauses=got.clauses
            )
        self._stands()

    @property
    def whole(self) -> Whole | None:
        """The audit, where all of the log is columns before it is judged."""
        return self.exported if self.exported is not None else self.held

    @property
    def in_columns(self) -> bool:
        """Whether the log is columns already."""
        return self.straight is not None or self.whole is not None

    def ended(self) -> None:
        """All of it is read and judged. Leaves where the audit cannot stand."""
        assert self.straight is not None
        self.got.log, self.population = self.straight.account()
        self._stands()

    def all(self) -> tuple[Log, Population]:
        """The log, and who was judged: of a log that was read while it was judged, once all of it is."""
        self.ended()
        return self.got.log, self.population

    def cases(self, wanted: Collection[tuple[str, str]]) -> Iterator[Case]:
        """Some records of a log that was read straight into columns, by the ids of their agreements and tickets, in their order."""
        from checker.columnar.chosen import chosen

        got = self.got
        words = words_of(vocabulary(), got.contract)
        tickets = chosen(
            self._tickets,
            {ticket for _, ticket in wanted},
            end=got.log.complete_to,
            words=words,
            attribute_types=shared.attribute_types(),
        )
        population = assemble(
            got.contract,
            got.agreements,
            replace(got.log, tickets=tickets),
            now=got.now,
            readings=got.readings,
            clauses=got.clauses,
        )
        return Cases(population).of(wanted)

    def _stands(self) -> None:
        log, population = self.got.log, self.population
        if self._strict and (log.set_aside or population.set_aside):
            say_set_aside(log, population)
            say("error: rows were set aside and --strict was given")
            leave(FAULT)
        if not population.judged and log.read.tickets_used:
            say_set_aside(log, population)
            say("error: no ticket belongs to a given agreement of this contract")
            leave(FAULT)


def regular_file(output: Path | None) -> Path | None:
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


def spare_inputs(output: Path | None, inputs: tuple[Path, ...]) -> None:
    """Raise a Fault where the result, or its provenance, would be written over what is read."""
    if output is None:
        return
    if not output.absolute().parent.is_dir():
        raise Fault(
            Place("--output"), "there is no such folder", str(output.parent), "make it, or name another"
        )
    if output.name.endswith(".provenance.json"):
        raise Fault(
            Place("--output"),
            "a result is not named as the provenance of one",
            output.name,
            "give a name that ends otherwise: its provenance comes beside it",
        )
    for written in (output, output.with_name(output.name + ".provenance.json")):
        for read in inputs:
            if read.exists() and written.exists() and written.samefile(read):
                raise Fault(
                    Place("--output"), "this would overwrite an input", str(read), "name another file"
                )


def rules_without_content(got: shared.Inputs, mapping: str) -> tuple[tuple[str, ...], Mapping]:
    """The assumptions of a mapping that say what happened, by name, and the mapping without them."""
    from checker.record.mapping_load import assumed_content, load_mapping

    assumed = got.assumed
    content = assumed_content(load_mapping(mapping, assume=assumed), mapping, assumed)
    return tuple(sorted(content)), shared.rules_of(mapping, assumed, content, got.contract)


def without_content(
    got: shared.Inputs, mapping: str, tickets: tuple[Path, ...], now: int
) -> tuple[tuple[str, ...], Population] | None:
    """Who is judged of the same log without what the mapping's assumptions say happened, and the names of these; None for none."""
    content, rules = rules_without_content(got, mapping)
    if not content:
        return None
    log = got.export.told(rules) if got.export is not None else None
    if log is None:
        # Without the assumptions other cells are read.
        log = read_log(tickets, mapping=rules, words=words_of(vocabulary(), got.contract))
    bare = assemble(got.contract, got.agreements, log, now=now, readings=got.readings, clauses=got.clauses)
    return content, bare


def asked_of(
    got: shared.Inputs, contract: str, agreement_mapping: Path | None, mapping: str | None
) -> dict[str, Any]:
    """What a provenance says of the options, so that whoever has the files can ask for the same again; files without their folders."""
    files = contract_files(contract)
    return {
        "contract_files": [{"file": name, "sha256": sha} for name, sha in files.items()],
        "asked": {
            "contract": contract if contract in contract_names() else Path(contract).name,
            "agreement_mapping": agreement_mapping.name if agreement_mapping is not None else None,
            "mapping": _named(mapping),
            "assume": dict(got.assumed),
            "readings": dict(got.readings),
        },
    }


def contract_files(contract: str) -> dict[str, str]:
    """The SHA-256 of each file of a contract, by its name within the contract's folder."""
    path = contract_path(contract)
    if not path.is_dir():
        return {path.name: file_digest(path)}
    return {p.relative_to(path).as_posix(): file_digest(p) for p in sorted(path.rglob(f"*{SUFFIX}"))}


def _named(mapping: str | None) -> str | None:
    """A mapping as it was given: the name of a preset, or of a file without its folder."""
    return mapping if mapping is None or not Path(mapping).is_file() else Path(mapping).name
