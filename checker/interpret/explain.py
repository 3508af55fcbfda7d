"""The explanation of one verdict: a plain, versioned value that says what decided, from which events, by which clock.

It is made by evaluating the clause again with the evidence noted down, so that it cannot differ from the verdict. Instants
are ISO 8601 text in the zone of the agreement; lengths are whole seconds.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from checker.clock.zones import zone as zone_of
from checker.interpret import calendars, conditions, sentences, spans
from checker.interpret.courses import course_said
from checker.interpret.judge import (
    Judge,
    _gate_kinds,
    _takes_over,
    _where,
    exists,
    in_version_at,
    occasions,
    weigh,
)
from checker.interpret.limits import Said
from checker.interpret.possible import EVER, Moment, Truth
from checker.interpret.verdicts import Outcome, Verdict
from checker.interpret.world import Frame, Occasion, World
from checker.record.model import Event
from dsl import contract as ir
from dsl import phrase
from dsl.define import words_of

EXPLANATION_VERSION = 1
"""The version of the explanation's form; it changes when a field changes its meaning."""


_YEAR_9999 = 253_370_764_800


def iso(world: World, second: int | None) -> str | None:
    """An instant as ISO 8601 with the offset of the agreement's zone (UTC where no zone is on record); None for ever and never."""
    if second is None or not 0 <= second < _YEAR_9999:
        return None
    tz = zone_of(world.zone) if world.zone is not None else UTC
    return datetime.fromtimestamp(second, tz).isoformat()


def explain(judge: Judge, clause_id: str) -> dict[str, Any]:
    """The explanation of a clause on the judge's case, ready for JSON."""
    world = judge.world
    clause = judge.book.clauses[clause_id]
    judgement = judge.verdict(clause_id)
    stands_for = [n for s in world.lines(clause.sentences) if isinstance(s, ir.StandsFor) for n in s.clauses]
    # One that only stands for others judges nothing itself; one of another reading does not exist here.
    of_its_own = exists(world, clause) and not (stands_for and not clause.concerns)
    found = occasions(world, clause)[0] if of_its_own else []
    outcome = judgement.outcome
    return {
        "explanation": EXPLANATION_VERSION,
        "contract": judge.book.contract.name,
        "agreement": judgement.agreement,
        "ticket": judgement.ticket,
        "clause": clause_id,
        "title": clause.title,
        "title_pl": clause.title_pl,
        "cite": _citation(clause.cite),
        "strength": strength(clause),
        "verdict": str(judgement.verdict),
        "because": outcome.because,
        "due": iso(world, outcome.due),
        "done": iso(world, outcome.done),
        "margin_s": outcome.margin,
        "audited_at": iso(world, world.now),
        "zone": world.zone,
        "occasions": [_occasion(world, clause, o) for o in found],
        "words": words_of(judge.book.contract, clause),
        "stands_for": [explain(judge, n) for n in stands_for],
        "outcomes": [_outcome(world, o) for o in judgement.outcomes],
        "readings": _readings(judge, judgement.readings, judgement),
        "would_turn": _would_turn(world, clause, outcome, judgement.contested),
        "events": [_event(world, e) for e in world.case.events],
        "left_out_after_audit": world.case.later,
        "gaps": [{"from": iso(world, g.start), "to": iso(world, g.end)} for g in world.case.gaps],
        "records_missing": sorted(world.case.missing),
        "severity": _tracked(world),
    }


def strength(clause: ir.Clause) -> str:
    """The strength of a clause: that of its first sentence."""
    for line in clause.sentences:
        return str(getattr(line.base, "strength", "definition"))
    return "definition"


def _citation(cite: ir.Citation | None) -> dict[str, Any] | None:
    return {"lines": [list(r) for r in cite.lines], "place": cite.place} if cite is not None else None


def _event(world: World, e: Event) -> dict[str, Any]:
    out: dict[str, Any] = {"at": iso(world, e.at), "event": e.name, **dict(e.attributes)}
    if e.until != e.at:
        out["until"] = iso(world, min(e.until, world.now))
    if e.stamp:
        out["as_written"] = e.stamp
    if e.place is not None:
        out["place"] = str(e.place)
    if any(e is shared for shared in world.case.shared):
        out["of"] = "agreement"
    return out


def _outcome(world: World, o: Outcome) -> dict[str, Any]:
    return {
        "verdict": str(o.verdict),
        "because": o.because,
        "start": iso(world, o.occasion),
        "due": iso(world, o.due),
        "done": iso(world, o.done),
        "margin_s": o.margin,
    }


def _truth(t: Truth) -> str:
    return "unknown" if t.value is None else "true" if t.value else "false"


def _causes(t: Truth) -> list[str]:
    return sorted({f"{c.kind}: {c.what}" for c in t.causes})


def _occasion(world: World, clause: ir.Clause, occasion: Occasion) -> dict[str, Any]:
    frame = Frame(occasion)
    outcome = weigh(world, clause, occasion)
    where, save, provided = _gate_kinds(world, clause)
    gates = [_gate(world, g, occasion, frame) for g in (*where, *save, *provided)]
    version = world.book.contract.version
    in_version = in_version_at(world, occasion)
    if version is not None and in_version.value is not True:
        text = f"where version {version.name} of the contract is in force"
        gates = [{"kind": "where", "text": text, "truth": _truth(in_version), "because_of": []}, *gates]
    return {
        "start": iso(world, occasion.start.lo if occasion.start.exact else None),
        "end": iso(world, occasion.end.lo) if occasion.end is not None else None,
        **_outcome(world, outcome),
        "gates": gates,
        # What the clause is not about owes nothing: its sentences are left out.
        "sentences": []
        if any(g["truth"] == "false" for g in gates[: len(gates) - len(save) - len(provided)])
        else [_sentence(world, clause, s, occasion, frame) for s in world.lines(clause.sentences)],
    }


def _gate(world: World, g: ir.Gate | ir.SupersededBy, occasion: Occasion, frame: Frame) -> dict[str, Any]:
    world.evidence = []
    if isinstance(g, ir.Gate) and g.kind != "where":
        truth = conditions.truth(world, g.condition, frame)
    else:
        truth = _where(world, g, occasion, frame)
    seen, world.evidence = world.evidence, None
    kind = "superseded" if isinstance(g, ir.SupersededBy) else g.kind
    out: dict[str, Any] = {
        "kind": kind,
        "text": phrase.gate(g),
        "truth": _truth(truth),
        "because_of": [_short(world, e) for e in seen],
    }
    if truth.value is None:
        out["causes"] = _causes(truth)
    if isinstance(g, ir.SupersededBy):
        out["superseded_by"] = [n for n in g.clauses if _takes_over(world, n, occasion).value]
    elif isinstance(g.condition, ir.Group):
        out["parts"] = [
            {"text": phrase.condition(c), "truth": _truth(conditions.truth(world, c, frame))}
            for c in world.lines(g.condition.of)
        ]
    return out


def _short(world: World, e: Event) -> str:
    said = ", ".join(f"{k}={phrase.shown(v)}" for k, v in e.attributes.items() if v is not None)
    return f"{iso(world, e.at)} {e.name}" + (f" ({said})" if said else "")


def _sentence(
    world: World, clause: ir.Clause, s: ir.Sentence, occasion: Occasion, frame: Frame
) -> dict[str, Any]:
    world.evidence = []
    if clause.course is not None and isinstance(s, ir.Perform):
        finding = course_said(world, clause, s, occasion, frame)
    else:
        finding = sentences.said(world, s, occasion, frame)
    seen, world.evidence = world.evidence, None
    out: dict[str, Any] = {
        "text": phrase.sentence(_as_read(world, s)),
        "finding": finding.reason,
        "notes": list(finding.notes),
        "verdicts": sorted(str(v) for v in finding.verdicts),
        "causes": sorted({f"{c.kind}: {c.what}" for c in finding.causes}),
        "because_of": [_short(world, e) for e in seen],
        "due": _moment(world, finding.due),
        "done": _moment(world, finding.done),
        "clock": _clock(world, finding),
    }
    if isinstance(s, ir.Ensure):
        out["parts"] = [
            {"text": phrase.condition(c), "truth": _truth(conditions.truth(world, c, frame, owed=True))}
            for c in world.lines(s.conditions)
        ]
    if isinstance(s, ir.Keep):
        out["stretches"] = [
            {
                "from": iso(world, x.start.lo),
                "to": iso(world, x.end.lo if x.end.exact else min(x.end.lo, world.now)),
                "state": s.state,
            }
            for x in spans.stretches(world, s.state)
        ]
    return out


def _as_read(world: World, s: ir.Sentence) -> ir.Sentence:
    """A sentence as the chosen readings make it."""
    if isinstance(s, ir.Perform | ir.Refrain | ir.Keep):
        return replace(s, limits=tuple(ir.Line(x) for x in world.lines(s.limits)))
    if isinstance(s, ir.Ensure):
        return replace(s, conditions=tuple(ir.Line(x) for x in world.lines(s.conditions)))
    return s


def _moment(world: World, m: Moment | None) -> dict[str, Any] | None:
    if m is None:
        return None
    if m.exact:
        return {"at": iso(world, m.last_second.lo)}
    return {"no_sooner_than": iso(world, m.lo), "no_later_than": iso(world, m.hi)}


def _clock(world: World, finding: Said) -> dict[str, Any] | None:
    """The clock of a deadline as a ledger from its start to the later of due and done."""
    start, due = finding.start, finding.due
    if (
        start is None
        or due is None
        or start.lo == EVER
        or not due.exact
        or iso(world, due.lo) is None
        or finding.clock is None
        or start.lo > due.lo
    ):
        return None
    end = due.lo
    if finding.done is not None and finding.done.exact:
        end = max(end, finding.done.lo)
    rows = calendars.ledger(world, finding.clock, start.lo, end) if start.lo < end else []
    out: dict[str, Any] = {
        "counts": f"counted in {finding.clock.calendar}"
        if finding.clock.calendar is not None
        else "elapsed time",
        "start": iso(world, start.lo),
        "due": iso(world, due.lo),
        "limit_s": calendars.counted(world, finding.clock, start.lo, due.lo),
        "ledger": [
            {
                "from": iso(world, r.start),
                "to": iso(world, r.end),
                "kind": r.kind,
                "seconds": r.end - r.start,
                "why": r.why,
            }
            for r in rows
        ],
        "stops": [
            {"from": iso(world, a), "to": iso(world, b), "state": n}
            for a, b, n in calendars.stops(world, finding.clock)
        ],
    }
    if finding.clock.calendar is not None:
        out["calendar"] = _calendar(world, finding.clock.calendar)
    return out


def _calendar(world: World, name: str) -> dict[str, Any]:
    """A calendar with all that its hours need, so that the ledger can be checked without the contract."""
    found = calendars.hours(world, name)
    spec = found.calendar.spec
    return {
        "name": name,
        "zone": spec.zone,
        "country": spec.country,
        "windows": [
            {
                "days": sorted(w.days),
                "start": w.start,
                "end": w.end,
                "closed_on_holidays": w.closed_on_holidays,
            }
            for w in spec.windows
        ],
        "open_dates": sorted(str(d) for d in spec.open_dates),
        "closed_dates": sorted(str(d) for d in spec.closed_dates),
        "less": [_calendar(world, item.name) for item in found.less if item.kind == "calendar"],
    }


def _tracked(world: World) -> list[dict[str, Any]]:
    """The values of ranked attributes through time."""
    out = []
    for a in world.book.contract.attributes:
        for s in spans.timeline(world, a.name) if a.ranks else []:
            shown = phrase.scalar(s.value.options[0]) if s.value is not None and s.value.options else "?"  # type: ignore[arg-type]
            out.append(
                {
                    "attribute": a.name,
                    "value": shown,
                    "from": iso(world, s.start.lo),
                    "to": iso(world, s.end.lo if s.end.exact else None),
                }
            )
    return out


def _readings(judge: Judge, touched: tuple[str, ...], judgement: Any) -> list[dict[str, Any]]:
    flips = {(f.ambiguity, f.reading): str(f.verdict) for f in judgement.contested}
    out = []
    for name in touched:
        a = judge.book.ambiguities[name]
        taken = judge.world.readings[name]
        others = [
            {
                "reading": r,
                "means": text,
                "verdict": flips.get((name, r), str(judgement.verdict)),
                "turns": (name, r) in flips,
            }
            for r, text in a.readings
            if r != taken
        ]
        out.append(
            {
                "ambiguity": name,
                "question": a.question,
                "taken": taken,
                "recommended": a.recommended,
                "means": dict(a.readings)[taken],
                "others": others,
            }
        )
    return out


def _would_turn(world: World, clause: ir.Clause, outcome: Outcome, flips: Any) -> list[str]:
    """What would have made the verdict another one, in sentences."""
    out = []
    performed = [
        s
        for s in world.lines(clause.sentences)
        if isinstance(s, ir.Perform) and s.strength not in ("may", "discretion")
    ]
    if outcome.verdict is Verdict.BREACHED and outcome.due is not None and performed:
        out.append(
            f"It would have been met by {' or '.join(performed[0].events)} no later than {iso(world, outcome.due)}."
        )
    if outcome.verdict is Verdict.MET and outcome.due is not None and outcome.margin is not None:
        spare = (
            f"{outcome.margin} s on the clause's clock to spare"
            if outcome.margin
            else "not a second to spare"
        )
        out.append(f"It would have been breached after {iso(world, outcome.due)}: there was {spare}.")
    if outcome.verdict is Verdict.NOT_ENTITLED:
        out.append(
            "The customer would have been entitled if this held: " + outcome.because.replace("not so: ", "")
        )
    if outcome.verdict in (Verdict.UNDETERMINED, Verdict.PENDING):
        deciding = "open" if outcome.verdict is Verdict.PENDING else "missing"
        out += [f"It hangs on {c.what}." for c in sorted(outcome.causes) if c.kind == deciding]
    out += [f"Read otherwise ({f.ambiguity}: {f.reading}) it would be {f.verdict}." for f in flips]
    return out
