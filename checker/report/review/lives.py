"""The examples of a comparison as the page shows them: judged once more under both variants, for their time lines and reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from checker.audit.words import words_of
from checker.compare.answer import ClauseAnswer, Example, Read, Verdicts
from checker.compare.replay import Stage, Subject
from checker.compare.text import BROKEN
from checker.interpret.explain import explain
from checker.interpret.judge import Judge
from checker.report.pictures import timelines
from checker.report.review.model import Happened, Shown, Side
from checker.report.review.tongues import Both, Tongues, capital, english, joined, plain, same
from checker.report.review.variant import Variant
from checker.report.timeline import timeline
from dsl import phrase
from dsl.vocabulary import Vocabulary

MOST_PICTURES: Final = 60
"""Examples that are drawn, in the order of the page: each takes a tenth of a second. The others are lists of their events."""
_NOT_FACTS: Final = frozenset({"agreement", "contract", "events"})
Lived = dict[str, Any] | None


class Lives:
    """Shows examples, numbered through the page. `parties`: how each party is called."""

    def __init__(
        self, old: Variant, new: Variant, vocabulary: Vocabulary, t: Tongues, parties: Mapping[str, Both]
    ) -> None:
        self.old, self.new, self.t, self.parties = old, new, t, parties
        self.vocabulary = vocabulary
        self.words = words_of(
            vocabulary, replace(new.contract, words=(*old.contract.words, *new.contract.words))
        )
        self.levels = {w.name: str(w.level) for v in (old, new) for w in v.contract.words}
        self.count = 0

    def shown(self, c: ClauseAnswer, read: Read, readings: Mapping[str, str]) -> Iterator[Shown]:
        """The examples of an answer. `readings`: the ambiguities that are read otherwise than recommended."""
        for example in read.examples:
            self.count += 1
            yield self._shown(c, example, readings, self.count)

    def _shown(self, c: ClauseAnswer, e: Example, readings: Mapping[str, str], number: int) -> Shown:
        told = self._told(c, e, readings)
        whole = [
            x is None or str(x["verdict"]) == v.verdict for x, v in zip(told, (e.old, e.new), strict=True)
        ]
        lines = [_line(x, v, ours) for x, v, ours in zip(told, (e.old, e.new), whole, strict=True)]
        found = next((x for x in lines if x is not None), None)
        drawn = number <= MOST_PICTURES
        events = list(self._events(lines, found)) if found is not None else []
        return Shown(
            number=number,
            shows=self._shows(e),
            facts=tuple(self._facts(e.agreement)),
            events=tuple(events),
            as_of=self.t.instant(e.as_of),
            old=self._side(e.old, e.new),
            new=self._side(e.new, e.old),
            pictures=self._pictures(lines, number) if drawn else None,
            drawn=drawn,
            part=not all(whole),
        )

    def _told(self, c: ClauseAnswer, e: Example, readings: Mapping[str, str]) -> tuple[Lived, Lived]:
        """The explanation under either variant; None where it has no such clause."""
        subjects, ids = [], []
        for variant, name in ((self.old, c.was), (self.new, c.clause)):
            gone = variant is self.new and c.structure == "removed"
            clause = variant.clause(name) if not gone else None
            chosen = {k: r for k, r in readings.items() if r in _readings(variant, k)}
            subjects.append(Subject(variant.book, variant.book.readings(chosen), clause))
            ids.append((clause.id if clause is not None else None, chosen))
        stage = Stage(subjects[0], subjects[1], self.vocabulary, self.words, self.levels)
        now = int(datetime.fromisoformat(e.as_of).timestamp())
        cases = stage.cases(e.agreement, e.ticket, now)
        if cases is None:
            return None, None
        out: list[Lived] = []
        for subject, (name, chosen), case in zip(subjects, ids, cases, strict=True):
            out.append(
                explain(Judge(subject.book, case, now, chosen), name, turns=False)
                if name is not None
                else None
            )
        return out[0], out[1]

    # ---------------------------------------------------------------- what it shows
    def _shows(self, e: Example) -> Both:
        if not e.shows:
            return self.t("review.example.differs")
        said = [self.t(f"review.example.{way}", party=self.parties[party]) for party, way in e.shows]
        return joined(said, "; ").map(capital)

    def _side(self, v: Verdicts, other: Verdicts) -> Side:
        t = self.t
        if v.verdict is None:
            return Side(None, t("none"), t("none"), t("review.example.reason.none"), "")
        return Side(
            v.verdict,
            t.instant(v.due),
            t.instant(v.done),
            t(f"review.example.reason.{_reason(v)}"),
            v.because,
            t(f"review.example.broken.{v.strength}")
            if v.strength != other.strength and v.strength in BROKEN
            else None,
        )

    def _facts(self, agreement: Mapping[str, Any]) -> Iterator[tuple[Both, Both]]:
        lexicon = self.new.lexicon
        for name, value in agreement.items():
            if name not in _NOT_FACTS:
                yield Both(plain(name), lexicon.word("facts", name, plain(name))), self._value(value)

    def _value(self, value: Any) -> Both:
        lexicon = self.new.lexicon
        if isinstance(value, Mapping):
            said = []
            for name, inner in value.items():
                label = Both(plain(str(name)), lexicon.word("attributes", str(name), plain(str(name))))
                shown = self._value(inner)
                said.append(Both(f"{label.en}: {shown.en}", f"{label.pl}: {shown.pl}"))
            return joined(said, "; ") if said else self.t("review.example.empty")
        if isinstance(value, list):
            return joined([self._value(v) for v in value]) if value else self.t("review.example.none")
        if isinstance(value, bool):
            return self.t("yes" if value else "no")
        if isinstance(value, str):
            return Both(plain(value), lexicon.value(value))
        return same(phrase.shown(value))

    def _events(self, lines: Iterable[Lived], found: dict[str, Any]) -> Iterator[Happened]:
        lexicon = self.new.lexicon
        told = [x for x in lines if x is not None]
        for i, e in enumerate(found["events"]):
            name = e["event"]
            said = tuple(
                (Both(plain(k), lexicon.word("attributes", k, plain(k))), self._value(v))
                for k, v in e["said"].items()
            )
            yield Happened(
                number=i + 1,
                at=self.t.instant(e["at"]),
                name=Both(plain(name), lexicon.event(name))
                if lexicon.event(name) != name
                else english(plain(name)),
                said=said,
                of_agreement=e["of_agreement"],
                cited=any(x["events"][i]["cited"] for x in told),
            )

    def _pictures(self, lines: list[Lived], number: int) -> tuple[str, str] | None:
        """The picture in English and in Polish; None where all has one instant."""
        title = self.t("review.example.picture")
        out = []
        for language, words in (("en", self.t.english), ("pl", self.t.polish)):
            said = title.en if language == "en" else title.pl
            picture = timelines(lines[0], lines[1], words, f"x{number}{language}", said, "variables")
            if picture is None:
                return None
            out.append(picture.svg)
        return out[0], out[1]


def _readings(variant: Variant, ambiguity: str) -> frozenset[str]:
    found = variant.book.ambiguities.get(ambiguity)
    return frozenset(name for name, _ in found.readings) if found is not None else frozenset()


def _line(told: Lived, v: Verdicts, whole: bool) -> Lived:
    """The time line of one variant, with the limit and the act of the verdict that is shown."""
    if told is None:
        return None
    line = timeline(told)
    if line["due"] is not None:
        # What is measured after the limit is by how much it was missed, and no time that counts towards it.
        line |= {"spans": list(up_to(line["due"], line["spans"]))}
    if not whole or (line["due"], line["done"]) != (v.due, v.done):
        line |= {"due": v.due, "done": v.done, "spans": line["spans"] if whole else []}
        ends = sorted((x for x in (line["from"], line["to"], v.due, v.done) if x), key=datetime.fromisoformat)
        line |= {"from": ends[0] if ends else None, "to": ends[-1] if ends else None}
    return line


def up_to(due: str, spans: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """The spans of a clock up to its limit."""
    end = datetime.fromisoformat(due)
    for span in spans:
        if datetime.fromisoformat(span["from"]) < end:
            late = datetime.fromisoformat(span["to"]) > end
            yield {**span, "to": due} if late else span


def _reason(v: Verdicts) -> str:
    """The key of the reason that instants and verdict give."""
    if v.verdict == "met" and v.due and v.done:
        return "in_time"
    if v.verdict == "breached" and v.due:
        late = v.done is not None and datetime.fromisoformat(v.done) > datetime.fromisoformat(v.due)
        return "late" if late else "not_done" if v.done is None else "breached"
    return str(v.verdict)
