"""Verdicts that `servanda check` has written, row by row: JSON Lines, CSV or Parquet, in the long layout."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from checker.interpret.case import Case
from checker.interpret.verdicts import Flip, Judgement, Outcome, Owed, Verdict
from checker.record.model import Fault, Place
from checker.render.rows import Term, unquoted


class SavedVerdicts:
    """The judgements of a file of verdicts, to be taken once, in the order of the record.

    `terms`: how the clauses bind whom. What a row does not say (which evidence is missing) is not in its judgement.
    """

    def __init__(self, path: Path, format_: str, layout: str, terms: Mapping[str, Term]) -> None:
        if layout != "long":
            raise Fault(
                Place(str(path)),
                "a report needs instants and margins, which the wide layout does not have",
                layout,
                "give what `check --layout long` wrote",
            )
        readers = {"jsonl": _json_lines, "csv": _csv, "parquet": _parquet}
        if format_ not in readers:
            raise Fault(
                Place(str(path)),
                "these are no rows of verdicts",
                format_,
                "give what `check` wrote as jsonl, csv or parquet",
            )
        self._path = path
        self._terms = terms
        self._rows = readers[format_](path)

    def judgement(self, case: Case, clause: str) -> Judgement:
        """The next verdict, which must be that of this record and clause.

        Raises:
            Fault: it is another one, or there is none.
        """
        row = next(self._rows, None)
        key = (case.agreement, case.ticket, clause)
        if row is None or (row["agreement"], row["ticket"], row["clause"]) != key:
            said = "no more rows" if row is None else f"{row['ticket'] or row['agreement']}, {row['clause']}"
            raise Fault(
                Place(str(self._path)),
                f"the row of {case.ticket or case.agreement}, {clause} does not follow",
                said,
                "give the verdicts of this log, as `check` wrote them",
            )
        term = Term(row["strength"], row["party"])
        outcome = Outcome(
            Verdict(row["verdict"]),
            row["because"],
            row["due"],
            row["done"],
            row["margin_s"],
            # The party is in words already, and stays so.
            sentence=Owed(*term) if term != self._terms[clause] else None,
        )
        return Judgement(*key, outcome, (outcome,), tuple(map(_flip, row["contested"])))

    def ended(self) -> None:
        """There must be no row left.

        Raises:
            Fault: there is one.
        """
        row = next(self._rows, None)
        if row is not None:
            raise Fault(
                Place(str(self._path)),
                "there are verdicts that are not of this log",
                f"{row['ticket'] or row['agreement']}, {row['clause']}",
                "give the verdicts of this log, as `check` wrote them",
            )


def _flip(text: str) -> Flip:
    reading, _, verdict = text.partition("=")
    ambiguity, _, name = reading.partition(".")
    return Flip(ambiguity, name, Verdict(verdict))


def _second(text: str | None) -> int | None:
    return int(datetime.fromisoformat(text).timestamp()) if text else None


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="\n") as stream:
        for line in stream:
            row = json.loads(line)
            yield {**row, "due": _second(row["due"]), "done": _second(row["done"])}


def _csv(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8", newline="") as stream:
        for cells in csv.DictReader(stream):
            row: dict[str, Any] = {k: unquoted(v) for k, v in cells.items()}
            margin = row["margin_s"]
            yield {
                **row,
                "due": _second(row["due"]),
                "done": _second(row["done"]),
                "margin_s": int(margin) if margin else None,
                "contested": row["contested"].split("; ") if row["contested"] else [],
            }


def _parquet(path: Path) -> Iterator[dict[str, Any]]:
    from checker.batch.arrow import read_rows

    for row in read_rows(path):
        due, done = row["due"], row["done"]
        yield {
            **row,
            "due": int(due.timestamp()) if due is not None else None,
            "done": int(done.timestamp()) if done is not None else None,
        }
