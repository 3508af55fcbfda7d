"""Hand-written Polars. Data: one row per event, sorted by ticket then time, texts as Enum, tickets as dense integers.

Whole program: python -m tests.bench.hand_polars EVENTS AGREEMENTS OUT (Parquet both, or JSON Lines and CSV)
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import polars as pl

from tests.bench.common import (
    AS_OF,
    AZURE,
    AZURE_EXCL,
    AZURE_FAST,
    BREACHED,
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
    MET,
    NA,
    NOT_ENTITLED,
    PENDING,
    REGION_OK,
    SLOT,
    T0,
    VERDICTS,
    slot_tables,
)

CUM, OPN, DAY, COV = map(pl.Series, slot_tables())
D0, D1 = DAY.min(), DAY.max()
ND = D1 - D0 + 2  # one spare day closes a period that ends on the last
c, AT_AS_OF = pl.col, AS_OF - T0
ENUM = pl.Enum(VERDICTS)
LEFT: dict[str, Any] = {"on": "ix", "how": "left", "maintain_order": "left"}
Loaded = tuple[pl.DataFrame, pl.DataFrame, pl.Series]


def scanned(log: str) -> pl.LazyFrame:
    """The rows of a log of JSON Lines."""
    texts = dict.fromkeys(("at", *DOMAINS), pl.String)
    event = pl.Struct({**texts, "automated": pl.Boolean})
    lines = pl.scan_ndjson(
        log, schema={"ticket": pl.String, "agreement": pl.String, "events": pl.List(event)}
    )
    return (
        lines.explode("events")
        .unnest("events")
        .with_columns(c("at").str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_zone="UTC"))
    )


def load(events: Any, agreements: Any) -> Loaded:
    """Rows with texts as codes, the agreement of each ticket, and a bitmap of agreements by local day."""
    lines = str(events).endswith(".jsonl")
    agr = pl.read_csv(agreements, try_parse_dates=True) if lines else pl.read_parquet(agreements)
    names = pl.Enum(agr["agreement"].unique(maintain_order=True))
    rows = scanned(str(events)) if lines else pl.scan_parquet(events)
    rows, tickets = pl.collect_all(
        [
            rows.select(
                c("ticket").rle_id().alias("ix").set_sorted(),
                (c("at").dt.epoch("s") - T0).cast(pl.Int32),
                *(c(k).cast(pl.Enum(v)) for k, v in DOMAINS.items()),
                "automated",
            ),
            rows.filter(c("event") == "ticket_opened").select(
                "ticket", agreement=c("agreement").cast(names).to_physical().cast(pl.Int32)
            ),
        ]
    )

    def day(k: str) -> pl.Expr:
        return c(k).cast(pl.Int32) - D0

    agr = agr.select(
        c("agreement").cast(names).to_physical(),
        a=day("valid_from").clip(0, ND - 1),
        z=(day("valid_to") + 1).clip(0, ND - 1),
    )
    d = np.zeros((len(names.categories), ND), np.int8)  # bitmap agreement x local day
    np.add.at(d, (agr["agreement"], agr["a"]), 1)
    np.add.at(d, (agr["agreement"], agr["z"]), -1)
    return rows, tickets, pl.Series(np.cumsum(d, axis=1, dtype=np.int8).astype(bool).ravel())


def business(t: pl.Expr) -> pl.Expr:
    """Business seconds up to t: one direct-address look-up; as row columns only, never inside an aggregation."""
    return pl.lit(CUM).gather(t // SLOT) + pl.lit(OPN).gather(t // SLOT) * (t % SLOT)


def code(v: int) -> pl.Expr:
    """A verdict."""
    return pl.lit(v, pl.UInt8)


def kept(ok: pl.Expr, done: str | None = None) -> pl.Expr:
    """The verdict where the clause applies; `done` is null while it is still to come."""
    good = (
        code(MET) if done is None else pl.when(c(done).is_not_null()).then(code(MET)).otherwise(code(PENDING))
    )
    return pl.when(~c("entitled")).then(code(NOT_ENTITLED)).when(ok).then(good).otherwise(code(BREACHED))


def iff(applies: pl.Expr, v: pl.Expr, other: int = NA) -> pl.Expr:
    """A verdict where the clause applies, another where not."""
    return pl.when(applies).then(v).otherwise(code(other))


def verdicts(w: pl.LazyFrame, active: pl.Series) -> pl.LazyFrame:
    """The verdicts. `w` has of each ticket: t0, sev0, sev, product ..., agreement, human, first_auto, done (null if none),
    work0, paused.
    """
    w = w.with_columns(
        slot=c("t0") // SLOT,
        b0=business(c("t0")),
        answer=c("human").fill_null(AT_AS_OF) - 1,
        end=c("done").fill_null(AT_AS_OF) - 1,
    )
    w = w.with_columns(
        wall=c("answer") - c("t0"),
        biz=business(c("answer")) - c("b0"),
        sev=c("sev").fill_null(c("sev0")),
        work=c("work0").fill_null(0)
        - c("b0")
        + pl.when(c("paused") > 0).then(0).otherwise(business(c("end"))),
        entitled=pl.lit(active).gather(c("agreement") * ND + pl.lit(DAY).gather(c("slot")) - D0),
    )
    azure, carved, one = c("product").is_in(AZURE), c("product").is_in(AZURE_EXCL), c("sev") == "1"
    found = (
        iff(
            one & azure,
            pl.when(carved).then(code(EXCLUDED)).otherwise(kept(c("wall") < L15, "human")),
        ),
        iff(
            (c("sev") == "A") | (one & ~c("product").is_in(AZURE_FAST)),
            kept(c("wall") < L60, "human"),
        ),
        iff(c("sev") == "B", kept(c("biz") < LB, "human")),
        iff(c("sev") == "C", kept(c("biz") < LC, "human")),
        kept(~c("first_auto").fill_null(False), "first_auto"),
        iff(c("sev0").is_in(["1", "A"]), kept(c("channel").is_in(CH_OK))),
        kept(c("language").is_in(LANG_OK)),
        kept(c("region").is_in(REGION_OK)),
        kept(pl.lit(True)),
        kept(c("work") < LRES, "done"),
        iff(c("sev0") != "1", kept(pl.lit(COV).gather(c("slot"))), EXCLUDED),
    )
    return w.select(**dict(zip(CLAUSES, found, strict=True)))


def changes(rows: pl.LazyFrame, w: pl.LazyFrame) -> pl.LazyFrame:
    """The two look-backs that need another event's time: severity in force at the answer, the stopped clock."""
    ev, at = c("event"), c("at")
    sev = (
        rows.filter(ev == "severity_changed")
        .select("ix", "at", "severity")
        .join(w.select("ix", "human"), **LEFT)
        .filter(at <= c("human").fill_null(AT_AS_OF))
        .filter(c("ix").ne_missing(c("ix").shift(-1)))
        .select("ix", sev="severity")
    )
    clock = (
        rows.filter(ev.is_in(["work_paused", "work_resumed"]))
        .select("ix", "at", "event")
        .join(w.select("ix", "done"), **LEFT)
        .filter(at < c("done").fill_null(AT_AS_OF))
        .with_columns(sign=pl.when(ev == "work_paused").then(1).otherwise(-1))
        .select("ix", "sign", b=c("sign") * business(at))
        .group_by("ix")
        .agg(work0=c("b").sum(), paused=c("sign").sum())
    )
    return w.join(sev, **LEFT).join(clock, **LEFT)


def run(data: Loaded) -> pl.DataFrame:
    """Filters, first/last-of-run masks and left joins on the sorted key."""
    rows, tickets, active = data
    rows = rows.lazy()
    ev, first = c("event"), c("ix").ne_missing(c("ix").shift(1))
    responses = rows.filter(ev == "response_sent").select("ix", "at", "automated")
    w = (
        rows.filter(ev == "ticket_opened")
        .select("ix", "product", "channel", "language", "region", t0="at", sev0="severity")
        .with_columns(agreement=tickets["agreement"])
        .join(responses.filter(first).select("ix", first_auto="automated"), **LEFT)
        .join(responses.filter(~c("automated")).filter(first).select("ix", human="at"), **LEFT)
        .join(rows.filter(ev == "ticket_resolved").filter(first).select("ix", done="at"), **LEFT)
    )
    return verdicts(changes(rows, w), active).collect()


def run_group(data: Loaded) -> pl.DataFrame:
    """One group_by over row expressions, as a generic engine would plan it."""
    rows, tickets, active = data
    rows = rows.lazy()
    ev, at, opened = c("event"), c("at"), ("product", "channel", "language", "region")
    w = rows.group_by("ix", maintain_order=True).agg(
        t0=at.first(),
        sev0=c("severity").first(),
        **{k: c(k).first() for k in opened},
        first_auto=c("automated").first(ignore_nulls=True),
        human=pl.when((ev == "response_sent") & ~c("automated")).then(at).min(),
        done=pl.when(ev == "ticket_resolved").then(at).min(),
    )
    return verdicts(changes(rows, w.with_columns(agreement=tickets["agreement"])), active).collect()


def codes(result: pl.DataFrame) -> dict[str, np.ndarray]:
    """The verdicts of each clause in the order of the tickets."""
    return {k: result[k].to_numpy() for k in CLAUSES}


if __name__ == "__main__":
    data = load(*sys.argv[1:3])
    run(data).select(pl.lit(data[1]["ticket"]), pl.all().cat.to(ENUM)).write_parquet(
        sys.argv[3], compression="zstd"
    )
