"""The explanation of one verdict: a plain, versioned value that says what decided, from which events, by which clock.

It is made by evaluating the clause again with the evidence noted down, so that it cannot differ from the verdict. Instants
are ISO 8601 text in the zone of the agreement; lengths are whole seconds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from checker.interpret import conditions, derive, events, proof, spans, turn
from checker.interpret.binding import party, strength
from checker.interpret.gates import alongside, gate_kinds, takes_over, where_holds
from checker.interpret.judge import Judge, in_version_at, weigh
from checker.interpret.occasions import exists, occasions
from checker.interpret.possible import Truth, negation
from checker.interpret.shown import EXPLANATION_VERSION, iso, short
from checker.interpret.shown import moment as as_json
from checker.interpret.verdicts import Outcome
from checker.interpret.world import Frame, Occasion, World
from checker.record.model import Event
from dsl import contract as ir
from dsl import phrase
from dsl.define import words_of


def explain(judge: Judge, clause_id: str, *, turns: bool = True) -> dict[str, Any]:
    """The explanation of a clause on the judge's case, ready for JSON. `turns`: with what would turn the verdict, which is dear."""
    world = judge.world
    clause = judge.book.clauses[clause_id]
    judgement = judge.verdict(clause_id, contested=turns)
    stands_for = [n for s in world.lines(clause.sentences) if isinstance(s, ir.StandsFor) for n in s.clauses]
    # One that only stands for others judges nothing itself; one of another reading does not exist here.
    of_its_own = exists(world, clause) and not (stands_for and not clause.concerns)
    found = occasions(world, clause)[0] if of_its_own else []
    outcome = judgement.outcome
    which = next(i for i, o in enumerate(judgement.outcomes) if o is outcome)
    deciding = found[which] if which < len(found) else None
    return {
        "explanation": EXPLANATION_VERSION,
        "contract": judge.book.contract.name,
        "agreement": judgement.agreement,
        "ticket": judgement.ticket,
        "clause": clause_id,
        "title": clause.title,
        "title_pl": clause.title_pl,
        "cite": _citation(clause.cite),
        "strength": outcome.sentence.strength if outcome.sentence else strength(clause),
        "party": phrase.party(outcome.sentence.party) if outcome.sentence else party(clause),
        "verdict": str(judgement.verdict),
        "because": outcome.because,
        "due": iso(world, outcome.due),
        "done": iso(world, outcome.done),
        "margin_s": outcome.margin,
        "possible": sorted(str(v) for v in outcome.possible),
        "deciding": which,
        "audited_at": iso(world, world.now),
        "zone": world.zone,
        "occasions": [_occasion(world, clause, o) for o in found],
        "words": words_of(judge.book.contract, clause),
        "stands_for": [explain(judge, n, turns=turns) for n in stands_for],
        "outcomes": [_outcome(world, o) for o in judgement.outcomes],
        "readings": _readings(judge, judgement.readings, judgement),
        "would_turn": turn.would_turn(world, clause, outcome, deciding, judgement.contested) if turns else [],
        "events": [_event(world, e) for e in world.case.events],
        "left_out_after_audit": world.case.later,
        "gaps": [{"from": iso(world, a), "to": iso(world, b)} for a, b in _gaps(world)],
        "records_missing": sorted(world.case.missing),
        "severity": _tracked(world),
    }


def _gaps(world: World) -> list[tuple[int, int]]:
    return sorted({(g.start, g.end) for g in world.case.gaps})


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


def _causes(t: Truth) -> list[str]:
    return sorted({f"{c.kind}: {c.what}" for c in t.causes})


def _occasion(world: World, clause: ir.Clause, occasion: Occasion) -> dict[str, Any]:
    frame = Frame(occasion)
    outcome = weigh(world, clause, occasion)
    where, save, provided = gate_kinds(world, clause)
    gates = [_gate(world, g, occasion, frame) for g in (*where, *save, *provided)]
    version = world.book.contract.version
    in_version = in_version_at(world, occasion)
    if version is not None and in_version.value is not True:
        truth = proof.named(in_version)
        text = f"where version {version.name} of the contract is in force"
        gates = [{"kind": "where", "text": text, "truth": truth, "passes": truth, "because_of": []}, *gates]
    return {
        "start": iso(world, occasion.start.lo if occasion.start.exact else None),
        "end": iso(world, occasion.end.lo) if occasion.end is not None else None,
        "event": short(world, occasion.event) if occasion.event is not None else None,
        **_outcome(world, outcome),
        "gates": gates,
        # What the clause is not about owes nothing: its sentences are left out.
        "sentences": []
        if any(g["passes"] == "false" for g in gates[: len(gates) - len(save) - len(provided)])
        else [_sentence(world, clause, s, occasion, frame) for s in world.lines(clause.sentences)],
    }


def _gate(world: World, g: ir.Gate | ir.SupersededBy, occasion: Occasion, frame: Frame) -> dict[str, Any]:
    """A gate: what it says, whether that is true, whether the clause passes it, and what it rests on."""
    world.evidence = []
    superseded = isinstance(g, ir.SupersededBy)
    if isinstance(g, ir.SupersededBy):
        truth = negation(where_holds(world, g, occasion, frame))
    else:
        truth = conditions.truth(world, g.condition, frame)
    seen, world.evidence = world.evidence, None
    kind = "superseded" if isinstance(g, ir.SupersededBy) else g.kind
    passes = negation(truth) if superseded or kind == "save" else truth
    out: dict[str, Any] = {
        "kind": kind,
        "text": phrase.gate(g),
        "truth": proof.named(truth),
        "passes": proof.named(passes),
        "because_of": [short(world, e) for e in seen],
    }
    if truth.value is None:
        out["causes"] = _causes(truth)
    if not isinstance(g, ir.SupersededBy):
        out["proof"] = proof.prove(world, g.condition, frame)
        if passes.value is False and truth.value is False:
            out["decisive"] = proof.decisive(out["proof"])
        return out
    out["superseded_by"] = [n for n in g.clauses if takes_over(world, n, occasion).value]
    out["others"] = [_other(world, n, occasion) for n in g.clauses]
    return out


def _other(world: World, name: str, occasion: Occasion) -> dict[str, Any]:
    """A clause that may take this one's place: whether it does, and the gate of it that decides."""
    clause = world.book.clauses[name]
    truth = takes_over(world, name, occasion)
    out: dict[str, Any] = {"clause": name, "title": clause.title, "takes_over": proof.named(truth)}
    if not exists(world, clause):
        ambiguity, reading = clause.only_on or ("", "")
        return {**out, "why": f"it exists only where {ambiguity} is read as {reading}"}
    theirs, _ = occasions(world, clause)
    same = alongside(world, clause, theirs, occasion)
    if not same:
        return {**out, "why": "it is not about this occasion"}
    frame = Frame(same[0])
    where, save, provided = gate_kinds(world, clause)
    gates = [g for g in (*where, *save, *provided) if isinstance(g, ir.Gate)]
    proofs = [(g, proof.prove(world, g.condition, frame)) for g in gates]
    failing = [p for g, p in proofs if p["truth"] == ("true" if g.kind == "save" else "false")]
    doubtful = [p for _, p in proofs if p["truth"] == "unknown"]
    # One gate that surely fails decides, whatever another leaves open.
    out["gates"] = (failing or doubtful)[:1] or [p for g, p in proofs if g.kind != "save"]
    return out


def _sentence(
    world: World, clause: ir.Clause, s: ir.Sentence, occasion: Occasion, frame: Frame
) -> dict[str, Any]:
    world.evidence = []
    # Evaluated once more, for the events it looks at and the notes that go with them.
    finding = next(f for x, f in turn.findings(world, clause, occasion) if x is s)
    seen, world.evidence = world.evidence, None
    out: dict[str, Any] = {
        "text": phrase.sentence(_as_read(world, s)),
        "party": phrase.party(getattr(s, "party", "")),
        "strength": getattr(s, "strength", "definition"),
        "finding": finding.reason,
        "notes": list(finding.notes),
        "verdicts": sorted(str(v) for v in finding.verdicts),
        "causes": sorted({f"{c.kind}: {c.what}" for c in finding.causes}),
        "because_of": [short(world, e) for e in seen],
        "due": as_json(world, finding.due),
        "done": as_json(world, finding.done),
        "limits": derive.limits(world, s, frame, finding),
        "clock": derive.of_sentence(world, finding),
    }
    if isinstance(s, ir.Perform | ir.Refrain):
        out["passed_over"] = proof.passed_over(world, s.events, occasion.since.lo)
    if isinstance(s, ir.Perform):
        out["refusals"] = _refusals(world, s, occasion)
        only = [x.condition for x in world.lines(s.limits) if isinstance(x, ir.OnlyWhere)]
        out["parts"] = [proof.prove(world, c, frame, owed=True) for c in only]
    if isinstance(s, ir.Ensure):
        out["parts"] = [proof.prove(world, c, frame, owed=True) for c in world.lines(s.conditions)]
    if isinstance(s, ir.Keep):
        excuses = [x.state for x in world.lines(s.limits) if isinstance(x, ir.SaveFor)]
        out["stretches"] = [x for name in (s.state, *excuses) for x in _stretches(world, name)]
    return out


def _refusals(world: World, s: ir.Perform, occasion: Occasion) -> list[str]:
    names = [n for x in world.lines(s.limits) if isinstance(x, ir.RefusedBy) for n in x.events]
    rows = [e for n in names for e, t in events.rows(world, n) if t.value is not False]
    return [short(world, e) for e in rows if e.until >= occasion.since.lo]


def _stretches(world: World, state: str) -> list[dict[str, Any]]:
    return [
        {
            "from": iso(world, x.start.lo),
            "to": iso(world, x.end.lo if x.end.exact else min(x.end.lo, world.now)),
            "state": state,
        }
        for x in spans.stretches(world, state)
    ]


def _as_read(world: World, s: ir.Sentence) -> ir.Sentence:
    """A sentence as the chosen readings make it."""
    if isinstance(s, ir.Perform | ir.Refrain | ir.Keep):
        return replace(s, limits=tuple(ir.Line(x) for x in world.lines(s.limits)))
    if isinstance(s, ir.Ensure):
        return replace(s, conditions=tuple(ir.Line(x) for x in world.lines(s.conditions)))
    return s


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
