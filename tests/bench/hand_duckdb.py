"""Hand-written DuckDB: one grouped fold, calendar as a joined slot table, agreements as a bit string of days.

Whole program: python -m tests.bench.hand_duckdb EVENTS AGREEMENTS OUT
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

import duckdb
import numpy as np

from tests.bench.common import (
    AS_OF,
    AZURE,
    AZURE_EXCL,
    AZURE_FAST,
    CH_OK,
    CLAUSES,
    DOMAINS,
    EXCLUDED,
    L15,
    L60,
    LANG_OK,
    LB,
    LC,
    LRES,
    NA,
    REGION_OK,
    SLOT,
    T0,
    VERDICTS,
    slot_tables,
)

if __name__ != "__main__":
    # run() needs it; imported here so that no timing contains the import.
    importlib.import_module("pyarrow")

CUM, OPN, DAY, COV = slot_tables()
D0, D1 = int(DAY.min()), int(DAY.max())
AT_AS_OF = AS_OF - T0


def listed(names: list[str]) -> str:
    """Words as SQL."""
    return "(" + ",".join(f"'{x}'" for x in names) + ")"


def load(events: Any, agreements: Any) -> duckdb.DuckDBPyConnection:
    """Tables of the events and agreements, texts as enums."""
    con = duckdb.connect()
    con.execute("SET preserve_insertion_order=false; SET TimeZone='UTC'")
    for k, v in {**DOMAINS, "verdict": VERDICTS}.items():
        con.execute(f"CREATE TYPE e_{k} AS ENUM {listed(v)}")
    con.register(
        "slots", {"slot": np.arange(len(CUM), dtype=np.int32), "cum": CUM, "opn": OPN, "day": DAY, "cov": COV}
    )
    con.execute("CREATE TABLE slot AS FROM slots")
    con.execute(f"""CREATE TABLE ev AS SELECT ticket, (epoch_us("at") // 1000000 - {T0})::INT ts, agreement, automated,
        {", ".join(f"{k}::e_{k} AS {k}" for k in DOMAINS)} FROM read_parquet('{events}')""")
    con.execute(f"""CREATE TABLE agr AS SELECT agreement, datediff('day', DATE '1970-01-01', valid_from)::INT f,
        datediff('day', DATE '1970-01-01', valid_to)::INT t FROM read_parquet('{agreements}')""")
    return con


def query(text: bool = False) -> str:
    """The statement that gives every verdict, as a code or as text."""

    def kept(ok: str, done: str | None = None) -> str:
        good = f"CASE WHEN {done} IS NULL THEN 5 ELSE 0 END" if done else "0"
        return f"CASE WHEN NOT entitled THEN 4 WHEN {ok} THEN {good} ELSE 1 END"

    def iff(applies: str, v: str, other: int = NA) -> str:
        return f"CASE WHEN {applies} THEN {v} ELSE {other} END"

    def b(slot: str, t: str) -> str:
        return f"({slot}.cum + {slot}.opn * (({t}) % {SLOT}))"

    answer, end = f"coalesce(human, {AT_AS_OF}) - 1", f"coalesce(done, {AT_AS_OF}) - 1"
    azure, carved, fast = (f"product IN {listed(x)}" for x in (AZURE, AZURE_EXCL, AZURE_FAST))
    found = (
        iff(
            f"sev = '1' AND {azure}",
            f"CASE WHEN {carved} THEN 3 ELSE {kept(f'wall < {L15}', 'human')} END",
        ),
        iff(f"sev = 'A' OR (sev = '1' AND NOT {fast})", kept(f"wall < {L60}", "human")),
        iff("sev = 'B'", kept(f"biz < {LB}", "human")),
        iff("sev = 'C'", kept(f"biz < {LC}", "human")),
        kept("coalesce(NOT first_auto, true)", "first_auto"),
        iff("sev0 IN ('1', 'A')", kept(f"channel IN {listed(CH_OK)}")),
        kept(f"language IN {listed(LANG_OK)}"),
        kept(f"region IN {listed(REGION_OK)}"),
        kept("true"),
        kept(f"work < {LRES}", "done"),
        iff("sev0 <> '1'", kept("cov"), EXCLUDED),
    )
    clauses = dict(zip(CLAUSES, found, strict=True))
    name = "enum_range(NULL::e_verdict)[({}) + 1]" if text else "({})::UTINYINT"
    return f"""
WITH g AS MATERIALIZED (SELECT ticket, min(ts) t0, any_value(agreement) agreement, any_value(product) product,
    any_value(channel) channel, any_value("language") "language", any_value(region) region,
    any_value(severity) FILTER (event = 'ticket_opened') sev0, min(ts) FILTER (event = 'response_sent' AND NOT automated) human,
    arg_min(automated, ts) FILTER (event = 'response_sent') first_auto, min(ts) FILTER (event = 'ticket_resolved') done
  FROM ev GROUP BY 1),
p AS (SELECT e.ticket, sum(sign * {b("s", "e.ts")})::INT work0, sum(sign) paused
  FROM (SELECT ticket, ts, CASE WHEN event = 'work_paused' THEN 1 ELSE -1 END::INT sign FROM ev
    WHERE event IN ('work_paused', 'work_resumed')) e
  JOIN slot s ON s.slot = e.ts // {SLOT} JOIN g ON g.ticket = e.ticket WHERE e.ts <= {end} GROUP BY 1),
sc AS (SELECT e.ticket, arg_max(severity, e.ts) sev FROM (SELECT ticket, ts, severity FROM ev WHERE event = 'severity_changed') e
  JOIN g ON g.ticket = e.ticket WHERE e.ts <= coalesce(human, {AT_AS_OF}) GROUP BY 1),
bits AS MATERIALIZED (SELECT agreement, bitstring_agg(u, {D0}, {D1}) bits
  FROM (SELECT agreement, unnest(range(greatest(f, {D0}), least(t, {D1}) + 1))::INT u FROM agr) GROUP BY 1),
w AS (SELECT g.*, coalesce(sc.sev, sev0) sev, {answer} - t0 wall, {b("s2", answer)} - {b("s1", "t0")} biz,
    coalesce(work0, 0) - {b("s1", "t0")} + CASE WHEN paused > 0 THEN 0 ELSE {b("s3", end)} END work,
    s1.cov cov, coalesce(get_bit(bits, s1.day - {D0}) = 1, false) entitled
  FROM g JOIN slot s1 ON s1.slot = t0 // {SLOT} JOIN slot s2 ON s2.slot = ({answer}) // {SLOT} JOIN slot s3 ON s3.slot = ({end}) // {SLOT}
  LEFT JOIN p ON p.ticket = g.ticket LEFT JOIN sc ON sc.ticket = g.ticket LEFT JOIN bits ON bits.agreement = g.agreement)
SELECT ticket, {", ".join(f"{name.format(v)} AS {k}" for k, v in clauses.items())} FROM w"""


def run(con: duckdb.DuckDBPyConnection) -> Any:
    """Every verdict."""
    return con.sql(query()).to_arrow_table()


def codes(result: Any) -> dict[str, np.ndarray]:
    """The verdicts of each clause in the order of the tickets."""
    result = result.sort_by("ticket")
    return {k: result[k].to_numpy() for k in CLAUSES}


if __name__ == "__main__":
    load(*sys.argv[1:3]).execute(
        f"COPY ({query(text=True)}) TO '{sys.argv[3]}' (FORMAT parquet, COMPRESSION zstd)"
    )
