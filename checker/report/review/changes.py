"""What changes in a clause, in sentences as a lawyer would write them, in English and Polish; and the figures that differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from checker.compare.answer import DIFFERENT, ClauseAnswer, Part
from checker.report.review.marked import Marked, redline, rows, text_of
from checker.report.review.model import Change
from checker.report.review.tongues import Both, Tongues, capital, joined, plain, quoted, same
from checker.report.review.variant import Line, Variant
from dsl import clause_pl, phrase
from dsl import contract as ir
from dsl.phrase_pl import Polish
from dsl.polish import percent

OF_FIGURES: Final = frozenset({"limit", "calendar", "condition", "pause", "start"})
"""The parts of a clause that are figures, or what a figure is counted by."""
_GATES: Final = frozenset({"prerequisite", "carve-out", "scope", "layer", "occasion"})
_NUMBER: Final = re.compile(r"(?<![\w.-])\d[\w.:]*")
_NO_BREACH: Final = frozenset({"target", "estimate"})
_OWED: Final = frozenset({"guarantee", "duty", "definition"})
_MODALS: Final = {
    "estimate": "expects to",
    "target": "shall endeavour to",
    "may": "may",
    "discretion": "may at its discretion",
}
_MODALS_PL: Final = {
    "estimate": "oczekuje się, że",
    "target": "dołoży starań",
    "may": "może",
    "discretion": "może według własnego uznania",
}


def part_name(t: Tongues, part: str) -> Both:
    """What a part of a clause is called."""
    return t(f"review.part.{part}")


class Changes:
    """The sentences of what changes. `definitions`: those that change of themselves, by kind and name, with their anchors."""

    def __init__(
        self, old: Variant, new: Variant, t: Tongues, definitions: dict[tuple[str, str], str]
    ) -> None:
        self.old, self.new, self.t = old, new, t
        self.definitions = definitions

    # ---------------------------------------------------------------- sentences
    def of(self, c: ClauseAnswer, shown: Sequence[str]) -> Iterator[Change]:
        """What changes in a clause. `shown`: the clauses that have a place of their own in the page."""
        a, b = self.sides(c)
        if a is None or b is None:
            yield from self._whole(a, b)
            return
        yield from dict.fromkeys(change for part in c.parts for change in self._part(part, a, b))
        yield from self._through(c, a, b, shown)
        if not c.parts and c.read.answer == "equivalent":
            yield Change(self.t(f"review.change.{_elsewhere(c)}"))

    def sides(self, c: ClauseAnswer) -> tuple[ir.Clause | None, ir.Clause | None]:
        """The clause in either variant."""
        return (
            self.old.clause(c.was) if c.structure != "added" else None,
            self.new.clause(c.clause) if c.structure != "removed" else None,
        )

    def _whole(self, a: ir.Clause | None, b: ir.Clause | None) -> Iterator[Change]:
        """A clause that is in one variant only."""
        for variant, clause, key in ((self.old, a, "removed"), (self.new, b, "added")):
            if clause is not None:
                said = joined([x.said for x in variant.lines(clause) if _is_sentence(x)], "; ")
                yield Change(self.t(f"review.change.{key}", said=said))

    def _part(self, part: Part, a: ir.Clause, b: ir.Clause) -> Iterator[Change]:
        t = self.t
        if part.part == "reading":
            stands = part.new and "not" not in part.new[0]
            yield Change(t(f"review.change.{'stands' if stands else 'falls'}"))
        elif part.part in ("contract", "course"):
            yield Change(t(f"review.change.{part.part}"))
        elif part.part == "version":
            yield Change(t("review.change.version", old=self._dates(self.old), new=self._dates(self.new)))
        elif part.old == part.new:
            return
        elif part.part in _GATES:
            yield from self._gates(part, a, b)
        elif part.part == "sentence":
            olds = [_said(self.old, a, key) for key in part.old]
            news = [_said(self.new, b, key) for key in part.new]
            yield from (Change(t("review.change.sentence_removed", old=x)) for x in olds)
            yield from (Change(t("review.change.sentence_added", new=x)) for x in news)
        else:
            x, y = self.old.part(a, part.old[0]), self.new.part(b, part.new[0])
            if x is not None and y is not None:
                yield from self._sentence(part.part, x, y, a, b)

    def _dates(self, variant: Variant) -> Both:
        """When the version of a contract is in force."""
        version = variant.contract.version
        first, last = (version.start, version.end) if version is not None else (None, None)
        key = "_".join(word for word, day in (("from", first), ("to", last)) if day is not None)
        return self.t(f"review.in_force.{key or 'always'}", first=str(first), last=str(last))

    def _gates(self, part: Part, a: ir.Clause, b: ir.Clause) -> Iterator[Change]:
        olds = [self._inner(self.old, a, key) for key in part.old]
        news = [self._inner(self.new, b, key) for key in part.new]
        while olds and news:
            old, new = olds.pop(0), news.pop(0)
            if part.part == "layer":
                yield Change(self.t("review.change.gate_changed.layer", old=old, new=new))
            else:
                yield Change(self.t(f"review.change.gate_changed.{part.part}"), redlines=_lined([old], [new]))
        yield from (Change(self.t(f"review.change.gate_removed.{part.part}", old=x)) for x in olds)
        yield from (Change(self.t(f"review.change.gate_added.{part.part}", new=x)) for x in news)

    @staticmethod
    def _inner(variant: Variant, clause: ir.Clause, key: str) -> Both:
        """A gate without its leading words: its condition, or the clause that goes before."""
        line = variant.part(clause, key)
        if line is None:
            return same(plain(key))
        if isinstance(line.part, ir.Gate):
            condition = line.part.condition
            return Both(plain(phrase.condition(condition)), variant.polish(clause).alone(condition))
        if isinstance(line.part, ir.SupersededBy):
            titles = [variant.title(variant.book.clauses[n]) for n in line.part.clauses]
            return joined([quoted(x) for x in titles])
        return line.said

    # ---------------------------------------------------------------- one sentence
    def _sentence(self, part: str, x: Line, y: Line, a: ir.Clause, b: ir.Clause) -> Iterator[Change]:
        said = None
        if part == "limit":
            said = self._limit(x.part, y.part, a, b) or self._share(x.part, y.part)
        elif part == "calendar":
            said = self._calendar(x.part, y.part, a, b)
        elif part == "strength":
            said = self._strength(x.part, y.part, y.said)
        elif part == "party":
            said = self.t("review.change.party", old=self._party(x.part), new=self._party(y.part))
        elif part == "condition":
            yield from (Change(text) for text in self._conditions(x.part, y.part, a, b))
            return
        if said is not None:
            yield Change(said)
        else:
            yield Change(self.t("review.change.sentence_changed"), redlines=_lined([x.said], [y.said]))

    def _limit(self, x: Any, y: Any, a: ir.Clause, b: ir.Clause) -> Both | None:
        """A limit that is one length in both."""
        o, n = _within(x), _within(y)
        if o is None or n is None:
            return None
        who = {"party": self._of(y), "act": self._act(self.new, y)}
        p, q = self.old.polish(a), self.new.polish(b)
        if replace(o, length=n.length) == n and _same_measure(o.length, n.length):
            lengths = {
                "old": Both(phrase.length(o.length), p.length(o.length, "gen")),
                "new": Both(phrase.length(n.length), q.length(n.length, "gen")),
            }
            clock = Both(plain(phrase.clock(n.clock)), q.clock(n.clock, n.length))
            way = "rises" if int(n.length.amount) > int(o.length.amount) else "falls"
            return self.t(f"review.change.limit_{way}", **lengths, **who, clock=clock)
        said = [Both(f"“{plain(phrase.limit(w))}”", f"„{v.within(w)}”") for w, v in ((o, p), (n, q))]
        return self.t("review.change.limit", old=said[0], new=said[1], **who)

    def _share(self, x: Any, y: Any) -> Both | None:
        """A share of a time that a state is kept."""
        o, n = (_only(s, ir.AtLeastShare) for s in (x, y))
        if o is None or n is None or o.period != n.period or o.hundredths == n.hundredths:
            return None
        old, new = (Both(f"{phrase.percent(s.hundredths)}%", percent(s.hundredths)) for s in (o, n))
        way = "rises" if n.hundredths > o.hundredths else "falls"
        return self.t(f"review.change.share_{way}", party=self._party(y), old=old, new=new)

    def _calendar(self, x: Any, y: Any, a: ir.Clause, b: ir.Clause) -> Both | None:
        """The same length in another calendar, or in none."""
        o, n = _within(x), _within(y)
        if o is None or n is None or (o.length.amount, o.length.unit) != (n.length.amount, n.length.unit):
            return None
        before, after = o.clock.calendar, n.clock.calendar
        if before == after:
            return None
        bare = replace(n.length, counting="clock") if n.length.counting == "elapsed" else n.length
        said: dict[str, Both | str] = {
            "length": Both(phrase.length(bare), self.new.polish(b).length(bare)),
            "act": self._act(self.new, y),
            "party": self._of(y),
        }
        if before is not None:
            said["old"] = quoted(self.old.name_of("calendar", before))
        if after is not None:
            said["new"] = quoted(self.new.name_of("calendar", after))
        key = "calendar_to_real" if after is None else "calendar_from_real" if before is None else "calendar"
        return self.t(f"review.change.{key}", **said)

    def _strength(self, x: Any, y: Any, said: Both) -> Both | None:
        before, after = getattr(x, "strength", None), getattr(y, "strength", None)
        if before is None or after is None:
            return None
        way = "strength"
        if before in _OWED and after in _NO_BREACH:
            way = "weaker"
        elif before in _NO_BREACH and after in _OWED:
            way = "firmer"
        modal = Both(_MODALS.get(after, "shall"), _MODALS_PL.get(after, "ma obowiązek"))
        old, new = (self.t(f"strength.{s}") for s in (before, after))
        return self.t(f"review.change.{way}", old=old, new=new, said=modal)

    def _conditions(self, x: Any, y: Any, a: ir.Clause, b: ir.Clause) -> Iterator[Both]:
        """What is asked together with the act."""
        olds, news = _asked(x, self.old.polish(a)), _asked(y, self.new.polish(b))
        yield from (self.t("review.change.condition_removed", old=c) for c in olds if c not in news)
        yield from (self.t("review.change.condition_added", new=c) for c in news if c not in olds)

    def _party(self, s: Any) -> Both:
        name = getattr(s, "party", "")
        parties = dict(self.new.contract.parties) | dict(self.old.contract.parties)
        en, pl = phrase.party(name), self.new.lexicon.word("parties", name, parties.get(name, name))
        return Both(en if en != name else parties.get(name, name), pl)

    def _of(self, s: Any) -> Both:
        """The party as the one whose limit it is, at the beginning of a sentence."""
        name = getattr(s, "party", "")
        en = self._party(s).en
        known = name if name in ("provider", "customer", "either") else "other"
        return Both(f"{capital(en)}'s", self.t(f"review.of_party.{known}", name=self._party(s)).pl)

    @staticmethod
    def _act(variant: Variant, s: Any) -> Both:
        if isinstance(s, ir.Keep):
            return quoted(variant.name_of("state", s.state))
        return variant.events(getattr(s, "events", ())) if getattr(s, "events", ()) else same("–")

    # ---------------------------------------------------------------- through definitions and readings
    def _through(self, c: ClauseAnswer, a: ir.Clause, b: ir.Clause, shown: Sequence[str]) -> Iterator[Change]:
        t = self.t
        yield from (Change(said, "questions") for said in self.settled(c))
        through = dict.fromkeys(name for p in c.parts for name in p.through)
        told = False
        for text in through:
            kind, _, name = text.partition(" ")
            anchor = self.definitions.get((kind, name))
            if anchor is not None:
                told = True
                yield self.delta(kind, name)
        reached = [p.part for p in c.parts if p.old == p.new and p.through]
        if reached and told:
            parts = joined([part_name(t, p) for p in dict.fromkeys(reached)])
            yield Change(t("review.change.through", parts=parts))
        clauses = [
            n
            for text in through
            if (n := text.removeprefix("clause ")) != text and n in shown and n != c.clause
        ]
        if clauses and not told:
            titles = [quoted(self.new.title(x)) for n in clauses if (x := self.new.clause(n)) is not None]
            yield Change(t("review.change.through_clause", clauses=joined(titles)))

    def delta(self, kind: str, name: str) -> Change:
        """A definition that changes, as one text with both."""
        (en, pl), (en2, pl2) = self.old.definition(kind, name), self.new.definition(kind, name)
        variant = self.new if en2 else self.old
        said = {"kind": self.t(f"review.kind.{kind}"), "name": quoted(variant.name_of(kind, name))}
        key = "definition" if en and en2 else "definition_gone" if en else "definition_new"
        return Change(
            self.t(f"review.change.{key}", **said).map(capital),
            self.definitions[kind, name],
            (differing(en, en2), differing(pl, pl2)),
        )

    def settled(self, c: ClauseAnswer) -> Iterator[Both]:
        """Ambiguities of a clause on which the new variant recommends another reading."""
        for name in sorted(touched(self.old, c.was) | touched(self.new, c.clause)):
            o, n = self.old.book.ambiguities.get(name), self.new.book.ambiguities.get(name)
            if o is None or n is None or o.recommended == n.recommended:
                continue
            old, new = self.old.reading(name, o.recommended), self.new.reading(name, n.recommended)
            yield self.t("review.change.settled", question=n.question, old=quoted(old), new=quoted(new))

    # ---------------------------------------------------------------- figures
    def figures(
        self, c: ClauseAnswer
    ) -> Iterator[tuple[Both, tuple[tuple[Marked, ...], tuple[Marked, ...]]]]:
        """The figures of a clause that differ, each old beside new as one text: its name, and the redlines by language."""
        a, b = self.sides(c)
        if a is None or b is None:
            return
        told: set[Any] = set()
        for part in c.parts:
            if part.part in ("layer", "occasion"):
                continue
            olds, news = (
                self._limits(self.old, a, part.old, part.part),
                self._limits(self.new, b, part.new, part.part),
            )
            gone, come = [x for x in olds if x not in news], [x for x in news if x not in olds]
            if not (gone or come) or not (part.part in OF_FIGURES or _numbers(gone) != _numbers(come)):
                continue
            whole = _lined(gone, come)
            if whole not in told:
                told.add(whole)
                yield part_name(self.t, part.part), whole

    def _limits(self, variant: Variant, clause: ir.Clause, keys: Sequence[str], part: str) -> list[Both]:
        """The limits, or conditions, of a part of a clause; of any other part its words."""
        p = variant.polish(clause)
        out: list[Both] = []
        for key in keys:
            line = variant.part(clause, key)
            if line is None:
                continue
            s = line.part
            if part == "condition":
                out += _asked(s, p)
            elif isinstance(s, ir.Perform | ir.Refrain | ir.Keep) and part in OF_FIGURES:
                limits = [x.base for x in s.limits if not isinstance(x.base, ir.OnlyWhere)]
                out += [Both(plain(phrase.limit(x)), clause_pl.limit(p, x)) for x in limits]
            else:
                out.append(line.said)
        return out


def touched(variant: Variant, clause: str | None) -> frozenset[str]:
    """The ambiguities on which the meaning of a clause depends."""
    found = variant.clause(clause)
    return variant.forms.touches(found.id) if found is not None else frozenset()


def _lined(gone: Sequence[Both], come: Sequence[Both]) -> tuple[tuple[Marked, ...], tuple[Marked, ...]]:
    pairs = [
        (gone[i] if i < len(gone) else None, come[i] if i < len(come) else None)
        for i in range(max(len(gone), len(come)))
    ]
    return (
        tuple(redline(x.en if x else "", y.en if y else "") for x, y in pairs),
        tuple(redline(x.pl if x else "", y.pl if y else "") for x, y in pairs),
    )


def differing(old: Sequence[str], new: Sequence[str]) -> tuple[Marked, ...]:
    """The lines in which two texts differ, each pair as one text."""
    out = []
    for a, b in rows(old, new):
        if a is None or b is None:
            out += [x for x in (a, b) if x is not None]
        elif a != b:
            out.append(redline(text_of(a, "new"), text_of(b, "gone")))
    return tuple(out)


def _numbers(texts: Sequence[Both]) -> list[str]:
    return sorted(_NUMBER.findall(" ".join(x.en for x in texts)))


def _said(variant: Variant, clause: ir.Clause, key: str) -> Both:
    line = variant.part(clause, key)
    return line.said if line is not None else same(plain(key))


def _is_sentence(line: Line) -> bool:
    return not isinstance(
        line.part, ir.Gate | ir.SupersededBy | ir.Each | ir.EachStretch | ir.EachSpan | ir.TheAgreement | None
    )


def _only(s: Any, kind: type) -> Any:
    """The only limit of a kind that a sentence has; None where there is none, or more."""
    if not isinstance(s, ir.Perform | ir.Refrain | ir.Keep):
        return None
    found = [x.base for x in s.limits if isinstance(x.base, kind)]
    return found[0] if len(found) == 1 else None


def _within(s: Any) -> ir.Within | None:
    found = _only(s, ir.Within)
    return found if isinstance(found, ir.Within) else None


def _same_measure(a: ir.Length, b: ir.Length) -> bool:
    return (
        (a.unit, a.counting) == (b.unit, b.counting)
        and isinstance(a.amount, int)
        and isinstance(b.amount, int)
        and a.amount != b.amount
    )


def _asked(s: Any, p: Polish) -> list[Both]:
    """The conditions that a sentence asks to hold."""
    if isinstance(s, ir.Ensure):
        found = [x.base for x in s.conditions]
    elif isinstance(s, ir.Perform | ir.Refrain | ir.Keep):
        found = [x.base.condition for x in s.limits if isinstance(x.base, ir.OnlyWhere)]
    else:
        found = []
    return [Both(plain(phrase.condition(c)), p.alone(c)) for c in found]


def _elsewhere(c: ClauseAnswer) -> str:
    """What is to be said of a clause of which no verdict changes on the recommended readings: whether one does on others."""
    if any(read.answer == DIFFERENT for _, _, read in c.readings):
        return "other_reading_only"
    return "other_reading_open" if c.readings else "words_only"
