"""Clauses that set a limit for one act: where none of them binds, and where two bind with different limits."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from random import Random
from typing import Any

from checker.compare.answer import Example
from checker.compare.clause_form import Clauses
from checker.compare.draft import Draft, Raw, Scene
from checker.compare.formula import Form, atoms
from checker.compare.pools import Pool, pool_of
from checker.compare.question import Effort, told
from checker.compare.replay import Replayed, Stage, Subject, verdict_of
from checker.compare.shrink import shrunk
from checker.compare.wishes import Wishes
from checker.compare.witness import occasion, unbound
from checker.interpret.book import Book, plain
from checker.interpret.verdicts import Outcome, Verdict
from dsl import contract as ir

MOST_COMBINATIONS = 400
"""Combinations of values that are looked at for one family."""
_BINDS = (Verdict.MET, Verdict.BREACHED, Verdict.PENDING)


@dataclass(frozen=True, slots=True)
class Family:
    """Clauses in which one party owes one of the same acts by a limit, on the same kind of occasions."""

    party: str
    acts: tuple[str, ...]
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """Values of what the clauses of a family look at, and a time, for which none of them sets a limit; and a ticket."""

    family: Family
    values: tuple[tuple[str, str], ...]
    when: str
    example: Example


@dataclass(frozen=True, slots=True)
class Clash:
    """Two clauses that bind one act on one ticket with different limits."""

    family: Family
    clauses: tuple[str, str]
    example: Example


def families(clauses: Clauses) -> list[Family]:
    """Every family of a contract, on the readings taken."""
    found: dict[tuple[str, tuple[str, ...], Form], list[str]] = {}
    for c in clauses.book.contract.clauses:
        form = clauses.form(c.id)
        if not form.exists or c.level != "ticket":
            continue
        for s in clauses.lines(c.sentences):
            if isinstance(s, ir.Perform) and s.strength not in ("may", "discretion") and _limited(clauses, s):
                found.setdefault((s.party, tuple(sorted(s.events)), form.concern[:1]), []).append(c.id)
    return [Family(party, acts, tuple(dict.fromkeys(ids))) for (party, acts, _), ids in found.items()]


def _limited(clauses: Clauses, s: ir.Perform) -> bool:
    return any(
        isinstance(x, ir.Within) or (isinstance(x, ir.Limit) and x.relation in ("before", "no-later"))
        for x in clauses.lines(s.limits)
    )


@dataclass(slots=True)
class Explorer:
    """Builds tickets around the clauses of a family, and asks the interpreter which of them bind."""

    clauses: Clauses
    effort: Effort
    r: Random

    @property
    def book(self) -> Book:
        """The contract."""
        return self.clauses.book

    def stage(self, old: str, new: str) -> Stage:
        """Two clauses of the contract, judged side by side."""
        subjects = (
            Subject(self.book, self.clauses.readings, self.book.clauses[old]),
            Subject(self.book, self.clauses.readings, self.book.clauses[new]),
        )
        return Stage(*subjects, self.effort.vocabulary, self.effort.words, self.effort.levels)

    def draft(self, clause: str, also: str | None = None, opening: int | None = None) -> tuple[Scene, Draft]:
        """A ticket on which a clause applies, and another one perhaps as well."""
        pool = Pool()
        for name in (clause, also):
            if name is not None:
                more = pool_of(self.book, name)
                for key, values in more.values.items():
                    pool.note(key, values)
                pool.seconds += more.seconds
        at, place = self.r.choice(self.effort.openings)
        readings = dict(self.clauses.readings)
        when = opening if opening is not None else at
        scene = Scene(self.book, readings, self.effort.vocabulary, pool, self.r, when, place)
        wishes = Wishes(scene)
        occasion(wishes, self.book.clauses[clause])
        wishes.gates(self.book.clauses[clause])
        if also is not None:
            wishes.gates(self.book.clauses[also])
        return scene, scene.draft

    # ---------------------------------------------------------------- clashes
    def clashes(self, family: Family, until: float) -> Iterator[Clash]:
        """Pairs of a family that bind one ticket with different limits."""
        for i, a in enumerate(family.clauses):
            for b in family.clauses[i + 1 :]:
                if self.clauses.form(a).sentences == self.clauses.form(b).sentences:
                    continue
                found = self._clash(family, a, b, until)
                if found is not None:
                    yield found

    def _clash(self, family: Family, a: str, b: str, until: float) -> Clash | None:
        stage = self.stage(a, b)

        def shows(draft: Draft) -> bool:
            r = stage.judge(draft)
            return r is not None and _apart(r)

        for i in range(30):
            if time.thread_time() > until:
                return None
            _, draft = self.draft(*((a, b) if i % 2 else (b, a)))
            if shows(draft):
                small = shrunk(draft, shows, time.thread_time() + self.effort.seconds)
                replayed = stage.judge(small)
                assert replayed is not None
                return Clash(family, (a, b), told(stage, small, replayed, ()))
        return None

    # ---------------------------------------------------------------- gaps
    def gaps(self, family: Family, until: float) -> Iterator[Gap]:
        """Combinations of values for which no clause of a family sets a limit, whoever is entitled to what."""
        dimensions = self._dimensions(family)
        combinations = list(product(*dimensions.values()))
        self.r.shuffle(combinations)
        # What a contract names tells more than that it is none of what it names.
        combinations.sort(key=lambda values: values.count(None))
        for values in combinations[:MOST_COMBINATIONS]:
            for when, opening in self._times(family):
                if time.thread_time() > until:
                    return
                found = self._gap(
                    family, dimensions, dict(zip(dimensions, values, strict=True)), when, opening
                )
                if found is not None:
                    yield found

    def combinations(self, family: Family) -> int:
        """How many combinations of values there are."""
        return prod(len(values) for values in self._dimensions(family).values())

    def _dimensions(self, family: Family) -> Mapping[str, tuple[Any, ...]]:
        """The attributes that the scopes of the family look at, each with the values compared with, its ranks, and another one."""
        out: dict[str, list[Any]] = {}
        for name in family.clauses:
            form = self.clauses.form(name)
            if form.concern[0] == "EachStretch":
                out.setdefault(form.concern[1][1], []).extend(form.concern[2])
            for atom in atoms(form.where):
                if atom[0] == "is" and atom[1][0] in ("AttributeOf", "AttributeAsOf"):
                    attribute = atom[1][1] if atom[1][0] == "AttributeOf" else atom[1][1][1]
                    out.setdefault(attribute, []).extend(atom[2][:3])
        for attribute, values in out.items():
            found = self.book.attributes.get(attribute)
            values += [plain(v) for v in found.ranks] if found is not None else []
        return {k: (*dict.fromkeys(v), None) for k, v in out.items()}

    def _times(self, family: Family) -> Sequence[tuple[str, int]]:
        """In hours, and where some scope asks for a calendar, outside them."""
        at = self.effort.openings
        asked = any("'during'" in repr(self.clauses.form(n).where) for n in family.clauses)
        named = [("on a working day", at[0][0])]
        return [*named, ("on a Saturday", at[2][0]), ("at night", at[3][0])] if asked else named

    def _gap(
        self,
        family: Family,
        dimensions: Mapping[str, tuple[Any, ...]],
        values: Mapping[str, Any],
        when: str,
        opening: int,
    ) -> Gap | None:
        kept: tuple[Stage, Draft, Raw] | None = None
        for name in family.clauses:
            made = self._binding(family, name, opening)
            if made is None:
                continue
            scene, draft = made
            if not draft.events:
                return None
            # The event whose values are changed, as the row at hand: it is found again in every copy.
            draft.row = next((e for e in draft.events if any(a in e for a in values)), draft.events[0])
            before = dict(draft.row)
            self._set(scene, draft.row, dimensions, values)
            if self._bound(family, draft) is not False:
                return None
            kept = self.stage(name, name), draft, before
        if kept is None:
            return None
        stage, draft, before = kept
        wanted = _values(draft, values)

        def shows(d: Draft) -> bool:
            if _values(d, values) != wanted:
                return False
            # With the values that it had before, some clause still binds.
            control = d.copied()
            assert control.row is not None
            for attribute in values:
                control.row.pop(attribute, None)
                if attribute in before:
                    control.row[attribute] = before[attribute]
            return self._bound(family, d) is False and self._bound(family, control, surely=True) is True

        small = shrunk(draft, shows, time.thread_time() + self.effort.seconds)
        replayed = stage.judge(small)
        assert replayed is not None
        shown = tuple((k, str(v) if v is not None else self._other(k)) for k, v in values.items())
        return Gap(family, shown, when, told(stage, small, replayed, ()))

    def _other(self, attribute: str) -> str:
        """What a value is called that no clause of a family names."""
        found = self.book.attributes.get(attribute)
        ranks = [str(v) for v in found.ranks] if found is not None else []
        return f"none of {', '.join(ranks)}" if ranks else "another value"

    def _set(
        self, scene: Scene, event: Raw, dimensions: Mapping[str, tuple[Any, ...]], values: Mapping[str, Any]
    ) -> None:
        """Give an event other values, where it carries such at all."""
        word = self.book.words.get(event["event"])
        known = dict(word.attributes) if word is not None else {}
        for attribute, value in values.items():
            if attribute in known or attribute in event:
                listed = tuple(v for v in dimensions[attribute] if v is not None)
                text = value if value is not None else scene.other(None, listed)
                event[attribute] = scene.fitted(text, scene.kind(event["event"], attribute))

    def _binding(self, family: Family, name: str, opening: int) -> tuple[Scene, Draft] | None:
        """A ticket on which some clause of the family binds: what is changed on it is then what unbinds."""
        for _ in range(3):
            scene, draft = self.draft(name, opening=opening)
            if self._bound(family, draft, surely=True):
                return scene, draft
        return None

    def _bound(self, family: Family, draft: Draft, *, surely: bool = False) -> bool | None:
        """Whether any clause of the family binds, or (not `surely`) may; None where the ticket cannot be."""
        for name in family.clauses:
            replayed = self.stage(name, name).judge(draft)
            if replayed is None:
                return None
            verdict = verdict_of(replayed.old)
            if verdict in (Verdict.MET, Verdict.BREACHED) if surely else not unbound(verdict):
                return True
        return False


def _values(draft: Draft, values: Mapping[str, Any]) -> list[Any] | None:
    """What the row at hand says of some attributes; None where it is no longer among the events."""
    if draft.row is None or not any(e is draft.row for e in draft.events):
        return None
    return [draft.row.get(k) for k in values]


def _apart(r: Replayed) -> bool:
    """Whether both bind on one occasion, with limits that are not the same."""
    by: dict[int, Outcome] = {o.occasion: o for o in r.old if o.occasion is not None and o.verdict in _BINDS}
    return any(
        o.verdict in _BINDS
        and o.occasion in by
        and o.due is not None
        and by[o.occasion].due is not None
        and o.due != by[o.occasion].due
        for o in r.new
        if o.occasion is not None
    )


__all__ = ["Clash", "Explorer", "Family", "Gap", "families"]
