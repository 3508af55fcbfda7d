"""What an executor does with its rows, without Spark: the same however the rows are divided among tasks and batches."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as compute
import pyarrow.parquet as parquet
import pytest

from checker.audit.library import load_contract, vocabulary
from checker.audit.run import assemble
from checker.audit.words import words_of
from checker.cli.inputs import as_of, attribute_types
from checker.record.agreements import read_agreements
from checker.record.collect import Collector
from checker.record.model import Fault
from checker.spark import account as accounts
from checker.spark import work
from checker.spark.account import Account
from checker.spark.session import fault_of
from checker.spark.tickets import FILE, PLACE, Reader, whole_tickets
from checker.spark.told import Ready, Told, versions
from dsl import codec
from tests.checker.cli.desk import AGREEMENTS, AS_OF, OTHERS, servanda, setup
from tests.checker.spark.logs import faulty, write

DIVIDED = [(1, 1, 10_000), (3, 7, 10_000), (2, 1000, 1), (5, 3, 4)]
"""Tasks, rows of a batch, and tickets that are judged at once."""
GLOBS = {"tickets": "desk.[!p]*", "agreements": "desk.*"}


@dataclass
class Sent:
    """Stands for what Spark sends to an executor, and for what it adds up of it."""

    value: Any

    def add(self, account: Account) -> None:
        self.value.merge(pickle.loads(pickle.dumps(account)))


@dataclass
class Desk:
    """A log and what the executors are told of it, and what one machine makes of it: its rows and its provenance."""

    told: Told
    rows: Any
    own: Any
    local: list[dict[str, Any]]
    proof: dict[str, Any]


@pytest.fixture(scope="module", params=[(kind, layout) for kind in GLOBS for layout in ("wide", "long")])
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    kind, layout = request.param
    folder = tmp_path_factory.mktemp("work")
    files = [write(folder / f"{i}.parquet", faulty()[i::2], "amount") for i in range(2)]
    where = setup(folder)
    contract = load_contract(str(where.contract))
    agreements, words = where.write("agreements.yaml", AGREEMENTS + OTHERS), words_of(vocabulary(), contract)
    tables = []
    for number, file in enumerate(files):
        table = parquet.read_table(file)
        places = pa.array([number * FILE + i + 1 for i in range(table.num_rows)], pa.int64())
        tables.append(table.append_column(PLACE, places))
    rows = pa.concat_tables(tables, promote_options="default")
    nobody = compute.equal(compute.fill_null(rows.column("ticket"), ""), "")
    into = Collector()
    names = tuple(map(str, files))
    Reader(names, attribute_types(), words).own_rows(rows.filter(nobody), into, Account())
    own = into.finish()
    given = read_agreements([agreements], words=words)
    found = assemble(contract, given, own, now=as_of(AS_OF), clauses=[GLOBS[kind]])
    told = Told(
        contract=codec.dumps(contract),
        agreements=tuple(found.agreements),
        others=frozenset({"other"}),
        now=found.now,
        readings={},
        clauses=tuple(c.id for c in found.clauses),
        layout=layout,
        words=words,
        types=attribute_types(),
        files=names,
        versions=versions(),
    )
    out = folder / "local.parquet"
    tickets = [part for name in names for part in ("--tickets", name)]
    done = servanda(
        *("check", "--contract", where.contract, "--agreements", agreements, *tickets, "--as-of", AS_OF),
        *("--clause", GLOBS[kind], "--format", "parquet", "--layout", layout, "-o", out),
    )
    assert done.code == 1, done.err
    proof = json.loads(Path(f"{out}.provenance.json").read_text(encoding="utf-8"))
    return Desk(told, rows.filter(compute.invert(nobody)), own, in_order(parquet.read_table(out)), proof)


def in_order(table: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = table.to_pylist()
    return sorted(rows, key=lambda r: (r["agreement"], r["ticket"], r.get("clause", "")))


def batches(table: Any, size: int) -> Iterator[Any]:
    yield from table.combine_chunks().to_batches(max_chunksize=size)


def tasks(table: Any, key: str, order: str, number: int) -> list[Any]:
    """The rows of a table divided by a column, and sorted in each part, as Spark does."""
    of = [hash(v) % number for v in table.column(key).to_pylist()]
    parts = [table.filter(pa.array([i == part for i in of])) for part in range(number)]
    return [part.sort_by([(key, "ascending"), (order, "ascending")]) for part in parts]


def judged(desk: Desk, number: int, size: int, most: int) -> tuple[list[dict[str, Any]], Account]:
    """The rows of all tasks, and the account of all."""
    told, counted = Sent(replace(desk.told)), Sent(Account())
    ready = Ready(told.value)
    ready.size = most
    told.value.__dict__["ready"] = ready
    spread = tasks(desk.rows, "ticket", PLACE, number)
    if ready.by_ticket:
        do = work.ticket_rows(told, counted)
    else:
        pack = work.tickets_packed(told)
        packed = [b for part in spread for b in pack(batches(part, size))]
        anchors = {
            work.AGREEMENT: pa.array([a.id for a in told.value.agreements], pa.string()),
            work.ORDER: pa.array([-1] * len(told.value.agreements), pa.int64()),
            work.CONTENT: pa.nulls(len(told.value.agreements), pa.binary()),
        }
        spread = tasks(
            pa.Table.from_batches([*packed, pa.record_batch(anchors)]), work.AGREEMENT, work.ORDER, number
        )
        do = work.agreement_rows(told, counted)
    rows = [b for part in reversed(spread) for b in do(batches(part, size))]
    return in_order(pa.Table.from_batches(rows)), counted.value


@pytest.mark.parametrize(("number", "size", "most"), DIVIDED)
def test_rows_and_account_do_not_depend_on_the_division(
    desk: Desk, number: int, size: int, most: int
) -> None:
    rows, account = judged(desk, number, size, most)
    assert rows == desk.local
    log = account.log(desk.own, desk.told.words, [], desk.told.ready.reader.number)
    told = desk.proof["account"]
    assert log.read.rows == told["rows_read"]
    # One row is of an agreement that nobody gave; that is found where agreements and histories are put together.
    assert log.read.rows_set_aside + account.unplaced.rows + 1 == told["rows_set_aside"]
    assert account.judged == told["tickets_judged"]
    reasons = [s.why(lambda p: p.called({})) for s in (*log.set_aside, *account.unplaced.listed())]
    assert sorted(reasons) == sorted(s["reason"] for s in desk.proof["set_aside"][:-1])
    tally = account.summary.tally
    assert sum(sum(counts.values()) for counts in tally.by_clause.values()) == sum(
        1 for row in rows for name in desk.told.clauses if row.get(name) or row.get("clause") == name
    )


def test_tables_end_where_a_ticket_ends(desk: Desk) -> None:
    part = desk.rows.sort_by([("ticket", "ascending"), (PLACE, "ascending")])
    for size, most in ((1, 1), (4, 3), (1000, 7)):
        found = list(whole_tickets(batches(part, size), most))
        assert pa.concat_tables(found).equals(part.combine_chunks())
        ids = [set(table.column("ticket").to_pylist()) for table in found]
        assert sum(map(len, ids)) == len(set().union(*ids))
        assert max(map(len, ids)) <= most + size


def test_an_executor_with_other_versions_refuses(desk: Desk) -> None:
    other = replace(desk.told, versions={**versions(), "numpy": "1.0"})
    with pytest.raises(Fault, match=r"another version of numpy .* instead of 1\.0"):
        _ = pickle.loads(pickle.dumps(other)).ready


def test_what_is_not_kept_is_counted(monkeypatch: pytest.MonkeyPatch, desk: Desk) -> None:
    whole = judged(desk, 1, 100, 10_000)[1]
    monkeypatch.setattr(accounts, "MOST", 2)
    few = judged(desk, 4, 3, 2)[1]
    assert few.aside.listed() == whole.aside.listed()[:2]
    assert (few.aside.rows, few.aside.tickets) == (whole.aside.rows, whole.aside.tickets)
    assert few.aside.beyond == len(whole.aside.first) - 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Job aborted\n  File x\nchecker.record.model.Fault: executor: other; found 1\n",
            "executor: other; found 1",
        ),
        (
            "Caused by:\nModuleNotFoundError: No module named 'checker.spark'",
            "cannot import checker; give them",
        ),
        ("\n[PATH_NOT_FOUND] no path\nat x", r"found \[PATH_NOT_FOUND\] no path"),
    ],
)
def test_errors_of_spark_are_put_into_words(text: str, said: str) -> None:
    with pytest.raises(Fault, match=said):
        raise fault_of(text, "out")
