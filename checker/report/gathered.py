"""What is gathered of one partition while it is judged: sums, and rows into the spool. By judgements, one after the other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TextIO

from checker.audit.run import Population
from checker.batch.pieces import Claims
from checker.interpret.binding import party, strength
from checker.interpret.book import Book
from checker.interpret.case import Case
from checker.interpret.possible import EVER
from checker.interpret.verdicts import Judgement, Outcome, Owed, Verdict
from checker.record.model import Place
from checker.render.rows import Term, iso
from checker.report.limits import FixedLimit, fixed_limit
from checker.report.model import PROMISES
from checker.report.recorded import Recorded, of_case
from checker.report.rows import CONTESTED_LETTERS, LETTERS, Spool
from checker.report.sums import Bound, Sums, local, margin_bin, percent_bin
from dsl import phrase

BREACHED, UNDETERMINED, CONTESTED = "breached", "undetermined", "contested"


class Limits(NamedTuple):
    """How many rows a report has. Of breaches all are listed; of verdicts that are undetermined or contested (and not breached) so
    many of each clause as `listed`, and of an audit of so many clauses that it could be more than `listed_in_all` in all, an even
    share of that. So many findings of each clause have their reason as `reasons`, first the first of each clause, no more than
    `reasons_in_all` of the breaches and as many of the others; so many an explanation as `explained`, no more than
    `explained_in_all`, and none on a record of more than `events` events (an agreement with all its tickets).
    """

    listed: int = 1_000
    reasons: int = 200
    explained: int = 10
    explained_in_all: int = 400
    listed_in_all: int = 50_000
    reasons_in_all: int = 6_000
    events: int = 2_000

    def over(self, clauses: int) -> Limits:
        """The limits for so many clauses."""
        return self._replace(listed=min(self.listed, self.listed_in_all // max(clauses, 1)))


@dataclass
class Setting:
    """What is the same for every partition of an audit. `grid`: whether the testing grid is wanted. `names`: of files that have the same
    name, as `told_apart` gives them.
    """

    population: Population
    limits: Limits
    spool: Spool
    grid: bool
    names: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, str | None] = field(init=False)
    terms: Mapping[str, Term] = field(init=False)
    fixed: Mapping[str, FixedLimit] = field(init=False)
    ranked: tuple[str, ...] = field(init=False)
    columns: tuple[str, ...] = field(init=False)
    used: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many findings of a clause and pile this process has seen: no more are made than can be listed. Each process takes its
    partitions in their order."""

    def __post_init__(self) -> None:
        p = self.population
        self.limits = self.limits.over(len(p.clauses))
        zones = {a.id: a.facts.get("time_zone") for a in p.agreements}
        self.zones = {k: z if isinstance(z, str) and z else None for k, z in zones.items()}
        self.terms = {c.id: Term(strength(c), party(c)) for c in p.clauses}
        readings = p.book.readings(p.readings)
        found = {c.id: fixed_limit(c, readings) for c in p.clauses}
        self.fixed = {name: limit for name, limit in found.items() if limit is not None}
        self.ranked = tuple(a.name for a in p.book.contract.attributes if a.ranks)
        self.columns = tuple(c.id for c in p.clauses)

    @property
    def book(self) -> Book:
        """The contract."""
        return self.population.book

    def bound(self, clause: str, outcome: Outcome | None = None) -> Bound:
        """A clause with its strength and party: of one verdict, or its own."""
        term = self.terms[clause]
        return Bound(clause, *(term.of(outcome) if outcome is not None else term))

    def bound_of(self, clause: str, owed: Owed) -> Bound:
        """A clause with the strength and party of one of its sentences."""
        return Bound(clause, owed.strength, phrase.party(owed.party))

    def called(self, place: Place | None) -> str:
        """A place as a report names it: its file without the folder."""
        return place.called(self.names) if place is not None else ""

    def may_list(self, clause: str, pile: str) -> bool:
        """Count one more finding; whether it is listed."""
        n = self.used[clause, pile]
        self.used[clause, pile] = n + 1
        return pile == BREACHED or n < self.limits.listed


def pile_of(verdict: str, contested: bool) -> str | None:
    """Among which findings a verdict is counted; None where it is none."""
    if verdict in (BREACHED, UNDETERMINED):
        return verdict
    return CONTESTED if contested else None


class Writing:
    """The files of one partition."""

    def __init__(self, setting: Setting, number: int) -> None:
        self.setting = setting
        spool = setting.spool
        self._findings = _opened(spool, "finding", number)
        self._grid = _opened(spool, "grid", number) if setting.grid else None

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, *_: object) -> None:
        for stream in (self._findings, self._grid):
            if stream is not None:
                stream.close()

    def grid(self, agreement: str, ticket: str, letters: str) -> None:
        """A record and its verdicts."""
        if self._grid is not None:
            _line(self._grid, [agreement, ticket, letters])

    def finding(self, record: Recorded, j: Judgement | None, seen: Seen) -> None:
        """A finding. `j`: the judgement with its reason, where it is at hand."""
        zone = self.setting.zones.get(record.agreement)
        opened = record.opened
        row: dict[str, Any] = {
            "agreement": record.agreement,
            "ticket": record.ticket,
            "clause": seen.bound.clause,
            "verdict": seen.verdict,
            "strength": seen.bound.strength,
            "party": seen.bound.party,
            "opened": iso(opened, zone),
            "month": local(opened, zone).month if opened is not None else None,
            "due": iso(seen.due, zone),
            "done": iso(seen.done, zone),
            "zone": zone,
            "margin_s": seen.margin,
            "late_s": -seen.margin if seen.margin is not None and seen.margin < 0 else None,
            "contested": seen.contested,
            **(reason_of(j) if j is not None else NO_REASON),
            "ranked": record.ranked(seen.due),
            "place": self.setting.called(record.place),
        }
        _line(self._findings, row)


NO_REASON: Mapping[str, Any] = {"turns": None, "because": None, "missing": []}
"""What a finding says whose reason was not made."""


def reason_of(j: Judgement) -> dict[str, Any]:
    """What a finding says beyond its verdict, instants and margin: see `rows.Finding`."""
    return {
        "turns": [f"{f.ambiguity}.{f.reading}={f.verdict}" for f in j.contested],
        "because": j.outcome.because,
        "missing": sorted(c.what for c in j.outcome.causes if c.kind == "missing"),
    }


class Seen(NamedTuple):
    """A verdict and what goes with it."""

    bound: Bound
    verdict: str
    contested: bool
    due: int | None
    done: int | None
    margin: int | None


def gather(
    setting: Setting,
    number: int,
    judged: Iterable[tuple[Case, list[Judgement]]],
    claims: Claims,
    unreasoned: Container[Verdict] = (),
) -> Sums:
    """What comes of a partition that is judged case by case. `unreasoned`: the verdicts whose judgements do not say all of their reason."""
    sums = Sums()
    with Writing(setting, number) as out:
        for case, found in judged:
            record = of_case(case, setting.ranked)
            sums.records[case.agreement] += 1
            letters = dict.fromkeys(setting.columns, " ")
            zone = setting.zones.get(case.agreement)
            month = local(case.birth, zone).month if case.ticket and case.birth != EVER else None
            compared = list(claims.compared(case.ticket)) if case.ticket else []
            for j in found:
                o = j.outcome
                seen = Seen(
                    setting.bound(j.clause, o), str(o.verdict), bool(j.contested), o.due, o.done, o.margin
                )
                _add(sums, setting, case, seen, month, zone)
                for name, value in compared:
                    sums.claims[name, value, j.clause, seen.verdict] += 1
                letters[j.clause] = (CONTESTED_LETTERS if seen.contested else LETTERS)[seen.verdict]
                pile = pile_of(seen.verdict, seen.contested)
                if pile is None:
                    continue
                if setting.may_list(j.clause, pile):
                    out.finding(record, j if o.verdict not in unreasoned else None, seen)
            out.grid(case.agreement, case.ticket, "".join(letters.values()))
    return sums


def _add(sums: Sums, setting: Setting, case: Case, seen: Seen, month: str | None, zone: str | None) -> None:
    bound, verdict = seen.bound, seen.verdict
    sums.verdicts[bound, verdict] += 1
    if seen.contested:
        sums.contested[bound] += 1
    if bound.strength in PROMISES:
        sums.agreements[case.agreement, bound.strength, verdict] += 1
    if verdict == Verdict.NOT_APPLICABLE:
        return
    sums.months[bound, month, verdict] += 1
    if verdict == BREACHED:
        if seen.due is None:
            sums.undated[bound] += 1
        else:
            at = local(seen.due, zone)
            sums.hours[bound, at.weekday, at.hour] += 1
    if seen.margin is not None and verdict in (Verdict.MET, BREACHED):
        sums.margins[bound, margin_bin(seen.margin), verdict] += 1
        limit = setting.fixed.get(bound.clause)
        if limit is not None and seen.done is not None:
            sums.curves[bound, percent_bin(limit.seconds - seen.margin, limit.seconds)] += 1


def _opened(spool: Spool, kind: str, number: int) -> TextIO:
    return spool.path(kind, number).open("w", encoding="utf-8", errors="backslashreplace", newline="\n")


def _line(out: TextIO, value: Any) -> None:
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str) + "\n")
