"""Strategies of generated contracts and histories, for every property test.

- `contract_blocks()`: the definitions and clauses of a contract as text; `text_of` joins them, `contract_of` checks them.
- `definition_blocks()`: definitions of some kinds alone; `stretch_blocks()`: clauses that concern what lasts.
- `histories()`: what is on record of an agreement and its tickets; `completions()`: what may have been where it says less.
- `judged()`: every judgement of a contract over a history, by the road that an audit takes.
"""

from tests.properties.contracts import (
    KINDS,
    Block,
    contract_blocks,
    definition_blocks,
    stretch_blocks,
    text_of,
)
from tests.properties.histories import History, completions, histories
from tests.properties.judging import Judged, checked, contract_of, judged, verdicts
from tests.properties.layouts import layouts
from tests.properties.words import words

__all__ = [
    "KINDS",
    "Block",
    "History",
    "Judged",
    "checked",
    "completions",
    "contract_blocks",
    "contract_of",
    "definition_blocks",
    "histories",
    "judged",
    "layouts",
    "stretch_blocks",
    "text_of",
    "verdicts",
    "words",
]
