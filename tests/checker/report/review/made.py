"""A review to test with: one comparison of real variants, made once; and the same with hostile values, and with what is not proved."""

from __future__ import annotations

import io
from dataclasses import replace
from functools import lru_cache
from itertools import cycle
from typing import Any

from checker.audit.lexicons import lexicon_of_variant
from checker.audit.library import fixtures, load_contract, vocabulary
from checker.audit.words import words_of
from checker.compare.answer import Comparison, Read, Way
from checker.compare.due import Bends
from checker.compare.effect import Logged, effect
from checker.compare.order import HOLIDAYS
from checker.compare.proof import SET_ONCE
from checker.compare.variants import Asked, compared
from checker.record.agreements import read_agreements
from checker.record.reading import read_log
from checker.report.review.gathered import review_of
from checker.report.review.model import Review
from checker.report.review.page import render
from checker.report.review.variant import Variant
from dsl import contract as ir
from tests.checker.report.page import HOSTILE, LONG
from tests.compare.variant import Edit, variant

NAME = "cloudorama"
EDITS: tuple[Edit, ...] = (
    (
        "have licence_activated\n    within 3 working days of order-clock, counted in working-days",
        "have licence_activated\n    within 5 working days of order-clock, counted in working-days",
    ),
    ("channel of ticket_opened is one of email, ticket_system", "channel of ticket_opened is email"),
    ("for at least 99.9 percent of audited-month", "for at least 99.5 percent of audited-month"),
    (
        'reading included "They are: the text says 365 and makes no exception" recommended',
        'reading included "They are: the text says 365 and makes no exception"',
    ),
    ('reading excluded "They are not"', 'reading excluded "They are not" recommended'),
)
ASKED = Asked(("*.sla.*", "*.scope.licences", "*.liability.*"), seconds=120.0)


@lru_cache(maxsize=1)
def contracts() -> tuple[ir.Contract, ir.Contract]:
    """The contract and its variant."""
    return load_contract(NAME), variant(NAME, *EDITS)


@lru_cache(maxsize=1)
def comparison() -> Comparison:
    """Their comparison, over the sample desk."""
    old, new = contracts()
    found = compared(old, new, vocabulary(), ASKED)
    desk, words = fixtures() / f"{NAME}-desk", words_of(vocabulary(), old)
    agreements = read_agreements([desk / "agreement.yaml"], words=words, notes=[])
    log = read_log([desk / "tickets.jsonl"], words=words)
    found.effect = effect(old, new, found.clauses, Logged(log, agreements, None))
    return found


def review(found: Comparison | None = None, *made: ir.Contract) -> Review:
    """The review of it, or of another comparison of these contracts."""
    variants = [Variant(c, lexicon_of_variant(c, (NAME,))) for c in made or contracts()]
    files = [("log", "tickets.jsonl (SHA-256 00)")]
    return review_of(found or comparison(), variants[0], variants[1], vocabulary(), files, ASKED.clauses)


def page(made: Review, language: str = "en") -> bytes:
    """Its page."""
    out = io.BytesIO()
    render(made, language, out)
    return out.getvalue()


def unproved() -> Comparison:
    """The same, where some of it is not proved, in all the ways that there are."""
    found = comparison()
    settings = found.settings
    bends = Bends(tuple((z, c) for z, c in settings["places"]), tuple(settings["years"])).scope
    missing = (
        ("whether provider ever fares worse", "time"),
        (f"whether customer ever fares better beyond: {bends}; {SET_ONCE}", "none of 120 histories shows it"),
        ("whether microsoft ever fares worse", "no proof, and none of 1 histories shows it"),
        ("that the verdicts are the same", "no history was found that tells them apart"),
    )
    way = Way("unknown", "yes", frozenset({HOLIDAYS, bends}))
    first = found.clauses[0]
    read = Read(
        "different",
        first.read.scope,
        (("customer", way.turned), ("provider", way)),
        first.read.examples,
        missing,
    )
    return replace(found, clauses=[replace(first, read=read), *found.clauses[1:]])


def hostile() -> Review:
    """The review with a hostile value in every text that somebody writes; some are a megabyte long."""
    values = cycle(HOSTILE)
    found = comparison()
    old, new = (
        replace(
            c,
            title=next(values),
            parties=tuple((p, next(values)) for p, _ in c.parties),
            clauses=tuple(replace(x, title=next(values), title_pl=next(values)) for x in c.clauses),
            ambiguities=tuple(replace(a, question=next(values)) for a in c.ambiguities),
        )
        for c in contracts()
    )
    assert found.effect is not None
    log: dict[str, Any] = dict(found.effect)
    log["clauses"] = [
        {
            **row,
            "by": [
                {**by, "tickets": [*(f"{i} {next(values)}" for i in range(20)), LONG]} for by in row["by"]
            ],
        }
        for row in log["clauses"]
    ]
    poisoned = replace(
        found,
        old={**found.old, "title": old.title, "version": next(values)},
        new={**found.new, "title": new.title, "version": LONG},
        parties=new.parties,
        effect=log,
        clauses=[_poisoned(c, values) for c in found.clauses],
    )
    return review(poisoned, old, new)


def _poisoned(c: Any, values: Any) -> Any:
    def told(v: Any) -> Any:
        return replace(v, because=next(values))

    examples = tuple(
        replace(
            e,
            agreement={**e.agreement, "country": e.agreement.get("country")},
            old=told(e.old),
            new=told(e.new),
        )
        for e in c.read.examples
    )
    return replace(c, read=replace(c.read, examples=examples, not_proved=((next(values), next(values)),)))
