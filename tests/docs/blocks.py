"""The contract examples of the documents: finding them, completing them, checking and judging them.

A fenced block of the kind `contract` is a whole file, if it begins with the version line, or else a piece: then the last
HTML comment above it that begins with `preamble` stands before it, and the header below if that has none. `contract bad E301`
must be refused with that code; a code W501 must be found by the linter. A block `yaml case` below a contract is one case
of its clauses: facts, events, the audit instant, and the verdict.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from checker.audit.cases import judge_case
from checker.audit.library import vocabulary
from checker.interpret.verdicts import Judgement
from checker.interpret.world import Book
from dsl.check import check
from dsl.contract import Contract
from dsl.diagnostics import CODES, ContractError, Diagnostic
from dsl.lint import lint
from dsl.source import Source

HEADER = """servanda 1
contract example "An example"
  provider "the provider"
  customer "the customer"
"""
FACTS = {"contract": "example", "time_zone": "Europe/Warsaw", "country": "PL"}
BY_LINTER = {"E411", *(code for code in CODES if code.startswith("W"))}
"""What `servanda lint` finds in a contract that the checker takes."""
PIECE = re.compile(
    r"^<!-- preamble *\n?(?P<preamble>.*?)-->|^```(?P<kind>contract|yaml case)(?P<rest>[^\n]*)\n(?P<body>.*?)^```\s*$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """One example: its line in the document, the whole text, and the code it must give (empty: none)."""

    line: int
    text: str
    code: str = ""

    @property
    def sources(self) -> list[Source]:
        """The example as the one file of a contract."""
        return [Source(f"line {self.line}", self.text)]


@dataclass(frozen=True, slots=True)
class Example:
    """A case below a contract: its line in the document, the contract, and the case as a mapping."""

    line: int
    contract: Block
    case: dict[str, Any]


def pieces(document: str) -> Iterator[Block | Example]:
    """Every example of a document, in order."""
    preamble = ""
    last: Block | None = None
    for found in PIECE.finditer(document):
        line = document.count("\n", 0, found.start()) + 1
        if found["kind"] is None:
            preamble = found["preamble"]
        elif found["kind"] == "contract":
            code = found["rest"].removeprefix(" bad").strip()
            block = Block(line, completed(preamble, found["body"]), code)
            last = last if code else block
            yield block
        else:
            assert last is not None, f"line {line}: a case with no contract above it"
            yield Example(line, last, yaml.safe_load(found["body"]))


def completed(preamble: str, body: str) -> str:
    """The whole text of an example."""
    if body.lstrip().startswith("servanda"):
        return body
    whole = f"{preamble}\n{body}"
    return whole if preamble.lstrip().startswith("servanda") else HEADER + whole


def faults(block: Block) -> list[Diagnostic]:
    """What is found in an example: its errors, or the warnings of the linter where a warning is what it shows."""
    try:
        if block.code in BY_LINTER:
            return [d for d in lint(block.sources, vocabulary()) if d.code != "W506" or block.code == "W506"]
        check(block.sources, vocabulary())
    except ContractError as error:
        return list(error.diagnostics)
    return []


def contract_of(block: Block) -> Contract:
    """The checked contract of an example."""
    return check(block.sources, vocabulary())


def judged(example: Example) -> Judgement:
    """The judgement of a case below a contract."""
    contract = contract_of(example.contract)
    case = example.case
    raw = {
        "clause": case.get("clause") or contract.clauses[-1].id,
        "agreement": {**FACTS, "contract": contract.name, **case.get("agreement", {})},
        "events": case["events"],
        "as_of": case["as_of"],
        "readings": case.get("readings", {}),
    }
    return judge_case(raw, Book(contract), vocabulary(), {})
