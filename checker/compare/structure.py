"""The structural layer: which clause of one variant is which of the other, and which parts of it changed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from checker.compare.answer import Part
from checker.compare.clause_form import ClauseForm, Clauses, SentenceForm
from checker.compare.fare import bound_of
from checker.compare.formula import Form, conjuncts
from dsl import contract as ir
from dsl import phrase

_ACROSS = 3
"""The place in a clause's frame that says whether some clause looks at other tickets."""
Pair = tuple[str | None, str | None]
"""Ids of one clause in both variants; None where a variant has none."""


def pairs(old: Clauses, new: Clauses) -> list[Pair]:
    """Clauses by id; what is left by equal form, then by equal citation. In the order of the new variant, removed ones last."""
    mine, theirs = old.book.clauses, new.book.clauses
    left = [n for n in mine if n not in theirs]
    fresh = [n for n in theirs if n not in mine]
    known: dict[str, str] = {}
    keys: tuple[Callable[[Clauses, str], Any], ...] = (
        lambda c, n: c.form(n),
        lambda c, n: _cited(c.book.clauses[n]),
    )
    for key in keys:
        for n in fresh:
            if n in known.values():
                continue
            sought = key(new, n)
            found = [o for o in left if o not in known and sought is not None and key(old, o) == sought]
            if len(found) == 1:
                known[found[0]] = n
    back = {n: o for o, n in known.items()}
    out: list[Pair] = [(n if n in mine else back.get(n), n) for n in theirs]
    return out + [(o, None) for o in left if o not in known]


def _cited(c: ir.Clause) -> Any:
    return (c.cite.lines, c.cite.place) if c.cite is not None and c.cite.lines else None


def moved(old: Mapping[str, ir.Clause], new: Mapping[str, ir.Clause], both: Iterable[Pair]) -> set[str]:
    """The clauses (by their new ids) that stand elsewhere: in another file, or out of the longest run that kept its order."""
    by_file: dict[str, list[tuple[int, int, str]]] = {}
    out: set[str] = set()
    for o, n in both:
        if o is None or n is None:
            continue
        a, b = old[o], new[n]
        if _file(a) != _file(b):
            out.add(n)
        else:
            by_file.setdefault(_file(b), []).append((b.line, a.line, n))
    for found in by_file.values():
        ordered = sorted(found)
        kept = set(_longest([line for _, line, _ in ordered]))
        out.update(n for i, (_, _, n) in enumerate(ordered) if i not in kept)
    return out


def _file(c: ir.Clause) -> str:
    return c.file.rpartition("/")[2]


def _longest(values: Sequence[int]) -> list[int]:
    """Places of a longest increasing run."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = [-1] * len(values)
    for i, v in enumerate(values):
        k = bisect_left(tails, v)
        if k == len(tails):
            tails.append(v)
            ends.append(i)
        else:
            tails[k], ends[k] = v, i
        before[i] = ends[k - 1] if k else -1
    out = []
    at = ends[-1] if ends else -1
    while at >= 0:
        out.append(at)
        at = before[at]
    return out[::-1]


def reworded(a: ir.Clause, b: ir.Clause) -> bool:
    """Whether anything but the place in the file differs in the clauses as they are written."""
    return replace(a, file="", line=0) != replace(b, file="", line=0)


def words(clauses: Clauses, name: str | None) -> tuple[str, ...]:
    """A clause in words, line by line, as the readings make it."""
    if name is None:
        return ()
    c = clauses.book.clauses[name]
    return (
        *(phrase.concern(x) for x in clauses.lines(c.concerns)),
        *((f"follows {c.course}",) if c.course is not None else ()),
        *(phrase.gate(g) for g in clauses.lines(c.gates)),
        *(phrase.sentence(plain_sentence(clauses, s)) for s in clauses.lines(c.sentences)),
    )


# --------------------------------------------------------------------------- parts
class Differ:
    """Tells which parts of a clause changed, in words, under one choice of readings."""

    def __init__(self, old: Clauses, new: Clauses) -> None:
        self.old, self.new = old, new

    def parts(self, o: str, n: str) -> tuple[Part, ...]:
        """The parts of a clause that differ."""
        a, b = self.old.form(o), self.new.form(n)
        out: list[Part] = []
        if a.exists != b.exists:
            out.append(Part("reading", (_stands(a),), (_stands(b),)))
            return tuple(out)
        through = self.through(o, n)
        if a.frame != b.frame:
            changed = [i for i, (x, y) in enumerate(zip(a.frame, b.frame, strict=True)) if x != y]
            wholes = (self.old.frame, self.new.frame)
            out.append(Part("contract", *(tuple(_framed(i, f[i]) for i in changed) for f in wholes)))
        if a.dated != b.dated:
            out.append(Part("version", *((_in_force(c.book.contract),) for c in (self.old, self.new))))
        for name, part in (("concern", "occasion"), ("where", "scope"), ("above", "layer")):
            if getattr(a, name) != getattr(b, name):
                out.append(self._lines(part, o, n, name, through))
        for name, part in (("save", "carve-out"), ("provided", "prerequisite")):
            if getattr(a, name) != getattr(b, name):
                out.append(self._lines(part, o, n, name, through))
        if a.sentences != b.sentences:
            out += self._sentences(a, b, o, n, through)
        if a.course != b.course and not out:
            out.append(Part("course", (), (), through))
        return tuple(out)

    def through(self, o: str, n: str) -> tuple[str, ...]:
        """The definitions that the clause reaches and that mean something else than before."""
        before, after = self.old.uses(o), self.new.uses(n)
        changed = {key for key in before if key in after and before[key] != after[key]}
        return tuple(f"{kind} {name}" for kind, name in sorted(changed | (set(before) ^ set(after))))

    def _lines(self, part: str, o: str, n: str, name: str, through: tuple[str, ...]) -> Part:
        old, new = (self._said(c, k, name) for c, k in ((self.old, o), (self.new, n)))
        only_old = tuple(text for form, text in old if form not in {f for f, _ in new})
        only_new = tuple(text for form, text in new if form not in {f for f, _ in old})
        return Part(part, only_old, only_new, through)

    def _said(self, clauses: Clauses, name: str, part: str) -> list[tuple[Any, str]]:
        """The lines of a part: what each means, and its words."""
        c = clauses.book.clauses[name]
        if part == "concern":
            return [(clauses.concern(c), phrase.concern(x)) for x in clauses.lines(c.concerns)]
        out: list[tuple[Any, str]] = []
        for g in clauses.lines(c.gates):
            if isinstance(g, ir.SupersededBy):
                if part == "above":
                    out += [(clauses.layer(x), f"superseded by {x}") for x in g.clauses]
            elif g.kind == part:
                form = clauses.condition(g.condition)
                out.append((conjuncts(form) if part != "save" else form, phrase.gate(g)))
        return out

    def _sentences(
        self, a: ClauseForm, b: ClauseForm, o: str, n: str, through: tuple[str, ...]
    ) -> list[Part]:
        texts = [
            [phrase.sentence(plain_sentence(c, s)) for s in c.lines(c.book.clauses[k].sentences)]
            for c, k in ((self.old, o), (self.new, n))
        ]
        left = [i for i, s in enumerate(a.sentences) if s not in b.sentences]
        right = [i for i, s in enumerate(b.sentences) if s not in a.sentences]
        out: list[Part] = []
        for i in left[:]:
            mate = next((k for k in right if _mates(a.sentences[i], b.sentences[k])), None)
            if mate is None:
                continue
            left.remove(i)
            right.remove(mate)
            for part in sorted(_changed(a.sentences[i], b.sentences[mate])):
                out.append(Part(part, (texts[0][i],), (texts[1][mate],), through))
        if left or right:
            out.append(
                Part("sentence", tuple(texts[0][i] for i in left), tuple(texts[1][k] for k in right), through)
            )
        return out


def _framed(i: int, part: Any) -> str:
    """What a contract says for all of its clauses: law, zone, country, and whether any looks at other tickets; in words."""
    if i == 0:
        return f"law {part[0]}"
    if i == _ACROSS:
        return "some clause looks at other tickets" if part else "no clause looks at other tickets"
    told = f'"{part[1]}"' if part[0] == "constant" else ".".join(part[1])
    return f"zone {told}" if i == 1 else f"holidays of {told}"


def _in_force(contract: ir.Contract) -> str:
    """The dates of a contract's version in words."""
    version = contract.version
    if version is None or (version.start is None and version.end is None):
        return "in force at any time"
    ends = ((" from", version.start), (" to", version.end))
    return f"version {version.name} in force" + "".join(f"{word} {day}" for word, day in ends if day)


def _stands(form: ClauseForm) -> str:
    return "stands on these readings" if form.exists else "does not stand on these readings"


def plain_sentence(clauses: Clauses, s: ir.Sentence) -> ir.Sentence:
    """A sentence with its lines as the readings make them."""
    if isinstance(s, ir.Perform | ir.Refrain | ir.Keep):
        return replace(s, limits=tuple(ir.Line(x) for x in clauses.lines(s.limits)))
    if isinstance(s, ir.Ensure):
        return replace(s, conditions=tuple(ir.Line(x) for x in clauses.lines(s.conditions)))
    return s


def _mates(a: SentenceForm, b: SentenceForm) -> bool:
    return a.kind == b.kind and (a.acts == b.acts or bound_of(a)[:2] == bound_of(b)[:2])


def _changed(a: SentenceForm, b: SentenceForm) -> set[str]:
    out = {
        part
        for part, differs in (
            ("party", a.party != b.party),
            ("strength", a.strength != b.strength),
            ("act", a.acts != b.acts or a.rest != b.rest),
            ("condition", a.condition != b.condition),
        )
        if differs
    }
    one = [x for x in a.limits if x not in b.limits]
    other = [x for x in b.limits if x not in a.limits]
    within = [x for x in one if x[0] == "Within"], [x for x in other if x[0] == "Within"]
    if len(within[0]) == len(within[1]) == 1:
        out |= _within(within[0][0], within[1][0])
        one, other = [x for x in one if x[0] != "Within"], [x for x in other if x[0] != "Within"]
    names = {"RefusedBy": "refusal", "OrInstead": "act", "SpanLimit": "calendar"}
    return out | {names.get(x[0], "limit") for x in (*one, *other)}


def _within(a: Form, b: Form) -> set[str]:
    counted = {a[1][3], b[1][3]} not in ({a[1][3]}, {"elapsed", "clock"})
    found = {
        "limit": a[1][:3] != b[1][:3] or a[3][3:] != b[3][3:] or counted,
        "calendar": a[3][1] != b[3][1],
        "pause": a[3][2] != b[3][2],
        "start": a[2] != b[2],
    }
    return {part for part, differs in found.items() if differs}
