"""One variant in the words of both languages, on the recommended readings: the lines of a clause, definitions, places, titles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from checker.compare.clause_form import Clauses
from checker.compare.structure import plain_sentence
from checker.interpret.book import Book
from checker.report.review.tongues import Both, english, plain, same
from dsl import clause_pl, phrase
from dsl import contract as ir
from dsl.define import all_definitions, lines_of
from dsl.define_pl import definition_lines
from dsl.lexicon import Lexicon
from dsl.phrase_pl import Polish

Part = ir.Concern | ir.Gate | ir.SupersededBy | ir.Sentence


@dataclass(frozen=True)
class Line:
    """A line of a clause: its words, the words that the comparison has for it, and what it is made of (None: a course)."""

    said: Both
    key: str
    part: Part | None


@dataclass
class Variant:
    """A checked contract and its Polish words."""

    contract: ir.Contract
    lexicon: Lexicon
    book: Book = field(init=False)
    forms: Clauses = field(init=False)
    definitions: dict[tuple[str, str], Any] = field(init=False)
    _lines: dict[str, tuple[Line, ...]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.book = Book(self.contract)
        self.forms = Clauses(self.book, self.book.recommended)
        self.definitions = {(kind, d.name): d for kind, d in all_definitions(self.contract)}

    # ---------------------------------------------------------------- clauses
    def clause(self, name: str | None) -> ir.Clause | None:
        """A clause by its id; None where there is none."""
        return self.book.clauses.get(name) if name is not None else None

    def title(self, clause: ir.Clause) -> Both:
        """The title of a clause, or its id."""
        en = clause.title or clause.title_pl or clause.id
        return Both(en, clause.title_pl or en, not clause.title_pl and bool(clause.title))

    def polish(self, clause: ir.Clause) -> Polish:
        """The Polish of a clause, in which `it` is what the clause concerns."""
        concern = next(self.forms.lines(clause.concerns), None)
        return Polish(self.lexicon).about(concern if concern is not None else "any")

    def lines(self, clause: ir.Clause) -> tuple[Line, ...]:
        """A clause line by line."""
        if clause.id not in self._lines:
            self._lines[clause.id] = tuple(self._said(clause))
        return self._lines[clause.id]

    def _said(self, c: ir.Clause) -> Iterator[Line]:
        p = self.polish(c)
        for concern in self.forms.lines(c.concerns):
            yield _line(phrase.concern(concern), clause_pl.concern(p, concern), concern)
        if c.course is not None:
            yield _line(f"follows {c.course}", f"według zasad biegu terminu {p.named(c.course)}", None)
        for gate in self.forms.lines(c.gates):
            yield _line(phrase.gate(gate), clause_pl.gate(p, gate), gate)
        for s in self.forms.lines(c.sentences):
            sentence = plain_sentence(self.forms, s)
            yield _line(phrase.sentence(sentence), clause_pl.sentence(p, sentence), sentence)

    def part(self, clause: ir.Clause, key: str) -> Line | None:
        """The line of a clause for which the comparison has these words; a layer of several stands for each of them."""
        for line in self.lines(clause):
            if line.key == key:
                return line
            if isinstance(line.part, ir.SupersededBy):
                for name in line.part.clauses:
                    one = ir.SupersededBy((name,))
                    if phrase.gate(one) == key:
                        return _line(key, clause_pl.gate(self.polish(clause), one), one)
        return None

    def place(self, cite: ir.Citation | None) -> Both | None:
        """Where the text says it."""
        if cite is None or not cite.place:
            return None
        return Both(cite.place, self.lexicon.place(cite.place))

    # ---------------------------------------------------------------- definitions
    def definition(self, kind: str, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The lines of a definition in English and in Polish; none where there is no such definition."""
        d = self.definitions.get((kind, name))
        if d is None:
            return (), ()
        bare = replace(d, lines=tuple(ir.Line(x) for x in self.forms.lines(d.lines)))
        en = tuple(plain(text.strip()) for text in lines_of(bare))
        return en, tuple(text.strip() for text in definition_lines(Polish(self.lexicon), bare))

    def name_of(self, kind: str, name: str) -> Both:
        """What a definition is called."""
        if kind == "clause" and (clause := self.clause(name)) is not None:
            return self.title(clause)
        if kind == "attribute":
            return Both(plain(name), self.lexicon.word("attributes", name, plain(name)))
        return Both(plain(name), self.lexicon.word("definitions", name, plain(name)))

    # ---------------------------------------------------------------- ambiguities
    def reading(self, ambiguity: str, reading: str) -> Both:
        """What a reading of an ambiguity says."""
        found = self.book.ambiguities.get(ambiguity)
        said = dict(found.readings).get(reading, "") if found is not None else ""
        polish = self.lexicon.reading(ambiguity, reading)
        if not said:
            return Both(reading, polish or reading)
        return Both(said, polish) if polish else english(said)

    def events(self, names: Sequence[str]) -> Both:
        """Events by what they are called, each in quotation marks."""
        en = " or ".join(f"“{plain(n)}”" for n in names)
        return Both(en, Polish(self.lexicon).events(names))


def _line(en: str, pl: str, part: Part | None) -> Line:
    return Line(Both(plain(en), pl), en, part)


def words(text: str, polish: str) -> Both:
    """A word of a record in both languages."""
    return same(text) if text == polish else Both(plain(text), polish)
