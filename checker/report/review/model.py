"""What the page of a review shows, as plain values: every text in both languages, every difference marked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checker.report.review.marked import Marked, Row
from checker.report.review.tongues import Both


@dataclass(frozen=True)
class View:
    """How a party fares. `party`: its name in the contract; `said`: the party, `for_it`: as a half sentence."""

    party: str
    said: Both
    answer: str
    half: Both | None
    for_it: Both
    scope: tuple[Both, ...]


@dataclass(frozen=True)
class Change:
    """One sentence of what changes, with both texts as one in English and Polish where that says it best, and where more of it stands
    in the page (an anchor, or nothing)."""

    said: Both
    link: str = ""
    redlines: tuple[tuple[Marked, ...], tuple[Marked, ...]] = ((), ())


@dataclass(frozen=True)
class Side:
    """One variant's verdict on an example. `broken`: what was not kept, where that is another kind of sentence in the other."""

    verdict: str | None
    due: Both
    done: Both
    why: Both
    judge: str
    broken: Both | None = None


@dataclass(frozen=True)
class Happened:
    """An event of an example: its number in the picture, when (local time of the place), what, with what."""

    number: int
    at: Both
    name: Both
    said: tuple[tuple[Both, Both], ...]
    of_agreement: bool
    cited: bool


@dataclass(frozen=True)
class Shown:
    """An example: what it shows, the agreement's facts, the history, the verdicts under both, and its picture in either language."""

    number: int
    shows: Both
    facts: tuple[tuple[Both, Both], ...]
    events: tuple[Happened, ...]
    as_of: Both
    old: Side
    new: Side
    pictures: tuple[str, str] | None
    drawn: bool
    part: bool


@dataclass(frozen=True)
class Answer:
    """The answer on one choice of readings."""

    answer: str
    views: tuple[View, ...]
    tail: Both
    scope: tuple[Both, ...]
    examples: tuple[Shown, ...]
    not_proved: tuple[tuple[Both, Both], ...]


@dataclass(frozen=True)
class Otherwise:
    """Another reading, and the answer on it."""

    ambiguity: str
    question: Both
    reading: Both
    answer: Answer


@dataclass(frozen=True)
class Word:
    """A definition on which a clause rests, as the new variant has it (the old one, where the clause is removed): lines by language."""

    kind: Both
    name: Both
    lines: tuple[tuple[str, ...], tuple[str, ...]]


@dataclass(frozen=True)
class Clause:
    """A clause in which something differs. Rows: the clause line by line in both variants, in English and in Polish."""

    id: str
    anchor: str
    was: str | None
    structure: str
    moved: bool
    titles: tuple[Both | None, Both | None]
    places: tuple[Both | None, Both | None]
    lines: tuple[str, str]
    files: tuple[str, str]
    rows: tuple[tuple[Row, ...], tuple[Row, ...]]
    words: tuple[Word, ...]
    parts: tuple[Both, ...]
    changes: tuple[Change, ...]
    answer: Answer
    otherwise: tuple[Otherwise, ...]

    @property
    def title(self) -> Both:
        """Its title in the new variant, else in the old one."""
        found = self.titles[1] or self.titles[0]
        assert found is not None
        return found


@dataclass(frozen=True)
class Definition:
    """A definition that changes of itself, line by line, and the clauses of the page that it reaches."""

    anchor: str
    kind: Both
    name: Both
    rows: tuple[tuple[Row, ...], tuple[Row, ...]]
    redlines: tuple[tuple[Marked, ...], tuple[Marked, ...]]
    place: Both | None
    lines: str
    clauses: tuple[str, ...]


@dataclass(frozen=True)
class Figure:
    """A row of the redline: what it is, both texts as one in English and Polish, the clauses, the place."""

    part: Both
    redlines: tuple[tuple[Marked, ...], tuple[Marked, ...]]
    clauses: tuple[str, ...]
    place: Both | None
    lines: str
    link: str


@dataclass(frozen=True)
class Question:
    """An ambiguity of the clauses concerned. `state`: open, settled, new or read_otherwise."""

    name: str
    asks: Both
    readings: tuple[tuple[str, Both, tuple[Both, ...], bool], ...]
    clauses: tuple[str, ...]
    state: str


@dataclass(frozen=True)
class Flips:
    """What the log says of one clause: verdicts that flip from what to what, how many, which tickets."""

    clause: str
    count: int
    kept: tuple[float | None, float | None]
    by: tuple[tuple[str, str, int, tuple[str, ...], int], ...]


@dataclass(frozen=True)
class Effect:
    """What the log says. `told`: the figures of its population."""

    tickets: int
    agreements: int
    set_aside: int
    as_of: str
    rows: tuple[Flips, ...]


@dataclass(frozen=True)
class Review:
    """The whole page. `only`: globs of the clauses that were compared, where not all were."""

    only: tuple[str, ...]
    old: dict[str, Any]
    new: dict[str, Any]
    answer: str
    views: tuple[View, ...]
    counts: dict[str, int]
    scope: tuple[tuple[Both, tuple[Both, ...]], ...]
    not_proved: tuple[tuple[str, Both, Both, Both], ...]
    figures: tuple[Figure, ...]
    definitions: tuple[Definition, ...]
    clauses: tuple[Clause, ...]
    effect: Effect | None
    questions: tuple[Question, ...]
    alike: tuple[str, ...]
    provenance: tuple[tuple[Both, str], ...]

    def clause(self, name: str) -> Clause:
        """A clause of the page by its id."""
        return next(c for c in self.clauses if c.id == name)
