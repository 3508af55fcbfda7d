"""What the page of a review shows, gathered from a comparison and both contracts. It judges nothing and proves nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from checker.audit.version import engine_version
from checker.clock import holidays_data, zones
from checker.compare.answer import EQUIVALENT, NOT_PROVED, SAME_VERDICTS, ClauseAnswer, Comparison, Read, Way
from checker.compare.due import Bends
from checker.compare.order import HOLIDAYS, SETTLING, STAMPS
from checker.compare.proof import SET_ONCE, WHOLE
from checker.report.review.changes import Changes, differing, touched
from checker.report.review.lives import Lives
from checker.report.review.marked import rows
from checker.report.review.model import (
    Answer,
    Clause,
    Definition,
    Effect,
    Figure,
    Flips,
    Otherwise,
    Question,
    Review,
    View,
    Word,
)
from checker.report.review.tongues import Both, Tongues, english, joined, quoted, same
from checker.report.review.variant import Variant
from dsl import contract as ir
from dsl.define import definitions_of
from dsl.vocabulary import Vocabulary

MOST_TICKETS: Final = 200
"""Names of tickets that are shown of one flip; the others are counted."""
MOST_WORDS: Final = 40
"""Definitions that are said of one clause."""
Files = Sequence[tuple[str, str]]
"""What a file is (log, agreements, mapping), and its name with its SHA-256."""
_WHETHER: Final = re.compile(r"whether (.+?) ever fares (worse|better)(?: beyond: (.+))?", re.DOTALL)
_NO_PROOF: Final = re.compile(r"(no proof, and )?none of (\d+) histories shows it")


def review_of(
    found: Comparison,
    old: Variant,
    new: Variant,
    vocabulary: Vocabulary,
    files: Files = (),
    only: Sequence[str] = (),
) -> Review:
    """The review of a comparison of these two variants. `files`: what else was read. `only`: globs of the clauses asked for; none: all."""
    return _Gathered(found, old, new, vocabulary).review(files, only)


def anchor_of(kind: str, name: str) -> str:
    """The anchor of a clause (`c`) or a definition (`d`) in the page."""
    return f"{kind}-{re.sub(r'[^A-Za-z0-9._-]', '-', name)}"


class _Gathered:
    def __init__(self, found: Comparison, old: Variant, new: Variant, vocabulary: Vocabulary) -> None:
        self.found, self.old, self.new = found, old, new
        self.t = Tongues()
        self.parties = dict(found.parties)
        self.ids = [c.clause for c in found.clauses]
        self.changed = self._changed()
        anchors = {(kind, name): anchor_of("d", f"{kind}-{name}") for kind, name in self.changed}
        self.changes = Changes(old, new, self.t, anchors)
        names = {p: self._party(p, "of_party") for p in (*self.parties, "provider", "customer", "either")}
        self.lives = Lives(old, new, vocabulary, self.t, names)
        years, places = found.settings["years"], found.settings["places"]
        self.bends = Bends(tuple((z, c) for z, c in places), (years[0], years[1])).scope

    def review(self, files: Files, only: Sequence[str]) -> Review:
        """All of it."""
        found, t = self.found, self.t
        clauses = tuple(self._clause(c) for c in found.clauses)
        return Review(
            only=tuple(only),
            old=found.old,
            new=found.new,
            answer=_code(found.answer),
            views=tuple(self._view(party, way) for party, way in sorted(found.views().items(), key=_rank)),
            counts={
                _code(k) if k != "on another reading only" else "other_reading": n
                for k, n in found.counts().items()
            },
            scope=tuple(self._claim()),
            not_proved=tuple(self._open(clauses)),
            figures=tuple(self._figures()),
            definitions=tuple(self._definition(kind, name) for kind, name in self.changed),
            clauses=clauses,
            effect=self._effect(),
            questions=tuple(self._questions()),
            alike=tuple(found.alike),
            provenance=(
                *((t(f"review.provenance.{kind}"), said) for kind, said in files),
                (t("review.provenance.seed"), str(found.settings["seed"])),
                (t("review.provenance.engine"), engine_version()),
                (t("review.provenance.zone_data"), zones.zone_version()),
                (t("review.provenance.holiday_data"), holidays_data.version()),
            ),
        )

    # ---------------------------------------------------------------- parties
    def _party(self, party: str, key: str) -> Both:
        """A party by what it is in every contract, with its own name where it has one."""
        title = self.parties.get(party, party)
        if party not in ("provider", "customer", "either"):
            return self.t(f"review.{key}.other", name=title)
        role = self.t(f"review.{key}.{party}")
        if title.lower() in (party, f"the {party}", role.en.lower()) or key != "party":
            return role
        return self.t("review.named", role=role, name=title)

    def _view(self, party: str, way: Way) -> View:
        said = self._party(party, "party")
        half = None
        if way.answer == NOT_PROVED:
            half = self.t(f"review.half.{way.worse}_{way.better}")
        elif way.answer == EQUIVALENT and not way.scope <= SETTLING:
            half = self.t("review.means.equivalent_within")
        for_it = self.t(f"review.way.{way.worse}_{way.better}", party=self._party(party, "of_party"))
        return View(party, said, _code(way.answer), half, for_it, tuple(self._scope(way.scope)))

    # ---------------------------------------------------------------- what is claimed
    def _scope(self, scope: frozenset[str]) -> Iterator[Both]:
        """Assumptions of a proof."""
        t = self.t
        for text in sorted(scope):
            if text == self.bends:
                first, last = self.found.settings["years"]
                yield t("review.scope.bends", first=str(first), last=str(last), places=self._places())
            elif text in _ASSUMED:
                yield t(f"review.scope.{_ASSUMED[text]}")
            else:
                yield english(text)

    def _places(self) -> str:
        return ", ".join(f"{zone} ({country})" for zone, country in self.found.settings["places"])

    def _claim(self) -> Iterator[tuple[Both, tuple[Both, ...]]]:
        """The scope of the whole claim, part by part."""
        t, settings = self.t, self.found.settings
        first, last = settings["years"]
        fixed = isinstance(self.new.contract.zone, str)
        reads = [r for c in self.found.clauses for r in (c.read, *(r for _, _, r in c.readings))]
        assumed = frozenset[str]().union(
            *(r.scope for r in reads), *(w.scope for r in reads for _, w in r.views)
        )
        yield t("review.scope.events"), (t("review.scope.events_said"),)
        yield (
            t("review.scope.horizon"),
            (t("review.scope.horizon_said", last - first + 1, first=str(first), last=str(last)),),
        )
        key = "calendars_fixed" if fixed else "calendars_said"
        yield t("review.scope.calendars"), (t(f"review.scope.{key}", places=self._places()),)
        yield t("review.scope.assumed"), tuple(self._scope(assumed)) or (t("review.scope.exact"),)
        tries = settings["histories_for_one_question"]
        yield t("review.scope.search"), (t("review.scope.search_said", tries),)
        seconds = settings["seconds_for_one_question"]
        said = Both(t.english.decimal(seconds), t.polish.decimal(seconds))
        yield t("review.scope.time"), (t("review.scope.time_said", seconds=said),)
        yield t("review.scope.examples"), (t("review.scope.examples_said"),)
        yield t("review.scope.readings"), (t("review.scope.readings_said"),)

    def _missing(self, what: str, why: str) -> tuple[Both, Both]:
        """What is not proved, and why."""
        t = self.t
        said, reason = english(what), english(why)
        match = _WHETHER.fullmatch(what)
        if match is not None:
            party, way, beyond = match.groups()
            said = t(f"review.open.{way}", party=self._party(party, "of_party"))
            if beyond is not None:
                said = t("review.open.beyond", what=said, scope=self._assumed(beyond))
        elif what.startswith(SAME_VERDICTS):
            said, beyond = t("review.open.same"), what.removeprefix(f"{SAME_VERDICTS} beyond: ")
            if beyond != what:
                said = t("review.open.beyond", what=said, scope=self._assumed(beyond))
        tried = _NO_PROOF.fullmatch(why)
        if why == "time":
            reason = t("review.open.time")
        elif why == "no history was found that tells them apart":
            reason = t("review.open.nothing_found")
        elif tried is not None:
            reason = t(f"review.open.{'no_proof' if tried[1] else 'not_shown'}", int(tried[2]))
        return said, reason

    def _assumed(self, beyond: str) -> Both:
        return joined(list(self._scope(frozenset(self._split(beyond)))), "; ")

    def _split(self, beyond: str) -> list[str]:
        """Assumptions that stand one after the other; one of them has the sign between them in itself."""
        rest = beyond.replace(self.bends, "\0").split("; ")
        return [self.bends if x == "\0" else x for x in rest]

    def _open(self, clauses: Sequence[Clause]) -> Iterator[tuple[str, Both, Both, Both]]:
        """All that is not proved: the clause, the reading (or nothing), what, why."""
        nothing = same("")
        for c in clauses:
            yield from ((c.id, nothing, what, why) for what, why in c.answer.not_proved)
            for o in c.otherwise:
                yield from ((c.id, o.reading, what, why) for what, why in o.answer.not_proved)

    # ---------------------------------------------------------------- clauses
    def _clause(self, c: ClauseAnswer) -> Clause:
        a, b = self.changes.sides(c)
        lines = [v.lines(x) if x is not None else () for v, x in ((self.old, a), (self.new, b))]
        both = [[line.said for line in some] for some in lines]
        places = [v.place(x.cite) if x is not None else None for v, x in ((self.old, a), (self.new, b))]
        titles = [v.title(x) if x is not None else None for v, x in ((self.old, a), (self.new, b))]
        return Clause(
            id=c.clause,
            anchor=anchor_of("c", c.clause),
            was=c.was if c.was != c.clause else None,
            structure=c.structure,
            moved=c.moved and c.structure != "moved",
            titles=(titles[0], titles[1]),
            places=(places[0], places[1]),
            lines=(_lines(a), _lines(b)),
            files=(_file(a), _file(b)),
            rows=(
                rows([x.en for x in both[0]], [x.en for x in both[1]]),
                rows([x.pl for x in both[0]], [x.pl for x in both[1]]),
            ),
            words=tuple(self._words(b, self.new) if b is not None else self._words(a, self.old)),
            parts=tuple(self.t(f"review.part.{p}") for p in dict.fromkeys(p.part for p in c.parts)),
            changes=tuple(self.changes.of(c, self.ids)),
            answer=self._answer(c, c.read, {}),
            otherwise=tuple(self._otherwise(c)),
        )

    def _answer(self, c: ClauseAnswer, read: Read, readings: Mapping[str, str]) -> Answer:
        views = tuple(self._view(party, way) for party, way in sorted(read.views, key=_rank))
        if views and not all(v.answer == "equivalent" for v in views):
            tail = joined([v.for_it for v in views], "; ")
        elif read.answer == NOT_PROVED:
            tail = self.t("review.not_proved_alone")
        elif read.answer == "different":
            tail = self.t("review.different_only")
        else:
            tail = self.t("review.reading.equivalent") if readings else same("")
        return Answer(
            answer=_code(read.answer),
            views=views,
            tail=tail,
            scope=tuple(self._scope(read.scope)),
            examples=tuple(self.lives.shown(c, read, readings)),
            not_proved=tuple(self._missing(what, why) for what, why in read.not_proved),
        )

    def _words(self, clause: ir.Clause | None, variant: Variant) -> Iterator[Word]:
        """The definitions on which a clause rests, the nearest first."""
        if clause is None:
            return
        for kind, d in definitions_of(variant.contract, clause)[:MOST_WORDS]:
            name = quoted(variant.name_of(kind, d.name))
            yield Word(self.t(f"review.kind.{kind}"), name, variant.definition(kind, d.name))

    def _otherwise(self, c: ClauseAnswer) -> Iterator[Otherwise]:
        for name, reading, read in c.readings:
            variant = self.new if name in self.new.book.ambiguities else self.old
            asks = english(variant.book.ambiguities[name].question)
            said = variant.reading(name, reading)
            yield Otherwise(name, asks, said, self._answer(c, read, {name: reading}))

    # ---------------------------------------------------------------- definitions and figures
    def _changed(self) -> list[tuple[str, str]]:
        """The definitions whose own lines differ, in the order in which clauses come upon them."""
        through = dict.fromkeys(text for c in self.found.clauses for p in c.parts for text in p.through)
        keys = [(kind, name) for text in through for kind, _, name in [text.partition(" ")]]
        return [k for k in keys if self.old.definition(*k) != self.new.definition(*k)]

    def _definition(self, kind: str, name: str) -> Definition:
        (en, pl), (en2, pl2) = self.old.definition(kind, name), self.new.definition(kind, name)
        variant = self.new if en2 else self.old
        d = variant.definitions[kind, name]
        clauses = [
            c.clause for c in self.found.clauses if any(f"{kind} {name}" in p.through for p in c.parts)
        ]
        return Definition(
            anchor=anchor_of("d", f"{kind}-{name}"),
            kind=self.t(f"review.kind.{kind}"),
            name=quoted(variant.name_of(kind, name)),
            rows=(rows(en, en2), rows(pl, pl2)),
            redlines=(differing(en, en2), differing(pl, pl2)),
            place=variant.place(d.cite),
            lines=_spans(d.cite),
            clauses=tuple(dict.fromkeys(clauses)),
        )

    def _figures(self) -> Iterator[Figure]:
        for c in self.found.clauses:
            a, b = self.changes.sides(c)
            clause, variant = (b, self.new) if b is not None else (a, self.old)
            assert clause is not None
            for part, redlines in self.changes.figures(c):
                yield Figure(
                    part,
                    redlines,
                    (c.clause,),
                    variant.place(clause.cite),
                    _lines(clause),
                    anchor_of("c", c.clause),
                )
        for kind, name in self.changed:
            d = self._definition(kind, name)
            said = joined([d.kind, d.name], " ")
            yield Figure(said, d.redlines, d.clauses, d.place, d.lines, d.anchor)

    # ---------------------------------------------------------------- ambiguities
    def _questions(self) -> Iterator[Question]:
        concerned: dict[str, list[str]] = {}
        for c in self.found.clauses:
            for name in touched(self.old, c.was) | touched(self.new, c.clause):
                concerned.setdefault(name, []).append(c.clause)
        turning = {(c.clause, name) for c in self.found.clauses for name, _, _ in c.readings}
        for name in sorted(concerned):
            o, n = self.old.book.ambiguities.get(name), self.new.book.ambiguities.get(name)
            told = n or o
            if told is None:
                continue
            readings = dict.fromkeys(r for a in (n, o) if a is not None for r, _ in a.readings)
            turned = {r for c in self.found.clauses for a, r, _ in c.readings if a == name}
            yield Question(
                name=name,
                asks=english(told.question),
                readings=tuple(
                    (r, self._reading(name, r), tuple(self._marks(o, n, r)), r in turned) for r in readings
                ),
                clauses=tuple(sorted(concerned[name], key=lambda x: (x, name) not in turning)),
                state=_state(o, n),
            )

    def _reading(self, ambiguity: str, reading: str) -> Both:
        variant = self.new if reading in _names(self.new.book.ambiguities.get(ambiguity)) else self.old
        return variant.reading(ambiguity, reading)

    def _marks(self, o: ir.Ambiguity | None, n: ir.Ambiguity | None, reading: str) -> Iterator[Both]:
        of_old, of_new = (a is not None and a.recommended == reading for a in (o, n))
        if of_old and of_new:
            yield self.t("review.question.recommended")
        elif of_old or of_new:
            yield self.t(f"review.question.recommended_{'old' if of_old else 'new'}")

    # ---------------------------------------------------------------- the log
    def _effect(self) -> Effect | None:
        told = self.found.effect
        if told is None:
            return None
        flips = [
            Flips(
                row["clause"],
                row["flips"],
                (row["kept_old"], row["kept_new"]),
                tuple(
                    (
                        by["old"],
                        by["new"],
                        by["count"],
                        tuple(by["tickets"][:MOST_TICKETS]),
                        max(0, by["count"] - MOST_TICKETS),
                    )
                    for by in row["by"]
                ),
            )
            for row in told["clauses"]
        ]
        return Effect(told["tickets"], told["agreements"], told["set_aside"], told["as_of"], tuple(flips))


_ASSUMED: Final = {HOLIDAYS: "holidays", STAMPS: "stamps", SET_ONCE: "once", WHOLE: "whole"}


def _code(answer: str) -> str:
    return answer.replace(" ", "_")


def _rank(view: tuple[str, Any]) -> tuple[int, str]:
    """Provider, customer, then others by name."""
    order = ("provider", "customer")
    return (order.index(view[0]) if view[0] in order else len(order), view[0])


def _lines(c: ir.Clause | None) -> str:
    return _spans(c.cite) if c is not None else ""


def _spans(cite: ir.Citation | None) -> str:
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in cite.lines) if cite is not None else ""


def _file(c: ir.Clause | None) -> str:
    """Where a clause stands in the files of the contract: the name of the file, without its folder."""
    return f"{c.file.rpartition('/')[2]}:{c.line}" if c is not None else ""


def _names(a: ir.Ambiguity | None) -> frozenset[str]:
    return frozenset(r for r, _ in a.readings) if a is not None else frozenset()


def _state(o: ir.Ambiguity | None, n: ir.Ambiguity | None) -> str:
    if o is None:
        return "new"
    if n is None:
        return "settled"
    return "open" if o.recommended == n.recommended else "read_otherwise"
