"""Files of a contract to the checked contract, or to its diagnostics.

Order: parse every file, collect declarations, lower definitions and clauses, then the checks that need the whole: one
header, no circles, ambiguities with one recommended reading, readings that leave no duty without a sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from dsl import contract as ir
from dsl.clauses import lower_clause
from dsl.conditions import Conditions, fails_on
from dsl.definitions import Definitions, place_of
from dsl.diagnostics import ContractError, Diagnostic
from dsl.graph import circles, deepest, plain_name, references
from dsl.literals import checksum, iso_date, whole
from dsl.names import KINDS, Names, Stop, stop
from dsl.parser import parse
from dsl.source import LANGUAGE_VERSION, Source, Span
from dsl.terms import Local
from dsl.tree import Node, depth_of
from dsl.vocabulary import ANY, EventWord, Vocabulary

_PER_NAME = 6
_MAX_DEPTH = 360
"""How deep definitions may stand on each other, in constructs: each name counts a few for itself."""


def check(sources: Iterable[Source], vocabulary: Vocabulary) -> ir.Contract:
    """The checked contract of its files. Raises ContractError with every fault found, one per cause."""
    sources = list(sources)
    return _Check(sources, vocabulary).run()


class _Check:
    def __init__(self, sources: list[Source], vocabulary: Vocabulary) -> None:
        self.sources = sources
        self.vocabulary = vocabulary
        self.names = Names(vocabulary, events=dict(vocabulary.events), facts=dict(vocabulary.facts))
        self.faults: list[Diagnostic] = []

    def run(self) -> ir.Contract:
        items: list[Node] = []
        for source in self.sources:
            try:
                items.extend(parse(source).nodes())
            except ContractError as error:
                self.faults.extend(error.diagnostics)
        self._finish()
        header = self._header(items)
        self._declare(items)
        contract = self._lower(header)
        self._finish()
        self._whole(contract)
        self._finish()
        return contract

    def _report(self, error: Stop) -> None:
        self.faults.append(error.diagnostic)

    def _finish(self) -> None:
        if self.faults:
            order = {s.name: i for i, s in enumerate(self.sources)}

            def key(d: Diagnostic) -> tuple[int, int, int]:
                return (order.get(d.span.file, -1), d.span.line, d.span.column) if d.span else (-1, 0, 0)

            raise ContractError(sorted(self.faults, key=key), self.sources)

    def _header(self, items: list[Node]) -> Node:
        headers = [n for n in items if n.kind == "contract"]
        if len(headers) != 1:
            span = headers[1].name().span if headers else Span(self.sources[0].name, 1, 1, 1, 2)
            found = "two headers" if headers else "no header"
            self.faults.append(
                Diagnostic(
                    "E409",
                    f'{found}: one file begins `contract NAME "title"`',
                    span,
                    "begin the other files with `part of NAME`",
                )
            )
            self._finish()
        name = headers[0].name().text
        for part in (n for n in items if n.kind == "part_of"):
            if part.name().text != name:
                self.faults.append(
                    Diagnostic(
                        "E409",
                        f'this file is part of "{part.name().text}", the contract is "{name}"',
                        part.name().span,
                        f"write `part of {name}`",
                    )
                )
        return headers[0]

    def _declare(self, items: list[Node]) -> None:
        names = self.names
        for n in items:
            if n.kind not in KINDS:
                continue
            word = n.name()
            if word.text in names.nodes:
                first = names.nodes[word.text].name().span
                self.faults.append(
                    Diagnostic(
                        "E202",
                        f'"{word.text}" is declared twice',
                        word.span,
                        "give one of them another name",
                        (("first declared here", first),),
                    )
                )
                continue
            if n.kind in ("event", "word") and word.text in self.vocabulary.events:
                self.faults.append(
                    Diagnostic(
                        "E202",
                        f'"{word.text}" is an event of the vocabulary already',
                        word.span,
                        "give the definition a name of its own",
                    )
                )
                continue
            names.nodes[word.text] = n
            if n.kind == "word" and n.word("FACT"):
                names.facts[word.text] = ANY
            elif n.kind == "word":
                carries = n.node("carries")
                attributes = {w.text: ANY for w in carries.words("NAME")} if carries else {}
                level: Literal["ticket", "agreement"] = "ticket" if n.word("TICKET") else "agreement"
                names.events[word.text] = EventWord(word.text, level, attributes)
            if n.kind == "ambiguity":
                names.readings[word.text] = tuple(r.name().text for r in n.nodes("reading"))

    def _lower(self, header: Node) -> ir.Contract:
        names = self.names
        for party in header.nodes("party", "third_party"):
            text = next(w for w in party.words("STRING")).string
            key = party.name().text if party.kind == "third_party" else next(party.words()).text
            names.parties[key] = text
        head = self._head(header)
        definitions = Definitions(names, self._report)
        lowered: dict[str, Any] = {
            "ambiguities": definitions.all("ambiguity", definitions.ambiguity),
            "attributes": definitions.all("attribute", definitions.attribute),
            "lists": definitions.all("list_def", definitions.list_),
            "calendars": definitions.all("calendar", definitions.calendar),
            "events": definitions.all("event", definitions.event),
            "states": definitions.all("state", definitions.state),
            "facts": definitions.all("fact", definitions.fact),
            "periods": definitions.all("period", definitions.period),
            "moments": definitions.all("moment", definitions.moment),
            "figures": definitions.all("figure", definitions.figure),
            "conditions": definitions.all("condition_def", definitions.condition),
            "courses": definitions.all("course", definitions.course),
            "clauses": definitions.all("clause", lambda n: lower_clause(n, names)),
        }
        return ir.Contract(**head, **lowered, words=self._words())

    def _head(self, header: Node) -> dict[str, Any]:
        terms = Conditions(self.names, Local())
        head: dict[str, Any] = {
            "language": LANGUAGE_VERSION,
            "name": header.name().text,
            "title": next(header.words("STRING")).string,
            "source": None,
            "law": "polish-civil-code",
            "zone": ir.FactValue(("time_zone",)),
            "country": ir.FactValue(("country",)),
            "parties": tuple(sorted(self.names.parties.items())),
            "version": None,
        }
        seen: set[str] = set()
        for n in header.nodes():
            what = n.kind if n.kind not in ("party", "third_party") else next(n.words()).text
            if what in seen:
                said = what.removesuffix("_line")
                fault = Diagnostic("E402", f"the header says twice: {said}", n.span, "leave one line out")
                self.faults.append(fault)
            seen.add(what)
            try:
                if n.kind == "source":
                    head["source"] = self._source(n)
                elif n.kind == "law":
                    if n.name().text != "polish-civil-code":
                        raise stop(
                            "E205",
                            f'no law "{n.name().text}" is known',
                            n.name().span,
                            "write polish-civil-code",
                        )
                    head["law"] = n.name().text
                elif n.kind == "zone_line":
                    place = place_of(terms, n)
                    if place.otherwise is not None:
                        said = "the zone of the whole contract has no second choice"
                        raise stop("E408", said, n.span, "leave `else …` out, or give it to the calendars")
                    head["zone"] = place.zone
                elif n.kind == "holidays_line":
                    head["country"] = place_of(terms, n).country
                elif n.kind == "version_line":
                    head["version"] = self._version(n)
            except Stop as error:
                self._report(error)
        return head

    def _source(self, n: Node) -> ir.SourceText:
        file, sha = n.words("STRING")
        count = next(n.words("INT"))
        lines = whole(count)
        if not file.string.strip():
            raise stop(
                "E413", "the source text has no name", file.span, 'name its file: `source "contract.txt"`'
            )
        if lines == 0:
            raise stop(
                "E413", "a source text of 0 lines says nothing", count.span, "write how many lines it has"
            )
        self.names.source_lines = (lines, count.span)
        return ir.SourceText(file.string, lines, checksum(sha))

    def _version(self, n: Node) -> ir.Version:
        _, start, end = n.parts
        bounds = [iso_date(w) if w is not None and not isinstance(w, Node) else None for w in (start, end)]
        if bounds[0] and bounds[1] and bounds[1] < bounds[0]:
            raise stop("E410", "the version ends before it begins", n.span, "give the earlier date first")
        return ir.Version(next(n.words("STRING")).string, bounds[0], bounds[1])

    def _words(self) -> tuple[ir.WordOfEvent, ...]:
        out = []
        for name in sorted(self.names.used_words & self.names.events.keys()):
            word = self.names.events[name]
            records = self.vocabulary.records_of(name)
            out.append(ir.WordOfEvent(name, word.level, tuple(sorted(word.attributes.items())), records))
        return tuple(out)

    # ---------------------------------------------------------------- checks of the whole
    def _whole(self, contract: ir.Contract) -> None:
        graph = references(contract)
        clauses = {c.id for c in contract.clauses}
        for found in circles(graph):
            circle = [plain_name(n) for n in found]
            circle = [n for i, n in enumerate(circle) if i == 0 or n != circle[i - 1]]
            word = self.names.nodes[circle[0]].name()
            path = " -> ".join([*circle, circle[0]])
            code = "E404" if set(circle) <= clauses else "E403"
            help_ = (
                "one of them must stand without the other"
                if code == "E403"
                else "one of them must yield to the other, not both"
            )
            others = [("and here", self.names.nodes[n].name().span) for n in circle[1:6]]
            message = f"these refer to each other in a circle: {path}"
            self.faults.append(Diagnostic(code, message, word.span, help_, tuple(others)))
        if not self.faults:
            self._depth(graph)
        for clause in contract.clauses:
            self._readings_cover(clause)

    def _depth(self, graph: Mapping[str, set[str]]) -> None:
        """Definitions that stand on each other, level on level, are evaluated inside each other: not without end."""
        weight = {name: _PER_NAME + depth_of(self.names.nodes[plain_name(name)]) for name in graph}
        name, depth = deepest(graph, weight)
        if depth > _MAX_DEPTH:
            word = self.names.nodes[plain_name(name)].name()
            message = f'"{word.text}" stands on too many definitions, each on the next'
            self.faults.append(Diagnostic("E106", message, word.span, "say some of them without the others"))

    def _readings_cover(self, clause: ir.Clause) -> None:
        """On every choice of readings a clause concerns something, and says something."""
        reading = fails_on(clause.sentences, bool)
        missing = "says nothing"
        if reading is None and clause.concerns:
            reading = fails_on(clause.concerns, lambda left: len(left) == 1)
            missing = "does not say what it concerns"
        if reading is not None:
            word = self.names.nodes[clause.id].name()
            self.faults.append(
                Diagnostic(
                    "E407",
                    f"on {reading} the clause {clause.id} {missing}",
                    word.span,
                    "write what then holds, or `only on reading` for the whole clause",
                )
            )
