"""Two variants of a contract compared: every clause, on the recommended readings and on each other one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any
from zoneinfo import ZoneInfo

from checker.audit.words import words_of
from checker.compare.answer import EQUIVALENT, ClauseAnswer, Comparison, Read
from checker.compare.clause_form import Clauses
from checker.compare.draft import Draft
from checker.compare.due import Frame, Place
from checker.compare.logic import Groups
from checker.compare.order import Order
from checker.compare.proof import Prover
from checker.compare.question import Effort, Question
from checker.compare.single import certainly, two_valued
from checker.compare.structure import Differ, Pair, moved, pairs, reworded, words
from checker.compare.witness import Instant
from checker.interpret.book import Book
from dsl import contract as ir
from dsl.codec import digest
from dsl.vocabulary import Vocabulary

PLACES: tuple[Place, ...] = (("Europe/Warsaw", "PL"), ("America/New_York", "US"), ("Asia/Kolkata", "IN"))
"""Where due functions are compared, where the contract leaves it to the agreement: clock changes at two times, and none."""
FIRST_YEAR = 2026
_OPENINGS = (
    *("2026-05-05T10:00:00", "2026-05-08T16:30:00", "2026-05-09T12:00:00", "2026-05-05T23:00:00"),
    *("2026-11-11T10:00:00", "2026-03-28T22:00:00", "2026-12-23T17:00:00", "2026-10-24T15:00:00"),
)
"""About when histories begin: in hours, before a weekend, on one, at night, on a holiday, before clock changes and the turn of a year."""


_SHOWN = 12
"""So many of the last histories that were found are tried on the next clause first: one change often shows on many clauses in one way."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What to compare, and how hard. `years`: of the horizon. `seconds`: of processor time, for one question. `clauses`: globs, all where
    there is none.
    """

    clauses: tuple[str, ...] = ()
    years: int = 3
    seconds: float = 2.0
    tries: int = 120
    seed: str = "servanda"
    readings: bool = True


def compared(old: ir.Contract, new: ir.Contract, vocabulary: Vocabulary, asked: Asked) -> Comparison:
    """The answer about two contracts.

    Raises:
        Contradiction: an error of ours.
    """
    return _Run(old, new, vocabulary, asked).run()


class _Run:
    def __init__(self, old: ir.Contract, new: ir.Contract, vocabulary: Vocabulary, asked: Asked) -> None:
        self.asked = asked
        self.books = Book(old), Book(new)
        places = places_of(new)
        years = (FIRST_YEAR, FIRST_YEAR + asked.years - 1)
        groups = Groups(certainly(vocabulary), two_valued(vocabulary))
        self.prover = Prover(Order(places, years, groups, Frame.of(old, new)))
        levels = {w.name: w.level for c in (old, new) for w in c.words}
        words_ = words_of(vocabulary, replace(new, words=(*old.words, *new.words)))
        at = openings(new, places)
        if _dates(old) != _dates(new):
            at = (*_about_dates(old, new, places[0]), *at)
        self.effort = Effort(*(vocabulary, words_, levels, at, asked.seconds, asked.tries, asked.seed))
        self.forms = (
            Clauses(self.books[0], self.books[0].recommended, new),
            Clauses(self.books[1], self.books[1].recommended, old),
        )
        self._shown: list[Draft] = []
        self._others: dict[tuple[str, str], tuple[Clauses, Clauses]] = {}
        self.settings: dict[str, Any] = {
            "years": [*years],
            "places": [list(p) for p in places],
            "seconds_for_one_question": asked.seconds,
            "histories_for_one_question": asked.tries,
            "seed": asked.seed,
        }

    def run(self) -> Comparison:
        """Every clause."""
        old, new = (b.contract for b in self.books)
        parties = dict(old.parties) | dict(new.parties)
        out = Comparison(_told(old), _told(new), tuple(sorted(parties.items())), self.settings)
        found = pairs(*self.forms)
        elsewhere = moved(self.books[0].clauses, self.books[1].clauses, found)
        asked = [pair for pair in found if self._asked(pair)]
        # What stands for other clauses comes after them: their histories are likely to show it, too.
        answers = {pair: self._clause(pair, pair[1] in elsewhere) for pair in sorted(asked, key=self._late)}
        for pair in asked:
            answer = answers[pair]
            if answer is None:
                out.alike.append(str(pair[1]))
            else:
                out.clauses.append(answer)
        return out

    def _late(self, pair: Pair) -> bool:
        clause = self.books[1].clauses.get(pair[1] or "")
        return clause is not None and clause.id in self.books[1].stand_ins

    def _asked(self, pair: Pair) -> bool:
        globs = self.asked.clauses
        return not globs or any(name is not None and fnmatchcase(name, g) for name in pair for g in globs)

    def _clause(self, pair: Pair, elsewhere: bool) -> ClauseAnswer | None:
        """The answer about one clause; None where nothing at all differs."""
        o, n = pair
        a, b = (book.clauses[k] if k is not None else None for book, k in zip(self.books, pair, strict=True))
        question = Question(*self.forms, self.prover, self.effort, tuple(self._shown[-_SHOWN:]))
        read = question.answer(o, n)
        self._shown += question.drafts
        readings = tuple(self._readings(pair, read, tuple(question.drafts))) if self.asked.readings else ()
        if a is None or b is None:
            structure = "added" if a is None else "removed"
        elif read.answer != EQUIVALENT or self.forms[0].form(str(o)) != self.forms[1].form(str(n)):
            structure = "changed"
        elif readings:
            structure = "otherwise"
        elif a.id != b.id:
            structure = "renamed"
        elif reworded(a, b):
            structure = "reworded"
        elif elsewhere:
            structure = "moved"
        else:
            return None
        differ = Differ(*self.forms)
        return ClauseAnswer(
            clause=str(n or o),
            was=o,
            structure=structure,
            moved=elsewhere,
            titles=(*_titles(a), *_titles(b)),
            places=(_cited(a), _cited(b)),
            words=(words(self.forms[0], o), words(self.forms[1], n)),
            parts=differ.parts(o, n) if o is not None and n is not None else (),
            read=read,
            readings=readings,
        )

    def _readings(self, pair: Pair, read: Read, drafts: tuple[Draft, ...]) -> list[tuple[str, str, Read]]:
        """The other readings, one at a time, on which the answer is another one."""
        touched: set[str] = set()
        for clauses, name in zip(self.forms, pair, strict=True):
            if name is not None:
                touched |= clauses.touches(name)
        out: list[tuple[str, str, Read]] = []
        for name in sorted(touched):
            for reading in self._alternatives(name):
                forms = self._on(name, reading)
                if self._as_recommended(forms, pair):
                    continue
                question = Question(*forms, self.prover, self.effort, drafts)
                other = question.sketch(*pair)
                if _agrees(other, read):
                    continue
                other = question.answer(*pair)
                if _gist(other) != _gist(read):
                    out.append((name, reading, other))
        return out

    def _alternatives(self, name: str) -> list[str]:
        found = [b.ambiguities[name] for b in self.books if name in b.ambiguities]
        kept = {a.recommended for a in found}
        names = dict.fromkeys(r for a in found for r, _ in a.readings)
        return [r for r in names if len(found) < 2 or kept != {r}]

    def _on(self, name: str, reading: str) -> tuple[Clauses, Clauses]:
        """Both variants with an ambiguity read so, where they have it with that reading."""
        key = (name, reading)
        if key not in self._others:
            made = []
            for book, other in zip(self.books, reversed(self.books), strict=True):
                there = name in book.ambiguities and reading in dict(book.ambiguities[name].readings)
                readings = {**book.recommended, name: reading} if there else book.recommended
                made.append(Clauses(book, readings, other.contract))
            self._others[key] = (made[0], made[1])
        return self._others[key]

    def _as_recommended(self, forms: Sequence[Clauses], pair: Pair) -> bool:
        return all(
            name is None or a.form(name) == b.form(name)
            for a, b, name in zip(forms, self.forms, pair, strict=True)
        )


def _agrees(sketch: Read, read: Read) -> bool:
    """Whether what proofs alone say of another reading is what they leave open, or was found, on the recommended ones."""
    if EQUIVALENT in (sketch.answer, read.answer):
        return sketch.answer == read.answer
    known = dict(read.views)
    return all(
        party in known
        and (way.worse in (known[party].worse, "unknown"))
        and way.better in (known[party].better, "unknown")
        for party, way in sketch.views
    ) and set(known) == {party for party, _ in sketch.views}


def _gist(read: Read) -> Any:
    return read.answer, {party: way.answer for party, way in read.views}


def places_of(contract: ir.Contract) -> tuple[Place, ...]:
    """Where due functions are compared: first the contract's own place, where it names one, then those of agreements."""
    if not isinstance(contract.zone, str):
        return PLACES
    own = contract.zone, contract.country if isinstance(contract.country, str) else "PL"
    return tuple(dict.fromkeys((own, *PLACES)))


def openings(contract: ir.Contract, places: Sequence[Place]) -> tuple[Instant, ...]:
    """When and where histories begin: in the years of the contract's version, where it has one."""
    version = contract.version
    year = FIRST_YEAR
    if version is not None and version.start is not None and version.start.year >= year:
        year = version.start.year + 1
    if version is not None and version.end is not None and version.end.year <= year:
        year = version.end.year - 1
    out = [
        (_at(text.replace("2026", str(year), 1), place), place) for place in places[:1] for text in _OPENINGS
    ]
    return tuple(out)


def _dates(contract: ir.Contract) -> tuple[date | None, date | None]:
    """The first and the last day of a contract's version; None: open."""
    version = contract.version
    return (version.start, version.end) if version is not None else (None, None)


def _about_dates(old: ir.Contract, new: ir.Contract, place: Place) -> Iterator[Instant]:
    """Mornings just before and after the days on which only one of two versions is in force begin or end."""
    days: set[date] = set()
    for one, other, step in zip(_dates(old), _dates(new), (-1, 1), strict=True):
        for day in (one, other):
            if day is not None and one != other:
                days |= {day, day + step * timedelta(days=1), day + step * timedelta(days=8)}
    for day in sorted(days):
        yield _at(f"{day}T10:00:00", place), place


def _at(text: str, place: Place) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(place[0])).timestamp())


def _told(contract: ir.Contract) -> dict[str, Any]:
    version = contract.version.name if contract.version is not None else None
    return {
        "contract": contract.name,
        "title": contract.title,
        "version": version,
        "digest": digest(contract),
        "clauses": len(contract.clauses),
    }


def _titles(c: ir.Clause | None) -> tuple[str, str]:
    return (c.title, c.title_pl) if c is not None else ("", "")


def _cited(c: ir.Clause | None) -> str:
    if c is None:
        return ""
    cite = c.cite.place if c.cite is not None else ""
    return f"{c.file}:{c.line}" + (f" ({cite})" if cite else "")


def on_readings(contract: ir.Contract, readings: Mapping[str, str]) -> ir.Contract:
    """A contract that recommends other readings."""
    return replace(
        contract,
        ambiguities=tuple(
            replace(a, recommended=readings.get(a.name, a.recommended)) for a in contract.ambiguities
        ),
    )
