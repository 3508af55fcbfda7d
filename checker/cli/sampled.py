"""An audit sample drawn and written, and drawn again: whether it still holds."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from checker.audit.provenance import as_text, file_digest, sealed
from checker.batch.output import Pending, held_back, settle
from checker.cli.again import asked_again
from checker.cli.audited import Read
from checker.cli.exits import say
from checker.cli.reported import BESIDE, Asked, audited
from checker.record.model import Fault, Place
from checker.render.rows import csv_rows, unquoted
from checker.report.fresh import Wanted
from checker.report.gathered import Limits
from checker.report.sample import Drawn, Sample
from checker.report.verify import inputs_differ

TO_FILL: Final = ("found", "by", "remark")
"""Columns for whoever tests the sample."""
WANTED: Final = Wanted(Limits(0, 0, 0, 0), False, True)
"""What a sample needs of a report: its grid alone."""


def drawn(
    asked: Asked, seed: int, size: int, verdicts: tuple[str, ...]
) -> tuple[Read, dict[str, Any], list[Drawn]]:
    """The sample, and the record of how it was drawn."""
    with audited(asked) as (read, made):
        drawing = Sample(seed, size, made.grid_clauses, verdicts)
        drawing.add(made.grid())
        record = made.record()
        record["sample"] = drawing.protocol()
        return read, record, list(drawing.drawn())


def write(target: Path, end: str, sample: list[Drawn], record: dict[str, Any]) -> None:
    """Write the sample and, beside it, how it was drawn."""
    pending, beside = Pending(target), Pending(target.with_name(target.name + BESIDE))
    try:
        if end == ".json":
            text = json.dumps(
                {"protocol": record["sample"], "drawn": [d._asdict() for d in sample]},
                ensure_ascii=False,
                indent=1,
            )
            pending.stream.write((text + "\n").encode("utf-8", "backslashreplace"))
        else:
            columns = (*Drawn._fields, *TO_FILL)
            head = dict(zip(columns, columns, strict=True))
            rows = [{**_cells(d), **dict.fromkeys(TO_FILL, "")} for d in sample]
            pending.stream.write(csv_rows([head, *rows], columns).encode("utf-8", "backslashreplace"))
        pending.finish()
        record["result"] = {"file": target.name, "format": end, "sha256": file_digest(pending.temporary)}
        record = sealed(record)
        beside.stream.write(as_text(record).encode())
        beside.finish()
        with held_back():
            beside.path.unlink(missing_ok=True)
            pending.take_place()
            beside.take_place()
            settle(target.parent)
    finally:
        pending.discard()
        beside.discard()


def _cells(one: Drawn) -> dict[str, Any]:
    return {**one._asdict(), "contested": "yes" if one.contested else ""}


def holds(
    before: Mapping[str, Any], path: Path, folders: tuple[Path, ...], contract: str | None, jobs: int | None
) -> bool:
    """Whether a sample that is drawn again from its provenance is the one in a file, whatever the auditor filled in, and its provenance
    as it was written; says what differs.

    Raises:
        Fault: an input is not there, or the file is no sample.
    """
    asked = replace(
        asked_again(before, path, folders, contract),
        wanted=WANTED,
        engine=before["judged_by"]["engine"],
        jobs=jobs,
        words=False,
    )
    changed = sealed(before) != before
    if changed:
        say("the provenance is not as it was written: it may ask for another sample than the one beside it")
    protocol = before["sample"]
    _, now, again = drawn(asked, protocol["seed"], protocol["of_each_stratum"], tuple(protocol["verdicts"]))
    found = inputs_differ({**before, "result": {}}, {**now, "result": {}})
    for difference in found:
        say(f"differs: {difference}")
    if now["sample"] != protocol:
        say("the strata differ: other verdicts were given, or others of them were drawn")
    there, told = _there(path, before["result"]["format"])
    if told is not None and told != now["sample"]:
        say("the protocol in the file is not that of its verdicts")
        changed = True
    fresh = [_told(d, before["result"]["format"]) for d in again]
    other = sum(a != b for a, b in zip(there, fresh, strict=False)) + abs(len(there) - len(fresh))
    if other:
        say(f"{other} of {len(fresh)} verdicts drawn are not those of the file")
    elif file_digest(path) != before["result"]["sha256"]:
        say("the file was filled in, or saved anew, since it was drawn: the verdicts drawn are the same")
    return not (found or other or changed) and now["sample"] == protocol


def _told(one: Drawn, end: str) -> dict[str, Any]:
    if end == ".json":
        return one._asdict()
    return {name: "" if value is None else str(value) for name, value in _cells(one).items()}


def _there(path: Path, end: str) -> tuple[list[dict[str, Any]], Any]:
    """The verdicts drawn that a file holds, and the protocol; None for a table, which has none."""
    try:
        if end == ".json":
            found = json.loads(path.read_bytes())
            return [{name: each[name] for name in Drawn._fields} for each in found["drawn"]], found[
                "protocol"
            ]
        # A program for spreadsheets may have put a byte order mark in front.
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = [{name: unquoted(row[name]) for name in Drawn._fields} for row in csv.DictReader(stream)]
        return rows, None
    except (ValueError, KeyError, TypeError, AttributeError):
        columns = ", ".join(Drawn._fields)
        raise Fault(
            Place(str(path)), "this is no sample", "", f"keep its columns as they were: {columns}"
        ) from None
