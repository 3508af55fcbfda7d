"""The rows of a report: findings, explanations and the testing grid. As many as there are, so they lie in files and are gone through
one after the other, in the order of the record; nothing here grows with them.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from checker.report.model import Figures


class Finding(NamedTuple):
    """A verdict that is breached, undetermined or contested.

    `number`: from 1, in the order of the record. `late_s`: by how much a limit was missed, in seconds on the clause's clock (None: not
    known, or not missed). `opened`: the first event on the ticket's record, in the agreement's zone; `month`: that of it. `ranked`: the
    values of the contract's ranked attributes at the limit, or at the audit without one. `turns`: each reading that would turn a
    contested verdict and to what, `ambiguity.reading=verdict`. `because` and `turns` are None where no reason was made (the figures say
    of how many); `missing`: the evidence that an undetermined verdict lacks. `place`: where the record of the ticket begins.
    """

    number: int
    agreement: str
    ticket: str
    clause: str
    verdict: str
    strength: str
    party: str
    opened: str | None
    month: str | None
    due: str | None
    done: str | None
    zone: str | None
    margin_s: int | None
    late_s: int | None
    contested: bool
    turns: tuple[str, ...] | None
    because: str | None
    missing: tuple[str, ...]
    ranked: Mapping[str, str]
    place: str
    explained: bool


class Explained(NamedTuple):
    """A finding with its explanation, as `checker.interpret.explain` makes it, and its time line (`checker.report.timeline`)."""

    number: int
    explanation: Mapping[str, Any]
    timeline: Mapping[str, Any]


class GridRow(NamedTuple):
    """A record and its verdicts, a letter for each clause of `Report.grid_clauses` (see LETTERS)."""

    agreement: str
    ticket: str
    verdicts: str


LETTERS: Mapping[str, str] = {
    "met": "M",
    "breached": "B",
    "undetermined": "U",
    "pending": "P",
    "not_entitled": "N",
    "excluded": "X",
    "not_applicable": "-",
}
"""The letters of the testing grid; a space where the clause does not judge such a record."""
CONTESTED_LETTERS: Mapping[str, str] = {v: x.lower() for v, x in LETTERS.items()} | {"not_applicable": "~"}
"""The same for contested verdicts."""


class Spool:
    """A folder of rows that goes away with the report."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="servanda-report-"))

    def path(self, kind: str, number: int) -> Path:
        """The file of the rows of a kind from one partition."""
        return self.folder / f"{number:08}.{kind}"

    def parts(self, kind: str) -> list[int]:
        """The partitions that have rows of a kind, in their order."""
        return sorted(int(path.name.partition(".")[0]) for path in self.folder.glob(f"*.{kind}"))

    def rows(self, kind: str, number: int) -> Iterator[Any]:
        """The rows of a kind from one partition, one JSON value a line."""
        path = self.path(kind, number)
        if not path.exists():
            return
        with path.open(encoding="utf-8", newline="\n") as stream:
            for line in stream:
                yield json.loads(line)

    def lines(self, kind: str) -> Iterator[Any]:
        """The rows of a kind from all partitions, in the order of the record."""
        for number in self.parts(kind):
            yield from self.rows(kind, number)

    def drop(self, kind: str, number: int) -> None:
        """The rows of a kind from one partition are not needed any more."""
        self.path(kind, number).unlink(missing_ok=True)

    def clear(self) -> None:
        """Take it away."""
        shutil.rmtree(self.folder, ignore_errors=True)


@dataclass(frozen=True)
class Report:
    """A report: its figures, and its rows, which can be gone through as often as needed. Used in a `with`, at whose end the rows go.

    `judged_by`: the engine and the clauses that it left to the interpreter. `explanations` come in the order of their findings' numbers.
    """

    figures: Figures
    grid_clauses: tuple[str, ...]
    findings: Callable[[], Iterator[Finding]]
    explanations: Callable[[], Iterator[Explained]]
    grid: Callable[[], Iterator[GridRow]]
    set_aside: Callable[[], Iterator[Mapping[str, Any]]]
    clear: Callable[[], None]
    judged_by: Mapping[str, Any] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        """Where the report comes from, whole: also what was set aside, and which engine judged."""
        return {
            **self.figures.provenance,
            "judged_by": dict(self.judged_by),
            "set_aside": list(self.set_aside()),
        }

    def exceptions(self) -> Iterator[Finding]:
        """The breaches."""
        return (f for f in self.findings() if f.verdict == "breached")

    def contested(self) -> Iterator[Finding]:
        """The verdicts that another reading would turn."""
        return (f for f in self.findings() if f.contested)

    def undetermined(self) -> Iterator[Finding]:
        """The verdicts that the record does not decide."""
        return (f for f in self.findings() if f.verdict == "undetermined")

    def verdicts_digest(self) -> str:
        """SHA-256 of the verdicts alone: the counts of each clause, and each finding with its instants and margin."""
        digest = hashlib.sha256()
        for c in self.figures.conclusions:
            counts = sorted(c.counts.items())
            digest.update(_line([c.clause, c.strength, c.party, counts, c.contested]))
        for f in self.findings():
            digest.update(
                _line(
                    [
                        f.agreement,
                        f.ticket,
                        f.clause,
                        f.verdict,
                        f.due,
                        f.done,
                        f.margin_s,
                        f.contested,
                        f.turns,
                    ]
                )
            )
        return digest.hexdigest()

    def __enter__(self) -> Report:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()


def _line(value: Any) -> bytes:
    return (json.dumps(value, separators=(",", ":")) + "\n").encode()
