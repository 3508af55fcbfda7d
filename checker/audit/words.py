"""The words that a record may use under a contract: those of the vocabulary, and those that the contract has of its own."""

from __future__ import annotations

from typing import Any

from checker.record.words import Words
from dsl import contract as ir
from dsl.readers import field_names
from dsl.vocabulary import Vocabulary


def words_of(vocabulary: Vocabulary, contract: ir.Contract | None = None) -> Words:
    """The words of the vocabulary, with those of a contract."""
    own = contract.words if contract is not None else ()
    levels = {name: str(word.level) for name, word in vocabulary.events.items()}
    return Words(
        levels | {word.name: word.level for word in own},
        frozenset(vocabulary.records).union(*(w.records for w in own)),
        vocabulary.fields,
        _read(contract) if contract is not None else frozenset(),
        contract.name if contract is not None else None,
        {name: word.attributes for name, word in vocabulary.events.items()},
    )


def _read(contract: ir.Contract) -> frozenset[str]:
    """Every name of a fact, or of what may be a field of one, that a contract reads.

    Which row is looked at shows only where the contract is evaluated; what an event of the record says is left out.
    """
    out: set[str] = set()
    stack: list[tuple[Any, bool]] = [(contract, False)]
    while stack:
        at, of_event = stack.pop()
        kind: Any = type(at)
        if kind is tuple:
            stack += [(each, of_event) for each in at]
        elif kind is ir.FactValue:
            out.update(at.path)
        elif kind is ir.AttributeOf and (
            type(at.row) is ir.FactRow or (type(at.row) is ir.OccasionRow and not of_event)
        ):
            out.add(at.attribute)
        else:
            inside = of_event or kind is ir.EventDef
            stack += [(getattr(at, name), inside) for name in field_names(kind)]
    return frozenset(out)
