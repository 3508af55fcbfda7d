"""The README's table of contracts, made from the contracts themselves: `make readme` writes it, a test holds it."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from checker.audit.library import case_files, contract_names, load_contract
from dsl import contract as ir
from tests.house.tree import ROOT
from tests.policies.figures import catalogue

README = ROOT / "README.md"
BEGIN, END = "<!-- contracts: made by `make readme` -->", "<!-- end of contracts -->"


def table() -> str:
    """The table, as Markdown."""
    rows = [
        "| contract | clauses in the text | a record can decide | expressed | stated only | ambiguities | cases |",
        "|---|---|---|---|---|---|---|",
    ]
    for name in contract_names():
        contract = load_contract(name)
        listed = catalogue(name).values()
        stated = sum(
            all(isinstance(x, ir.Stated) for line in c.sentences for x in line.all())
            for c in contract.clauses
        )
        cases = sum(len(yaml.safe_load(Path(f).read_text(encoding="utf-8"))) for f in case_files(name))
        decidable = sum(c["checkable"] != "no" for c in listed)
        figures = (
            len(listed),
            decidable,
            len(contract.clauses) - stated,
            stated,
            len(contract.ambiguities),
            cases,
        )
        rows.append(f"| {contract.title} (`{name}`) | " + " | ".join(str(n) for n in figures) + " |")
    return "\n".join(rows)


def in_readme() -> str:
    """The table as the README has it."""
    return README.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()


def write() -> None:
    """Put the table as it is now into the README."""
    before, _, rest = README.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    README.write_text(f"{before}{BEGIN}\n\n{table()}\n\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    write()
    sys.exit(0)
