"""Logs of event rows as Parquet: of histories, with whatever a reader may set aside or remark on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet

from checker.record.csv_rows import COLUMNS, OF_EVENT
from checker.record.histories import EVENT_KEYS

Row = Mapping[str, Any]


def row(ticket: str | None, at: str | None, event: str, agreement: str | None = "acme", **said: Any) -> Row:
    """A row; `at` as `10T09:00` of March 2025."""
    stamp = f"2025-03-{at}:00+01:00" if at is not None and "T" in at else at
    return {"ticket": ticket, "agreement": agreement, "at": stamp, "event": event, **said}


def of_history(lines: Iterable[str]) -> list[Row]:
    """The rows of histories as JSON Lines; what a column cannot say of a whole ticket is left out."""
    out: list[Row] = []
    for line in map(json.loads, lines):
        if "events" not in line:
            continue
        for event in line["events"]:
            said = {k: v for k, v in event.items() if k not in EVENT_KEYS and v is not None}
            given = {k: event[k] for k in COLUMNS if k in event and k in EVENT_KEYS}
            texts = {
                OF_EVENT + k if k in COLUMNS else k: v if isinstance(v, str) else json.dumps(v)
                for k, v in said.items()
            }
            whose = {k: line[k] for k in ("ticket", "agreement", "kind") if k in line}
            out.append({**whose, **given, **texts})
    return out


def write(path: Path, rows: Iterable[Row], *more: str) -> Path:
    """A file of these rows, with all their columns as texts and those named as well."""
    found = list(rows)
    names = dict.fromkeys([*COLUMNS[:4], *more, *(name for each in found for name in each)])
    columns = {
        name: pa.array([None if each.get(name) is None else str(each[name]) for each in found], pa.string())
        for name in names
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pa.table(columns), path, row_group_size=64)
    return path


def faulty() -> list[Row]:
    """Rows of the desk of `tests.checker.cli.desk`: sound tickets and everything that is set aside or remarked on."""
    opened, answered = "ticket_opened", "response_sent"
    out = [
        row("T-met", "10T09:00", opened),
        row("T-met", "10T10:00", answered),
        row("T-late", "10T12:00", answered),
        row("T-late", "10T09:00", opened),
        row("T-friday", "14T16:00", opened),
        row("T-friday", "15T12:00", answered),
        row("T-minute", "10T09:00", opened),
        row("T-minute", "10T11:00", answered, precision="minute"),
        row("T-gold", "10T09:00", opened, subscription="gold"),
        row("T-gold", "10T09:30", answered),
        row(None, "10T09:00", "payment_received", amount="5"),
        row("", "11T09:00", "payment_received", amount="7"),
        row(None, "never", "payment_received", amount="7", agreement="zeta"),
        row(None, "11T09:00", "payment_received", agreement="nobody"),
        row(None, "11T09:00", "payment_received", agreement=None),
        row("T-stamp", "10T09:00", opened),
        row("T-stamp", "yesterday", answered),
        row("T-stampless", None, opened),
        row("T-two", "10T09:00", opened),
        row("T-two", "10T10:00", answered, agreement="zeta"),
        row("T-half", "10T09:00", opened),
        row("T-half", "10T10:00", answered, agreement=None),
        row("T-none", "10T09:00", opened, agreement=None),
        row("T-other", "10T09:00", opened, agreement="other"),
        row("T-nobody", "10T09:00", opened, agreement="acmee"),
        row("T-\u0007", "10T09:00", opened),
        row("T-name", "10T09:00", opened, agreement="a\u0007"),
        row("T-name", "10T10:00", answered),
        row("T-kind", "10T09:00", opened, kind="incident"),
        row("T-kind", "10T10:00", answered, kind="request"),
        row("T-word", "10T09:00", opened),
        row("T-word", "10T10:00", "respnse_sent"),
        row("T-odd", "10T09:00", opened, severty="A"),
        row("T-odd-2", "10T09:00", opened, severty="B", subscription="gold"),
        row("T-revised", "10T09:00", answered, revision="2"),
        row("T-revised", "10T09:00", opened, revision="1"),
        row("T-revision", "10T09:00", opened, revision="one"),
        row("T-window", "10T12:00", opened, not_before="2025-03-10T09:00:00+01:00"),
        row("Ż", "10T09:00", opened),
    ]
    # As many sound ones as make several row groups, whose rows lie apart.
    many = range(150)
    out += [row(f"M-{n:03d}", f"{10 + n % 5}T09:{n % 60:02d}", opened) for n in many]
    out += [row(f"M-{n:03d}", f"{10 + n % 5}T{10 + n % 4}:00", answered) for n in reversed(many)]
    return out
