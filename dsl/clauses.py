"""From clause nodes to the clauses of the checked contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, cast

from dsl import contract as ir
from dsl.conditions import Conditions, lines_of, with_reading
from dsl.definitions import citation
from dsl.diagnostics import did_you_mean
from dsl.literals import share_of_time
from dsl.names import Names, stop
from dsl.terms import Local
from dsl.tree import Node, Word

_GATES = {"where": "where", "save_where": "save", "provided": "provided", "superseded": ""}
_CONCERNS = ("concerns_each", "concerns_one", "concerns_stretch", "concerns_agreement")
_SENTENCES = ("perform", "refrain", "keep", "ensure", "release", "forfeit", "stands_for", "stated")
_LIMITS_OF = {
    "perform": {
        "within",
        "no_later",
        "no_sooner",
        "before",
        "after",
        "during",
        "outside",
        "refused",
        "instead",
        "no_limit",
        "between",
        "fitting",
        "to_each",
        "only_where",
    },
    "refrain": {
        "within",
        "no_later",
        "no_sooner",
        "before",
        "after",
        "during",
        "outside",
        "between",
        "fitting",
        "save_for",
    },
    "keep": {
        "within",
        "no_later",
        "no_sooner",
        "before",
        "after",
        "during",
        "outside",
        "between",
        "save_for",
        "leaving_out",
        "share",
    },
}
_SPELT = {
    "between": "from … until",
    "fitting": "with the same …",
    "instead": "or instead",
    "leaving_out": "leaving out",
    "no_later": "no later than",
    "no_limit": "without a stated limit",
    "no_sooner": "no sooner than",
    "only_where": "only where",
    "refused": "refused by",
    "save_for": "save for",
    "to_each": "for each … in",
    "share": "for at least … percent of",
    "within": "within … of",
}
_FITS = {"r_same": "with the same …", "r_including": "with … including …", "r_answering": "answering …"}
"""Limits as the language writes them, where their rule in the grammar is named otherwise."""


@dataclass
class _Parts:
    titles: dict[str, str] = field(default_factory=dict)
    cite: ir.Citation | None = None
    only_on: tuple[str, str] | None = None
    course: str | None = None
    concerns: list[ir.Line[Any]] = field(default_factory=list)
    gates: list[ir.Line[Any]] = field(default_factory=list)
    sentences: list[ir.Line[Any]] = field(default_factory=list)


def lower_clause(node: Node, names: Names) -> ir.Clause:
    """The checked clause of a `clause` node. Raises Stop at its first fault."""
    word = node.name()
    local = _local(node, names)
    terms = Conditions(names, local)
    parts = _Parts()
    last: list[ir.Line[Any]] | None = None
    for n in node.nodes():
        last = _line(n, terms, names, parts, last)
    _complete(node, word, parts)
    concern = parts.concerns[0].base if parts.concerns else None
    return ir.Clause(
        id=word.text,
        title=parts.titles.get("en", ""),
        title_pl=parts.titles.get("pl", ""),
        cite=parts.cite,
        concerns=tuple(parts.concerns),
        gates=tuple(parts.gates),
        sentences=tuple(parts.sentences),
        course=parts.course,
        only_on=parts.only_on,
        level=_level(concern, parts, names),
        file=word.span.file,
        line=word.span.line,
    )


def _line(
    n: Node, terms: Conditions, names: Names, parts: _Parts, last: list[ir.Line[Any]] | None
) -> list[ir.Line[Any]] | None:
    if n.kind == "title":
        language = n.word("NAME")
        key = language.text if language else "en"
        if language and key not in ("en", "pl"):
            raise stop(
                "E205", f'no title is kept in "{key}"', language.span, 'write `title "…"` or `title pl "…"`'
            )
        if key in parts.titles:
            raise stop("E402", f"the title in {key} stands twice", n.span, "leave one out")
        parts.titles[key] = cast(Word, n.word("STRING")).string
    elif n.kind == "cite":
        if parts.cite is not None:
            raise stop("E402", "the clause cites its place twice", n.span, "write all lines in one `cite`")
        parts.cite = citation(n, names)
    elif n.kind == "only_on":
        parts.only_on = names.reading(n.name())
    elif n.kind == "follows":
        parts.course = names.need(n.name(), "course")
    elif n.kind == "on_reading":
        if not last:
            raise stop(
                "E406",
                "this reading stands below no line that it could replace",
                n.span,
                "put it below a `concerns`, a gate or a sentence",
            )
        ambiguity, reading = names.reading(n.name())
        inner = [m for m in n.nodes() if m.kind != "falls_away"]
        for m in _plain(inner):
            if m.kind not in (*_CONCERNS, *_GATES, *_SENTENCES):
                said = "no reading changes a title, a citation or what the clause follows"
                raise stop("E408", said, m.span, "replace a gate by gates, a sentence by sentences")
        instead = lines_of(names, inner, lambda m: _lower(m, terms, names))
        kinds = {_slot(m) for m in _plain(inner)}
        if kinds and kinds != {_slot_of(last[-1].base)}:
            raise stop(
                "E408",
                "a line is replaced by lines of its own kind",
                n.span,
                "replace a gate by gates, a sentence by sentences",
            )
        last[-1] = with_reading(last[-1], ambiguity, reading, instead, n)
        return last
    else:
        slot = {"concerns": parts.concerns, "gate": parts.gates, "sentence": parts.sentences}[_slot(n)]
        slot.append(ir.Line(_lower(n, terms, names)))
        return slot
    return None


def _plain(nodes: list[Node]) -> list[Node]:
    """The lines of a block, those on further readings included."""
    out: list[Node] = []
    for n in nodes:
        out += _plain(list(n.nodes())) if n.kind == "on_reading" else [n] if n.kind != "falls_away" else []
    return out


def _slot(n: Node) -> str:
    return "concerns" if n.kind in _CONCERNS else "gate" if n.kind in _GATES else "sentence"


def _slot_of(value: Any) -> str:
    if isinstance(value, ir.Each | ir.EachStretch | ir.EachSpan | ir.TheAgreement):
        return "concerns"
    return "gate" if isinstance(value, ir.Gate | ir.SupersededBy) else "sentence"


def _complete(node: Node, word: Word, parts: _Parts) -> None:
    free = parts.sentences and all(isinstance(s.base, ir.Stated | ir.StandsFor) for s in parts.sentences)
    if not parts.concerns and not free:
        raise stop(
            "E401",
            f"the clause {word.text} does not say what it concerns",
            word.span,
            "add `concerns each EVENT`",
        )
    if len(parts.concerns) > 1:
        raise stop(
            "E402",
            f"the clause {word.text} concerns one thing",
            word.span,
            "name one event that stands for both: `event X means A or B`",
        )
    if not parts.sentences:
        raise stop(
            "E401",
            f"the clause {word.text} has no sentence: nobody owes anything",
            word.span,
            'add `the provider shall have …`, `is released`, or `stated "why"`',
        )
    if parts.course is not None:
        if not parts.concerns or not isinstance(parts.concerns[0].base, ir.EachStretch):
            raise stop(
                "E401",
                "a clause that follows a course concerns stretches",
                word.span,
                "write `concerns each stretch of ATTRIBUTE VALUE`",
            )
        if len(parts.sentences) != 1 or not isinstance(parts.sentences[0].base, ir.Perform):
            raise stop(
                "E401",
                "a clause that follows a course has one sentence with `have`",
                word.span,
                "split the clause",
            )


def _local(node: Node, names: Names) -> Local:
    """Names of the occasion: its alias, its event, `stretch`; from the first `concerns` line and its alternatives."""
    alias = {"it"}
    events: list[str] | None = []
    spanning = entry = False
    for n in node.walk():
        if n.kind not in _CONCERNS:
            continue
        if n.kind == "concerns_stretch":
            alias.add("stretch")
            spanning = True
        elif n.kind != "concerns_agreement":
            words = list(n.words("NAME"))
            alias.add(words[-1].text)
            kind = names.kind(words[0].text)
            if kind in ("state", "period", "fact"):
                spanning = True
                entry = entry or kind == "fact"
            elif names.is_event(words[0].text) and events is not None:
                alias.add(words[0].text)
                events.append(words[0].text)
        else:
            alias.add("agreement")
    return Local(frozenset(alias), tuple(events or ()), entry=entry, spanning=spanning)


def _level(concern: Any, parts: _Parts, names: Names) -> Literal["ticket", "agreement"]:
    if isinstance(concern, ir.Each):
        return names.level([concern.event])
    if isinstance(concern, ir.EachSpan) and concern.kind == "state":
        starts = [
            w.text
            for n in names.nodes[concern.name].walk()
            if n.kind == "state_span"
            for w in cast(Node, n.node("names")).words("NAME")
        ]
        return names.level(starts) if starts else "ticket"
    if isinstance(concern, ir.EachSpan | ir.TheAgreement):
        return "agreement"
    return "ticket"


def _lower(n: Node, terms: Conditions, names: Names) -> Any:
    if n.kind in _CONCERNS:
        return _concern(n, terms, names)
    if n.kind == "superseded":
        return ir.SupersededBy(tuple(names.need(w, "clause") for w in n.words("NAME")))
    if n.kind in _GATES:
        condition = terms.condition_line(cast(Node, n.node("condition_line")))
        return ir.Gate(cast(Any, _GATES[n.kind]), condition)
    return _sentence(n, terms, names)


def _concern(n: Node, terms: Conditions, names: Names) -> ir.Concern:
    if n.kind == "concerns_agreement":
        return ir.TheAgreement()
    word = n.name()
    if n.kind == "concerns_stretch":
        attribute = names.need(word, "attribute")
        kind = names.attribute_type(None, attribute)
        return ir.EachStretch(attribute, tuple(terms.scalar(v, kind) for v in n.nodes("value")))
    if n.kind == "concerns_one":
        which = cast(Any, cast(Word, n.word("FIRST", "LAST")).text)
        return ir.Each(names.need_event(word), which, _alias(n))
    kind = names.kind(word.text)
    if kind in ("state", "period", "fact"):
        if any(x.kind == "period_rolling" for x in names.nodes[word.text].walk()):
            raise stop(
                "E303",
                f'"{word.text}" runs back from an occasion: it has none of its own',
                word.span,
                "concern the events, and count them in the period",
            )
        return ir.EachSpan(names.need(word, kind), cast(Any, kind), _alias(n))
    return ir.Each(names.need_event(word), name=_alias(n))


def _alias(n: Node) -> str:
    """What a clause calls its occasion, after `as`; empty where it gives no name."""
    words = list(n.words("NAME"))
    return words[1].text if len(words) > 1 else ""


def _party(n: Node, names: Names) -> str:
    subject = cast(Node, n.parts[0])
    if subject.kind == "other_party":
        word = subject.name()
        own = names.parties.keys() - {"provider", "customer"}
        if word.text not in own:
            known = [
                *own,
                "where",
                "provided",
                "superseded",
                "concerns",
                "title",
                "cite",
                "save",
                "follows",
                "only",
                "stated",
            ]
            raise stop(
                "E201",
                f'"{word.text}" leads no line and names no party',
                word.span,
                f"write `the {word.text}`"
                if word.text in ("provider", "customer")
                else did_you_mean(word.text, known)
                or "a sentence begins with `the provider`, `the customer` or `either party`",
            )
        return word.text
    return {"the_provider": "provider", "the_customer": "customer", "either_party": "either"}[subject.kind]


_OF_MODAL: dict[str, ir.Strength] = {
    "endeavour": "target",
    "expects": "estimate",
    "may": "may",
    "discretion": "discretion",
}


def _strength(n: Node, party: str) -> ir.Strength:
    """The modal verb is the strength; `shall` binds the provider as guarantee, the customer as duty, a third party not."""
    if n.kind != "shall":
        return _OF_MODAL[n.kind]
    return "guarantee" if party == "provider" else "duty" if party in ("customer", "either") else "definition"


def _sentence(n: Node, terms: Conditions, names: Names) -> ir.Sentence:
    if n.kind == "stated":
        return ir.Stated(cast(Word, n.word("STRING")).string)
    if n.kind == "stands_for":
        return ir.StandsFor(tuple(names.need(w, "clause") for w in n.words("NAME")))
    party = _party(n, names)
    if n.kind == "release":
        return ir.Release(party)
    if n.kind == "forfeit":
        if party != "customer":
            raise stop(
                "E408",
                "only the customer is entitled to anything here",
                n.span,
                "write `the customer is not entitled`",
            )
        return ir.Forfeit(party)
    nodes = list(n.nodes())[1:]
    if n.kind == "refrain":
        strength: ir.Strength = "guarantee" if party == "provider" else "duty"
        events, limits = nodes[0], nodes[1:]
        acts = _events(events, names)
        return ir.Refrain(party, strength, acts, _limits(n.kind, limits, terms, acts))
    strength = _strength(nodes[0], party)
    if n.kind == "perform":
        acts = _events(nodes[1], names)
        return ir.Perform(party, strength, acts, _limits(n.kind, nodes[2:], terms, acts))
    if n.kind == "keep":
        state = names.need(n.name(), "state")
        return ir.Keep(party, strength, state, n.word("FREE") is not None, _limits(n.kind, nodes[1:], terms))
    return ir.Ensure(party, strength, lines_of(terms.names, nodes[1:], terms.condition_line))


def _events(node: Node, names: Names) -> tuple[str, ...]:
    return tuple(names.need_event(w) for w in node.words("NAME"))


def _limits(
    kind: str, nodes: list[Node], terms: Conditions, acts: tuple[str, ...] = ()
) -> tuple[ir.Line[ir.SentenceLimit], ...]:
    def lower(n: Node) -> ir.SentenceLimit:
        if n.kind not in _LIMITS_OF[kind]:
            takes = ", ".join(f"`{_SPELT.get(x, x)}`" for x in sorted(_LIMITS_OF[kind]))
            fit = n.node()
            spelt = _FITS[fit.kind] if n.kind == "fitting" and fit is not None else _SPELT.get(n.kind, n.kind)
            raise stop(
                "E408",
                f"`{spelt}` does not qualify this sentence",
                n.span,
                f"it takes {takes}",
            )
        limit = _limit(n, terms)
        if isinstance(limit, ir.Fitting):
            terms.carried(acts, limit.fit, n)
        elif isinstance(limit, ir.ToEach):
            terms.carried(acts, ir.Including(limit.attribute, limit.of), n)
        return limit

    found = lines_of(terms.names, nodes, lower)
    each = [x.base for x in found if isinstance(x.base, ir.ToEach)]
    fits = [x.base for x in found if isinstance(x.base, ir.Fitting)]
    if len(each) > 1 or len(set(fits)) < len(fits):
        which = [n for n in nodes if n.kind == ("to_each" if len(each) > 1 else "fitting")]
        raise stop(
            "E402",
            "an act is owed for each value of one list" if len(each) > 1 else "the same line stands twice",
            which[-1].span,
            "write a sentence for each list" if len(each) > 1 else "leave one out",
        )
    return found


def _limit(n: Node, terms: Conditions) -> ir.SentenceLimit:
    nodes = list(n.nodes())
    relations = {"no_later": "no-later", "no_sooner": "no-sooner", "before": "before", "after": "after"}
    if n.kind == "within":
        length, clock = terms.clock(terms.length(nodes[0]), nodes[2:], n)
        return ir.Within(length, terms.instant(nodes[1]), clock)
    if n.kind in relations:
        return ir.Limit(cast(Any, relations[n.kind]), terms.instant(nodes[0], nodes[1:]))
    if n.kind in ("during", "outside"):
        name, kind = terms.span_name(n.name())
        return ir.SpanLimit(name, kind, n.kind == "during")
    if n.kind == "between":
        return ir.Between(terms.instant(nodes[0]), terms.instant(nodes[1]))
    if n.kind == "fitting":
        return ir.Fitting(terms.fit(nodes[0]))
    if n.kind == "to_each":
        return ir.ToEach(n.name().text, terms.listed(nodes[0]))
    if n.kind == "only_where":
        return ir.OnlyWhere(terms.condition_line(nodes[0]))
    if n.kind == "refused":
        return ir.RefusedBy(_events(nodes[0], terms.names))
    if n.kind == "instead":
        restrictions = terms.restrictions(nodes[1].nodes()) if len(nodes) > 1 else ()
        return ir.OrInstead(ir.Rows(_events(nodes[0], terms.names), restrictions))
    if n.kind == "save_for":
        return ir.SaveFor(terms.names.need(n.name(), "state"))
    if n.kind == "leaving_out":
        name, kind = terms.span_name(n.name())
        if kind not in ("calendar", "state"):
            raise stop(
                "E303", f'"{name}" is neither calendar nor state', n.name().span, "name a calendar or a state"
            )
        return ir.LeavingOut(name, cast(Any, kind))
    if n.kind == "share":
        return ir.AtLeastShare(
            share_of_time(cast(Word, n.word("DECIMAL", "INT"))), terms.names.need(n.name(), "period")
        )
    return ir.NoLimit()
