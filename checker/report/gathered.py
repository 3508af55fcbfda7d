"""What is gathered of one partition while it is judged: sums, and rows into the spool. By judgements, one after the other."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TextIO

from checker.audit.run import Population
from checker.batch.pieces import Claims
from checker.interpret.binding import party, strength
from checker.interpret.book import Book, plain
from checker.interpret.case import Case
from checker.interpret.possible import EVER
from checker.interpret.verdicts import Judgement, Outcome, Owed, Verdict
from checker.render.rows import Term, iso
from checker.report.limits import FixedLimit, fixed_limit
from checker.report.model import PROMISES
from checker.report.rows import CONTESTED_LETTERS, LETTERS, Spool
from checker.report.sums import Bound, Sums, local, margin_bin, percent_bin
from dsl import phrase

BREACHED, UNDETERMINED, CONTESTED = "breached", "undetermined", "contested"


class Limits(NamedTuple):
    """How many rows a report has of each clause. Of breaches all are listed; of verdicts that are undetermined or contested (and not
    breached) so many as `listed`; each with its reason up to `reasons`, with its explanation up to `explained`, of these no more than
    `explained_in_all`.
    """

    listed: int = 1_000
    reasons: int = 200
    explained: int = 10
    explained_in_all: int = 400


@dataclass
class Setting:
    """What is the same for every partition of an audit. `grid`: whether the testing grid is wanted."""

    population: Population
    limits: Limits
    spool: Spool
    grid: bool
    zones: Mapping[str, str | None] = field(init=False)
    terms: Mapping[str, Term] = field(init=False)
    fixed: Mapping[str, FixedLimit] = field(init=False)
    ranked: tuple[str, ...] = field(init=False)
    columns: tuple[str, ...] = field(init=False)
    used: Counter[tuple[str, str]] = field(default_factory=Counter)
    """How many findings of a clause and pile this process has seen: no more are made with a reason than can be listed so. Each process
    takes its partitions in their order."""

    def __post_init__(self) -> None:
        p = self.population
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

    def may_list(self, clause: str, pile: str) -> tuple[bool, bool]:
        """Count one more finding; whether it is listed, and with its reason."""
        n = self.used[clause, pile]
        self.used[clause, pile] = n + 1
        return pile == BREACHED or n < self.limits.listed, n < self.limits.reasons


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

    def finding(self, case: Case, j: Judgement | None, seen: Seen) -> None:
        """A finding. `j`: the judgement with its reason, where one is to be given."""
        zone = self.setting.zones.get(case.agreement)
        opened = case.birth if case.ticket and case.birth != EVER else None
        row: dict[str, Any] = {
            "agreement": case.agreement,
            "ticket": case.ticket,
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
            "turns": [f"{f.ambiguity}.{f.reading}={f.verdict}" for f in j.contested]
            if j is not None
            else None,
            "because": j.outcome.because if j is not None else None,
            "missing": sorted(c.what for c in j.outcome.causes if c.kind == "missing")
            if j is not None
            else [],
            "ranked": ranked_at(case, self.setting.ranked, seen.due) if case.ticket else {},
            "place": next((e.place.bare for e in case.events if e.place is not None), ""),
        }
        _line(self._findings, row)


class Seen(NamedTuple):
    """A verdict and what goes with it."""

    bound: Bound
    verdict: str
    contested: bool
    due: int | None
    done: int | None
    margin: int | None


def gather(
    setting: Setting, number: int, judged: Iterable[tuple[Case, list[Judgement]]], claims: Claims
) -> Sums:
    """What comes of a partition that the interpreter judges."""
    sums = Sums()
    with Writing(setting, number) as out:
        for case, found in judged:
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
                listed, reason = setting.may_list(j.clause, pile)
                if listed:
                    out.finding(case, j if reason else None, seen)
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


def ranked_at(case: Case, names: Iterable[str], when: int | None) -> dict[str, str]:
    """The values of ranked attributes on a record: the last ones that its events say no later than an instant (None: ever)."""
    out: dict[str, str] = {}
    for name in names:
        for e in case.events:
            if when is not None and e.at > when:
                break
            value = e.attributes.get(name)
            if value is not None and not isinstance(value, list | dict):
                out[name] = str(plain(value))
    return out


def _opened(spool: Spool, kind: str, number: int) -> TextIO:
    return spool.path(kind, number).open("w", encoding="utf-8", errors="backslashreplace", newline="\n")


def _line(out: TextIO, value: Any) -> None:
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str) + "\n")
