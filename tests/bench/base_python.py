"""Plain Python: fold each ticket's events into facts, then walk the clauses, which are data (a tree), literally.

A deadline is kept when the event is at or before its due instant. `run_closures` compiles the same tree to closures.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.common import (
    AS_OF,
    AZURE,
    AZURE_EXCL,
    AZURE_FAST,
    BREACHED,
    CH_OK,
    CLAUSES,
    EXCLUDED,
    L15,
    L60,
    LANG_OK,
    LB,
    LC,
    LRES,
    MET,
    NA,
    NOT_ENTITLED,
    PENDING,
    REGION_OK,
    TZ,
    business_intervals,
)

IV = business_intervals()
BS, BE, BC = [s for s, _ in IV], [e for _, e in IV], [0]
for _s, _e in IV:
    BC.append(BC[-1] + _e - _s)
NEVER = 1 << 60
Facts = dict[str, Any]
Periods = dict[str, list[tuple[dt.date, dt.date]]]


def biz(t: int) -> int:
    """Business seconds from the start of the calendar to t."""
    i = bisect_right(BS, t) - 1
    return 0 if i < 0 else BC[i] + min(t, BE[i]) - BS[i]


def add_biz(t: int, seconds: int) -> int:
    """The first instant at which that many business seconds have run since t."""
    target = biz(t) + seconds
    i = bisect_left(BC, target) - 1
    return NEVER if i == len(BS) else BS[i] + target - BC[i]


def wall(f: Facts, limit: int) -> int:
    """Due on the wall clock."""
    return f["opened"] + limit


def business(f: Facts, limit: int) -> int:
    """Due on the business clock."""
    return add_biz(f["opened"], limit)


def stopped(f: Facts, limit: int) -> int:
    """Due on the business clock that stands still while work is paused."""
    start = f["opened"]
    for pause, resume in f["pauses"]:
        used = biz(pause) - biz(start)
        if used >= limit:
            break
        if resume is None:
            return NEVER
        start, limit = resume, limit - used
    return add_biz(start, limit)


def load_agreements(path: Path) -> Periods:
    """The periods of each agreement, from CSV or Parquet."""
    out: Periods = {}
    if Path(path).suffix == ".csv":
        with open(path, encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                days = dt.date.fromisoformat(row["valid_from"]), dt.date.fromisoformat(row["valid_to"])
                out.setdefault(row["agreement"], []).append(days)
        return out
    from pyarrow import parquet

    for row in parquet.read_table(path).to_pylist():
        out.setdefault(row["agreement"], []).append((row["valid_from"], row["valid_to"]))
    return out


def load(events: Path, agreements: Path) -> tuple[list[dict[str, Any]], Periods]:
    """The tickets as in the JSON Lines file, with `at` in epoch seconds, and the periods of each agreement."""
    if Path(events).suffix == ".jsonl":
        return load_lines(events), load_agreements(agreements)
    from pyarrow import parquet

    tickets: list[dict[str, Any]] = []
    names = ("severity", "product", "channel", "language", "region", "automated")
    for batch in parquet.ParquetFile(events).iter_batches(200_000):
        columns = [batch[k].to_pylist() for k in ("ticket", "agreement", "event", *names)]
        for at, ticket, agreement, event, *values in zip(
            batch["at"].cast("int64").to_pylist(), *columns, strict=True
        ):
            if not tickets or tickets[-1]["ticket"] != ticket:
                tickets.append({"ticket": ticket, "agreement": agreement, "events": []})
            said = {k: v for k, v in zip(names, values, strict=True) if v is not None}
            tickets[-1]["events"].append({"at": at // 1_000_000, "event": event, **said})
    return tickets, load_agreements(agreements)


def load_lines(path: Path) -> list[dict[str, Any]]:
    """The tickets of a JSON Lines file, with `at` in epoch seconds."""
    with open(path, "rb") as f:
        tickets = [json.loads(line) for line in f]
    for t in tickets:
        for e in t["events"]:
            e["at"] = int(dt.datetime.fromisoformat(e["at"]).timestamp())
    return tickets


def facts(ticket: dict[str, Any], agreements: Periods) -> Facts:
    """What the clauses ask of a ticket, in one pass over its events."""
    first = ticket["events"][0]
    human = automated = resolved = paused = None
    severities, pauses = [], []
    for e in ticket["events"]:
        kind, at = e["event"], e["at"]
        if kind == "response_sent":
            if automated is None:
                automated = e["automated"]
            if human is None and not e["automated"]:
                human = at
        elif kind == "work_paused":
            if paused is None:
                paused = at
        elif kind == "work_resumed":
            if paused is not None:
                pauses.append((paused, at))
                paused = None
        elif kind == "ticket_resolved":
            if resolved is None:
                resolved = at
        elif kind != "ticket_closed":
            severities.append((at, e["severity"]))
    if paused is not None:
        pauses.append((paused, None))
    answer = AS_OF if human is None else human
    local = dt.datetime.fromtimestamp(first["at"], TZ)
    return {
        "opened": first["at"],
        "hour": local.hour,
        "severity_at_opening": first["severity"],
        "severity": [s for at, s in severities if at <= answer][-1],
        "product": first["product"],
        "channel": first["channel"],
        "language": first["language"],
        "region": first["region"],
        "entitled": any(a <= local.date() <= b for a, b in agreements.get(ticket["agreement"], ())),
        "answered": human is not None,
        "answer": answer,
        "responded": automated is not None,
        "automated": automated,
        "resolved": resolved is not None,
        "end": AS_OF if resolved is None else resolved,
        "pauses": pauses,
    }


Node = tuple[Any, ...]


def var(name: str) -> Node:
    """The value of a fact."""
    return "var", name


def eq(name: str, value: object) -> Node:
    """A fact has a value."""
    return "eq", name, value


def within(name: str, values: Any) -> Node:
    """A fact has one of these values."""
    return "in", name, frozenset(values)


def by(event: str, clock: Callable[[Facts, int], int], limit: int) -> Node:
    """An event comes no later than when a clock has run a limit."""
    return "by", event, clock, limit


# Of each clause: applies, excluded, test, done; a clause whose `done` is None is never pending.
CLAUSE_DATA: dict[str, tuple[Node | None, Node | None, Node, Node | None]] = {
    "c1_frt_sev1_azure": (
        ("and", eq("severity", "1"), within("product", AZURE)),
        within("product", AZURE_EXCL),
        by("answer", wall, L15),
        var("answered"),
    ),
    "c2_frt_1h": (
        (
            "or",
            eq("severity", "A"),
            ("and", eq("severity", "1"), ("not", within("product", AZURE_FAST))),
        ),
        None,
        by("answer", wall, L60),
        var("answered"),
    ),
    "c3_frt_b": (eq("severity", "B"), None, by("answer", business, LB), var("answered")),
    "c4_frt_c": (eq("severity", "C"), None, by("answer", business, LC), var("answered")),
    "c5_human_first": (None, None, ("not", var("automated")), var("responded")),
    "c6_channel": (within("severity_at_opening", ["1", "A"]), None, within("channel", CH_OK), None),
    "c7_language": (None, None, within("language", LANG_OK), None),
    "c8_region": (None, None, within("region", REGION_OK), None),
    "c9_agreement": (None, None, var("entitled"), None),
    "c10_resolution": (None, None, by("end", stopped, LRES), var("resolved")),
    "c11_coverage": (None, eq("severity_at_opening", "1"), within("hour", range(8, 20)), None),
}


def value(node: Node, f: Facts) -> Any:
    """What a node comes to."""
    op, *x = node
    if op == "var":
        return f[x[0]]
    if op == "eq":
        return f[x[0]] == x[1]
    if op == "in":
        return f[x[0]] in x[1]
    if op == "by":
        return f[x[0]] <= x[1](f, x[2])
    if op == "and":
        return all(value(y, f) for y in x)
    if op == "or":
        return any(value(y, f) for y in x)
    if op == "not":
        return not value(x[0], f)
    raise ValueError(op)


def closure(node: Node) -> Callable[[Facts], Any]:
    """A node as a function of the facts."""
    op, *x = node
    if op in ("and", "or", "not"):
        parts = [closure(y) for y in x]
        a, b = parts[0], parts[-1]
        return {
            "and": lambda f: a(f) and b(f),
            "or": lambda f: a(f) or b(f),
            "not": lambda f: not a(f),
        }[op]
    k, v, limit = x[0], x[1] if len(x) > 1 else None, x[-1]
    return {
        "var": lambda f: f[k],
        "eq": lambda f: f[k] == v,
        "in": lambda f: f[k] in v,
        "by": lambda f: f[k] <= v(f, limit),
    }[op]


def judge(f: Facts, clauses: Any, value: Callable[[Any, Facts], Any]) -> list[int]:
    """The verdicts on one ticket."""
    out = []
    for applies, excluded, test, done in clauses:
        if applies is not None and not value(applies, f):
            out.append(NA)
        elif excluded is not None and value(excluded, f):
            out.append(EXCLUDED)
        elif not f["entitled"]:
            out.append(NOT_ENTITLED)
        elif not value(test, f):
            out.append(BREACHED)
        else:
            out.append(MET if done is None or value(done, f) else PENDING)
    return out


COMPILED = [[x and closure(x) for x in clause] for clause in CLAUSE_DATA.values()]
Loaded = tuple[list[dict[str, Any]], Periods]


def run(data: Loaded) -> list[list[int]]:
    """Every verdict, by walking the tree."""
    return [judge(facts(t, data[1]), CLAUSE_DATA.values(), value) for t in data[0]]


def run_closures(data: Loaded) -> list[list[int]]:
    """Every verdict, by closures."""
    return [judge(facts(t, data[1]), COMPILED, lambda g, f: g(f)) for t in data[0]]


def codes(result: list[list[int]]) -> dict[str, np.ndarray]:
    """The verdicts of each clause in the order of the tickets."""
    m = np.array(result, np.uint8)
    return {k: m[:, i] for i, k in enumerate(CLAUSES)}
