"""How the options that commands share become contract, agreements and log.

Mappings have readers and a schema of their own, which are loaded where a mapping is given.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from checker.audit.library import load_contract, vocabulary
from checker.audit.words import words_of
from checker.cli.exits import say
from checker.record.agreements import read_agreements
from checker.record.collect import Collector
from checker.record.flaws import Flaw
from checker.record.model import Agreement, Counts, Fault, Log, Note, Place
from checker.record.reading import read_log
from checker.record.values import instant
from dsl.contract import Contract

if TYPE_CHECKING:
    from checker.record.agreement_columns import TableNames
    from checker.record.mapped import Export
    from checker.record.mapping_model import Mapping


@dataclass(slots=True)
class Inputs:
    """What a command works on. `export`: the rows of the tickets, where a mapping reads them and they were to be kept."""

    contract: Contract
    agreements: list[Agreement]
    agreement_files: list[Path]
    log: Log
    now: int | None
    readings: dict[str, str]
    clauses: tuple[str, ...]
    assumed: dict[str, str] = field(default_factory=dict)
    export: Export | None = None


def pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    """`NAME=VALUE` options as a mapping. Raises Fault for one that has no `=`, or for a name given twice."""
    out: dict[str, str] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign or not name:
            raise Fault(Place(option), "a name and a value are needed", text, f"write {option} NAME=VALUE")
        if name in out:
            raise Fault(Place(option), f"{name} is given twice", text, "give it once")
        out[name] = value
    return out


def as_of(text: str | None) -> int | None:
    """The audit instant of an option. Raises Fault."""
    if text is None:
        return None
    try:
        return instant(text, ("--as-of",))[0]
    except Flaw as flaw:
        raise Fault(Place("--as-of"), flaw.reason, text, flaw.remedy) from flaw


def load(
    contract: str,
    agreements: tuple[Path, ...],
    tickets: tuple[Path, ...],
    mapping: str | None,
    assume: tuple[str, ...],
    as_of_text: str | None,
    reading: tuple[str, ...],
    clause: tuple[str, ...],
    agreement_mapping: Path | None = None,
) -> Inputs:
    """Read everything that an audit needs. Raises ContractError or Fault."""
    got = load_terms(contract, agreements, assume, as_of_text, reading, clause, agreement_mapping)
    got.log = read_tickets(tickets, mapping, got.assumed, contract=got.contract)
    return got


def load_terms(
    contract: str,
    agreements: tuple[Path, ...],
    assume: tuple[str, ...],
    as_of_text: str | None,
    reading: tuple[str, ...],
    clause: tuple[str, ...],
    agreement_mapping: Path | None = None,
) -> Inputs:
    """The same but for the log, which is still empty."""
    now = as_of(as_of_text)
    readings = pairs(reading, "--reading")
    assumed = pairs(assume, "--assume")
    checked, given, files = read_terms(contract, agreements, agreement_mapping)
    nothing = Log([], {}, None, Counts(), [], [], [], [])
    return Inputs(checked, given, files, nothing, now, readings, clause, assumed)


def read_terms(
    contract: str, agreements: tuple[Path, ...], agreement_mapping: Path | None = None
) -> tuple[Contract, list[Agreement], list[Path]]:
    """The contract, the agreements, and the files of these. Raises ContractError or Fault."""
    checked = load_contract(contract)
    notes: list[Note] = []
    names = _names(agreement_mapping)
    given = read_agreements(agreements, words=words_of(vocabulary(), checked), notes=notes, names=names)
    for note in notes:
        say(f"note: {note.place}: {note.text}" + (f" ({note.count}x)" if note.count > 1 else ""))
    return checked, given, [*agreements, *([agreement_mapping] if agreement_mapping is not None else [])]


def _names(agreement_mapping: Path | None) -> TableNames | None:
    """What the columns of a table of agreements mean, where a file says so."""
    if agreement_mapping is None:
        return None
    from checker.record.agreement_mapping import load_agreement_mapping

    return load_agreement_mapping(agreement_mapping)


def read_tickets(
    tickets: tuple[Path, ...],
    mapping: str | None,
    assumed: dict[str, str],
    contract: Contract | None = None,
) -> Log:
    """The ticket log, with its mapping and the assumptions set. Raises Fault.

    Words that the contract has of its own are known, too.
    """
    if mapping is None and assumed:
        raise Fault(
            Place("--assume"), "only a mapping has assumptions to set", next(iter(assumed)), "give --mapping"
        )
    rules = rules_of(mapping, assumed, contract=contract) if mapping is not None else None
    known = words_of(vocabulary(), contract)
    return read_log(tickets, mapping=rules, words=known, attribute_types=attribute_types())


def read_export(
    tickets: tuple[Path, ...], mapping: str, assumed: dict[str, str], contract: Contract
) -> tuple[Log, Export]:
    """As `read_tickets`, with the rows, to tell them again. Raises Fault."""
    from checker.record import mapped

    rules = rules_of(mapping, assumed, contract=contract)
    return mapped.read_export(tickets, rules, Collector(words=words_of(vocabulary(), contract)))


def rules_of(
    mapping: str, assumed: dict[str, str], without: Collection[str] = (), contract: Contract | None = None
) -> Mapping:
    """A mapping with the assumptions set, but for some. Raises Fault."""
    from checker.record.mapping_load import load_mapping

    return load_mapping(mapping, assume=assumed, without=without, words=words_of(vocabulary(), contract))


def attribute_types() -> dict[str, str]:
    """The type of each attribute, by the vocabulary."""
    return {name: kind for word in vocabulary().events.values() for name, kind in word.attributes.items()}
