"""The figures of a report, from what was added up, who was judged, what was read, and the contract."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from checker.interpret.verdicts import WORST_FIRST, Verdict
from checker.record.extent import Extent
from checker.render.rows import iso
from checker.report import model
from checker.report.joined import Joined
from checker.report.limits import FixedLimit
from checker.report.model import GROUPS, PROMISES, Counts, Figures
from checker.report.statistics import rate
from checker.report.sums import EDGES, PERCENTS, Bound, Sums, group_of
from dsl import contract as ir
from dsl.define import lines_of
from dsl.lexicon import Lexicon

K = TypeVar("K")
_NONE = {str(v): 0 for v in WORST_FIRST}


@dataclass(frozen=True)
class Given:
    """What figures are made from. `clauses`: those that were judged. `readings`: of every ambiguity the one taken. `notes`: of the log and
    of the audit. `set_aside`, `provenance`: as the provenance has them. `without`: the verdicts without the assumptions that say what
    happened, and their names.
    """

    contract: ir.Contract
    clauses: Sequence[ir.Clause]
    readings: Mapping[str, str]
    fixed: Mapping[str, FixedLimit]
    zones: Mapping[str, str | None]
    ranked: tuple[str, ...]
    bounds: Mapping[str, Bound]
    now: int
    recorded: Extent
    remarks: Sequence[model.Remark]
    provenance: Mapping[str, Any]
    sample: bool = False
    without: tuple[tuple[str, ...], Mapping[str, int]] | None = None
    lexicon: Lexicon = field(default_factory=Lexicon)


def figures(given: Given, sums: Sums, joined: Joined) -> Figures:
    """All of them."""
    counts = _by_bound(sums)
    pieces = _Pieces(sums, counts, given.fixed)
    conclusions = tuple(
        _conclusion(given, clause, bound, counts.get(bound, _NONE), pieces, joined.missing_of(bound))
        for clause in given.clauses
        for bound in _bounds_of(given, clause, counts)
    )
    return Figures(
        model.FORMAT,
        _scope(given),
        _population(given, sums),
        _method(given),
        tuple(_totals(given, conclusions, pieces)),
        conclusions,
        joined.findings(counts, sums),
        _quality(given),
        _claims(given, sums),
        given.ranked,
        tuple(sorted({month for _, month, _ in sums.months if month is not None})),
        {k: v for k, v in given.provenance.items() if k not in ("set_aside", "judged_by")},
    )


def full(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts of verdicts with all seven of them, the worst first."""
    return {word: counts.get(word, 0) for word in _NONE}


def _by_bound(sums: Sums) -> dict[Bound, dict[str, int]]:
    out: dict[Bound, dict[str, int]] = {}
    for (bound, verdict), n in sums.verdicts.items():
        out.setdefault(bound, dict(_NONE))[verdict] += n
    return out


def _bounds_of(given: Given, clause: ir.Clause, counts: Mapping[Bound, Counts]) -> list[Bound]:
    """How a clause binds whom, as far as verdicts were given: its own way first. One that judged nothing is there, too."""
    own = given.bounds[clause.id]
    found = sorted(b for b in counts if b.clause == clause.id and b != own)
    return [own, *found]


# --------------------------------------------------------------------------- pictures
class _Pieces:
    """The pieces of pictures, by what they belong to."""

    def __init__(self, sums: Sums, counts: Mapping[Bound, Counts], fixed: Container[str]) -> None:
        self.decided = {b: n["met"] + n["breached"] for b, n in counts.items() if b.clause in fixed}
        self.months: dict[Bound, Counter[tuple[str | None, str]]] = {}
        self.hours: dict[Bound, Counter[tuple[int, int]]] = {}
        self.margins: dict[Bound, Counter[tuple[int, str]]] = {}
        self.curves: dict[Bound, Counter[int]] = {}
        self.undated = sums.undated
        self.contested = sums.contested
        for (bound, month, verdict), n in sums.months.items():
            self.months.setdefault(bound, Counter())[month, verdict] += n
        for (bound, weekday, hour), n in sums.hours.items():
            self.hours.setdefault(bound, Counter())[weekday, hour] += n
        for (bound, at, verdict), n in sums.margins.items():
            self.margins.setdefault(bound, Counter())[at, verdict] += n
        for (bound, at), n in sums.curves.items():
            self.curves.setdefault(bound, Counter())[at] += n

    def pictures(self, bounds: Iterable[Bound]) -> model.Pictures:
        """The pictures of one clause, or of several together."""
        bounds = list(bounds)
        months = _added(self.months, bounds)
        hours = _added(self.hours, bounds)
        names = sorted({m for m, _ in months if m is not None})
        return model.Pictures(
            tuple(model.Month(m, full({v: months[m, v] for v in _NONE})) for m in names),
            sum(n for (m, _), n in months.items() if m is None),
            _curve(_added(self.curves, bounds), sum(self.decided.get(b, 0) for b in bounds)),
            model.Hours(
                tuple(tuple(hours[day, hour] for hour in range(24)) for day in range(7)) if hours else (),
                sum(self.undated[b] for b in bounds),
            ),
            _margins(_added(self.margins, bounds)),
        )


def _added(found: Mapping[Bound, Counter[K]], bounds: Iterable[Bound]) -> Counter[K]:
    out: Counter[K] = Counter()
    for bound in bounds:
        out.update(found.get(bound, ()))
    return out


def _margins(found: Mapping[tuple[int, str], int]) -> tuple[model.Bin, ...]:
    """The bins from the first to the last that holds anything."""
    places = sorted({at for at, _ in found})
    if not places:
        return ()
    return tuple(
        model.Bin(
            EDGES[at - 1] if at else None,
            EDGES[at] if at < len(EDGES) else None,
            found.get((at, "met"), 0),
            found.get((at, "breached"), 0),
        )
        for at in range(places[0], places[-1] + 1)
    )


def _curve(found: Mapping[int, int], decided: int) -> model.Curve | None:
    acts = sum(found.values())
    if not acts:
        return None
    points, done = [], 0
    for at, percent in enumerate(PERCENTS):
        done += found.get(at, 0)
        points.append(model.Point(percent, done))
    return model.Curve(acts, decided, tuple(points))


# --------------------------------------------------------------------------- conclusions
def _conclusion(
    given: Given,
    clause: ir.Clause,
    bound: Bound,
    counts: Counts | None,
    pieces: _Pieces,
    missing: tuple[model.Cause, ...],
) -> model.Conclusion:
    counts = counts if counts is not None else dict(_NONE)
    judged = sum(counts.values())
    limit = given.fixed.get(clause.id)
    cite = clause.cite
    return model.Conclusion(
        clause.id,
        clause.title,
        clause.title_pl,
        cite.place if cite is not None else "",
        _in_polish(cite.place, given.lexicon) if cite is not None else "",
        tuple((a, b) for a, b in cite.lines) if cite is not None else (),
        bound.strength,
        bound.party,
        group_of(bound.strength),
        clause.level,
        judged,
        judged - counts[str(Verdict.NOT_APPLICABLE)],
        counts,
        pieces.contested[bound],
        rate(counts, sample=given.sample),
        missing,
        limit.seconds if limit is not None else None,
        limit.calendar if limit is not None else None,
        limit.stopped if limit is not None else (),
        pieces.pictures([bound]),
    )


def _in_polish(place: str, lexicon: Lexicon) -> str:
    """A place of the text in Polish; nothing where there are no words for a part of it."""
    lacking: list[str] = []
    said = replace(lexicon, missing=lambda _, part: lacking.append(part)).place(place)
    return "" if lacking else said


def _totals(given: Given, conclusions: Sequence[model.Conclusion], pieces: _Pieces) -> Iterable[model.Total]:
    for group in GROUPS:
        mine = [c for c in conclusions if c.group == group]
        if not mine:
            continue
        counts = {word: sum(c.counts[word] for c in mine) for word in _NONE}
        yield model.Total(
            group,
            len({c.clause for c in mine}),
            sum(c.judged for c in mine),
            sum(c.applicable for c in mine),
            counts,
            sum(c.contested for c in mine),
            # Verdicts of several clauses on one ticket are no independent draws: no interval stands beside their sum.
            rate(counts, sample=False),
            pieces.pictures(Bound(c.clause, c.strength, c.party) for c in mine),
        )


# --------------------------------------------------------------------------- the other sections
def _scope(given: Given) -> model.Scope:
    p, r = given.provenance, given.recorded
    zones = {z for z in given.zones.values() if z is not None}
    # The zone of one agreement of several would be a matter of their order.
    zone = next(iter(zones)) if len(zones) == 1 else None
    return model.Scope(
        given.contract.name,
        given.contract.title,
        iso(r.first, zone),
        iso(r.last, zone),
        iso(given.now, zone) or "",
        zone or "UTC",
        p["clauses"]["judged"],
        p["clauses"]["stated"],
        tuple(p["clauses"]["asked_for"]),
        given.sample,
    )


def _population(given: Given, sums: Sums) -> model.Population:
    a = given.provenance["account"]
    by_agreement: dict[tuple[str, str], dict[str, int]] = {}
    for (agreement, strength, verdict), n in sums.agreements.items():
        by_agreement.setdefault((agreement, strength), dict(_NONE))[verdict] += n
    return model.Population(
        a["rows_read"],
        a["rows_used"],
        a["rows_set_aside"],
        a["rows_of_other_contracts"],
        a["tickets_read"],
        a["tickets_judged"],
        a["tickets_set_aside"],
        a["tickets_of_other_contracts"],
        a["agreements_judged"],
        a["agreements_of_other_contracts"],
        tuple(_reasons(given.provenance["set_aside"])),
        tuple(
            model.OfAgreement(
                name, zone, sums.records[name], *(by_agreement.get((name, p), dict(_NONE)) for p in PROMISES)
            )
            for name, zone in sorted(given.zones.items())
        ),
        tuple(model.Kind(kind, n) for kind, n in sorted(given.recorded.kinds.items())),
    )


def _reasons(set_aside: Iterable[Mapping[str, Any]]) -> Iterable[model.Reason]:
    """What was set aside, by reason and field: the most rows first."""
    found: dict[tuple[str, str], model.Reason] = {}
    for s in set_aside:
        key = (s["reason"], s["field"])
        one = found.get(key)
        if one is None:
            one = model.Reason(s["reason"], s["field"], 0, 0, place_of(s))
        found[key] = replace(one, rows=one.rows + s["rows"], tickets=one.tickets + s["tickets"])
    return sorted(found.values(), key=lambda r: (-r.rows, r.reason, r.field))


def place_of(s: Mapping[str, Any]) -> str:
    """Where something that was set aside stands: `file:line:column`."""
    parts = [str(x) for x in (s["file"], s["line"], s["column"]) if x is not None]
    return ":".join(parts) + (f": {s['within']}" if s.get("within") else "")


def _reading(a: ir.Ambiguity, taken: str, lexicon: Lexicon) -> model.ReadingTaken:
    others = [(name, means) for name, means in a.readings if name != taken]
    return model.ReadingTaken(
        a.name,
        a.question,
        lexicon.question(a.name),
        taken,
        a.recommended,
        dict(a.readings)[taken],
        lexicon.reading(a.name, taken),
        tuple(others),
        tuple((name, lexicon.reading(a.name, name)) for name, _ in others),
    )


def _method(given: Given) -> model.Method:
    p, contract = given.provenance, given.contract
    source = p["contract"]["source"]
    readings = (_reading(a, given.readings[a.name], given.lexicon) for a in contract.ambiguities)
    return model.Method(
        p["contract"]["digest"],
        contract.version.name if contract.version is not None else None,
        str(p["language"]),
        source["file"] if source is not None else None,
        source["sha256"] if source is not None else None,
        tuple(readings),
        tuple(model.Calendar(c.name, tuple(lines_of(c))) for c in contract.calendars),
        tuple(sorted({z for z in given.zones.values() if z})),
        p["engine"],
        p["zone_data"],
        p["holiday_data"],
    )


def _quality(given: Given) -> model.Quality:
    a = given.provenance["account"]
    r = given.recorded
    return model.Quality(
        a["tickets_with_gaps"], a["revisions_missing"], r.events, r.rough, tuple(given.remarks)
    )


def _claims(given: Given, sums: Sums) -> model.Claims:
    found: dict[tuple[str, str, str], dict[str, int]] = {}
    for (name, value, clause, verdict), n in sums.claims.items():
        found.setdefault((name, value, clause), dict(_NONE))[verdict] += n
    order = {c.id: i for i, c in enumerate(given.clauses)}
    claims = (
        model.Claim(name, value, clause, counts)
        for (name, value, clause), counts in sorted(found.items(), key=lambda x: (*x[0][:2], order[x[0][2]]))
    )
    without = None
    if given.without is not None:
        names, counts = given.without
        now: Counter[str] = Counter()
        for (_, verdict), n in sums.verdicts.items():
            now[verdict] += n
        without = model.Without(names, full(counts), full(now))
    assumptions = (
        model.Assumption(a["name"], a["value"], a["means"]) for a in given.provenance["assumptions"]
    )
    return model.Claims(tuple(claims), tuple(assumptions), without)


def remark(text: str, place: str, count: int) -> model.Remark:
    """A note of the log or of the audit."""
    lead = "suspicion: "
    return model.Remark(text.removeprefix(lead), place, count, text.startswith(lead))
