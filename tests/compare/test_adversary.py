"""Pairs that look alike and are not, or look different and are the same: the answer expected was written before the comparison was run.

`no` is claimed only where it is so on every history; a `yes` has its history; what is neither may be left open.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from checker.audit.library import vocabulary
from checker.compare.answer import ClauseAnswer, Comparison
from checker.compare.text import lines
from checker.compare.variants import Asked, compared
from dsl import contract as ir
from dsl.check import check
from dsl.source import Source

HEAD = """servanda 1
contract sample "Sample"
  law polish-civil-code
  zone {zone}
  holidays of {country}
  provider "The provider"
  customer "The customer"

calendar office
  monday to friday 09:00 to 17:00 save public holidays

"""


@dataclass(frozen=True)
class Pair:
    """Bodies of two contracts, and what may be said of a clause: answers, and halves of the provider (`worse`, `better`).

    A half that is not named may be anything. `zone`, `country`: of both, as the header has them.
    """

    why: str
    old: str
    new: str
    answers: tuple[str, ...]
    worse: tuple[str, ...] = ("yes", "no", "unknown")
    better: tuple[str, ...] = ("yes", "no", "unknown")
    clause: str = "sample.a"
    zone: str = '"Europe/Warsaw"'
    country: str = '"PL"'
    years: int = 3
    extra: dict[str, tuple[str, ...]] = field(default_factory=dict)


def contract(body: str, pair: Pair) -> ir.Contract:
    text = HEAD.format(zone=pair.zone, country=pair.country) + body.strip() + "\n"
    return check([Source("sample.contract", text)], vocabulary())


def found(pair: Pair) -> Comparison:
    old, new = contract(pair.old, pair), contract(pair.new, pair)
    return compared(old, new, vocabulary(), Asked(seconds=4.0, years=pair.years))


def answer_of(comparison: Comparison, clause: str) -> ClauseAnswer | None:
    return next((c for c in comparison.clauses if c.clause == clause), None)


def within(
    limit: str, start: str = "concerns each ticket_opened as opening", act: str = "response_sent"
) -> str:
    return f"clause sample.a\n  {start}\n  the provider shall have {act}\n    {limit}\n"


def where(*lines: str) -> str:
    body = "\n".join(f"  {line}" for line in lines)
    return (
        f"clause sample.a\n  concerns each ticket_opened as opening\n{body}\n"
        "  the provider shall have response_sent\n    within 2 elapsed hours of opening\n"
    )


IN_URGENT = "condition urgent-matter\n  severity of ticket_opened is in urgent\n\n"
SAME = ("equivalent",)
DIFFERENT = ("different",)
OPEN = ("equivalent", "not proved")
YES, NO = ("yes",), ("no",)

ELSEWHERE = "calendar desk\n  {}\n  monday to friday 09:00 to 17:00 save public holidays\n\n" + within(
    "within 4 hours of opening, counted in desk"
)
PAIRS = {
    "a-day-and-24-hours": Pair(
        "a calendar day has 23 hours in March, 25 in October",
        within("within 24 elapsed hours of opening"),
        within("within 1 calendar day of opening"),
        DIFFERENT, YES, YES,
    ),
    "a-day-and-24-hours-without-clock-changes": Pair(
        "where no clock changes they are one: it may be left open, and never shown to differ",
        within("within 24 elapsed hours of opening"),
        within("within 1 calendar day of opening"),
        OPEN, zone='"Asia/Kolkata"', country='"IN"',
    ),
    "a-term-of-a-day-and-24-hours": Pair(
        "a term in days ends with the end of its last day, never before 24 hours but for a night of March",
        within("within 1 day of opening"),
        within("within 24 elapsed hours of opening"),
        DIFFERENT, YES, ("no", "unknown"),
    ),
    "a-working-day-and-eight-hours": Pair(
        "eight hours of an eight-hour day are over before the next working day is",
        within("within 1 working day of opening, counted in office"),
        within("within 8 hours of opening, counted in office"),
        DIFFERENT, YES, ("no", "unknown"),
    ),
    "eight-hours-cut-in-two": Pair(
        "the same hours, written in two lines",
        within("within 8 hours of opening, counted in office"),
        "calendar halves\n  monday to friday 09:00 to 13:00 save public holidays\n"
        "  monday to friday 13:00 to 17:00 save public holidays\n\n"
        + within("within 8 hours of opening, counted in halves"),
        SAME,
    ),
    "working-days-of-other-hours": Pair(
        "working days count days: when the office opens is no matter",
        within("within 2 working days of opening, counted in office"),
        "calendar early\n  monday to friday 07:00 to 15:00 save public holidays\n\n"
        + within("within 2 working days of opening, counted in early"),
        SAME,
    ),
    "a-night-cut-at-midnight": Pair(
        "past midnight the hours are those of the day on which they began: a holiday shuts other ones",
        "calendar nights\n  monday to friday 22:00 to 06:00 save public holidays\n\n"
        + within("within 4 hours of opening, counted in nights"),
        "calendar nights\n  monday to friday 22:00 to 24:00 save public holidays\n"
        "  tuesday to saturday 00:00 to 06:00 save public holidays\n\n"
        + within("within 4 hours of opening, counted in nights"),
        DIFFERENT, YES, YES,
    ),
    "a-night-cut-at-midnight-without-holidays": Pair(
        "without holidays the cut is nothing",
        "calendar nights\n  monday to friday 22:00 to 06:00\n\n"
        + within("within 4 hours of opening, counted in nights"),
        "calendar nights\n  monday to friday 22:00 to 24:00\n  tuesday to saturday 00:00 to 06:00\n\n"
        + within("within 4 hours of opening, counted in nights"),
        OPEN,
    ),
    "holidays-that-never-fall-on-a-tuesday": Pair(
        "in 2026 no holiday of the United States is a Tuesday: the same, and the years stand with it",
        "calendar tuesdays\n  tuesday 09:00 to 17:00 save public holidays\n\n"
        + within("within 4 hours of opening, counted in tuesdays"),
        "calendar tuesdays\n  tuesday 09:00 to 17:00\n\n"
        + within("within 4 hours of opening, counted in tuesdays"),
        ("equivalent", "different", "not proved"), zone='"America/New_York"', country='"US"', years=1,
    ),
    "the-zone-of-another-fact": Pair(
        "two facts may name two places, in either direction",
        ELSEWHERE.format("zone time_zone\n  holidays of country"),
        ELSEWHERE.format("zone rsm_time_zone\n  holidays of country"),
        ("different",), zone="time_zone", country="country",
    ),
    "a-zone-in-the-stead-of-one-not-told": Pair(
        "an agreement that tells no zone leaves the limit open, or has it in Warsaw",
        ELSEWHERE.format("zone time_zone"),
        ELSEWHERE.format('zone time_zone, else "Europe/Warsaw"'),
        ("different",), zone="time_zone", country="country",
    ),
    "the-zone-of-the-agreement-and-a-constant": Pair(
        "the contract names a zone, and one calendar leaves it to the agreement",
        ELSEWHERE.format('zone "Europe/Warsaw"'),
        ELSEWHERE.format("zone time_zone"),
        ("different",),
    ),
    "holidays-on-saturdays": Pair(
        "15 August 2026 is a Saturday",
        "calendar saturdays\n  saturday 09:00 to 17:00 save public holidays\n\n"
        + within("within 4 hours of opening, counted in saturdays"),
        "calendar saturdays\n  saturday 09:00 to 17:00\n\n"
        + within("within 4 hours of opening, counted in saturdays"),
        DIFFERENT, YES, NO,
    ),
    "a-pause-less": Pair(
        "a clock that no longer stops ends no later",
        "state waiting\n  from information_requested until information_provided\n\n"
        + within("within 4 hours of opening, counted in office, stopped while waiting"),
        within("within 4 hours of opening, counted in office"),
        DIFFERENT, YES, NO,
    ),
    "a-pause-that-ends-otherwise": Pair(
        "a pause that another event ends may be longer or shorter",
        "state waiting\n  from information_requested until information_provided\n\n"
        + within("within 4 hours of opening, counted in office, stopped while waiting"),
        "state waiting\n  from information_requested until ticket_closed\n\n"
        + within("within 4 hours of opening, counted in office, stopped while waiting"),
        ("different", "not proved"), ("yes", "unknown"), ("yes", "unknown"),
    ),
    "a-month-and-30-days": Pair(
        "February is shorter, July is longer",
        within("within 1 month of opening"),
        within("within 30 days of opening"),
        DIFFERENT, YES, YES,
    ),
    "two-weeks-and-14-days": Pair(
        "the fourteenth day is the one of the same name",
        within("within 2 weeks of opening"),
        within("within 14 days of opening"),
        SAME,
    ),
    "a-month-that-is-not-moved": Pair(
        "a term that moves off free days ends no earlier than one that does not",
        within("within 1 month of opening"),
        within("within 1 month of opening, not moved off free days"),
        DIFFERENT, YES, ("no", "unknown"),
    ),
    "strictly-before-the-end": Pair(
        "one second",
        within("no later than 1 elapsed hour after opening"),
        within("before 1 elapsed hour after opening"),
        DIFFERENT, YES, ("no", "unknown"),
    ),
    "before-what-is-asked": Pair(
        "an act in the second of the occasion itself is no longer in time",
        within("no later than request", "concerns each information_requested as request"),
        within("before request", "concerns each information_requested as request"),
        DIFFERENT, YES, NO,
    ),
    "before-another-event": Pair(
        "closed one second after: by then `before` looks back from the occasion, and `no later` does not",
        within("before ticket_closed", "concerns each information_requested as request"),
        within("no later than ticket_closed", "concerns each information_requested as request"),
        DIFFERENT, ("yes", "unknown"), YES,
    ),
    "from-each-to-the-first": Pair(
        "a ticket opened again is no occasion any more",
        within("within 2 elapsed hours of opening"),
        within("within 2 elapsed hours of opening", "concerns the first ticket_opened as opening"),
        DIFFERENT, ("no", "unknown"), YES,
    ),
    "none-of-two": Pair(
        "De Morgan",
        where("where none of", "  channel of opening is fax", "  channel of opening is email"),
        where("where channel of opening is not one of fax, email"),
        SAME,
    ),
    "one-value-in-two-conditions": Pair(
        "a channel is not two",
        where("where channel of opening is phone"),
        where("where channel of opening is phone", "where channel of opening is not email"),
        SAME,
    ),
    "distributed": Pair(
        "what is unknown for two causes at once may be pending the one way and undetermined the other",
        where("where response_sent has occurred", "where any of", "  severity of opening is 1", "  channel of opening is phone"),
        where(
            "where any of",
            "  all of", "    response_sent has occurred", "    severity of opening is 1",
            "  all of", "    response_sent has occurred", "    channel of opening is phone",
        ),
        OPEN,
    ),
    "a-number-as-text": Pair(
        "values compare as written",
        where("where severity of opening is one of 1, B"),
        where('where severity of opening is one of B, "1", 1'),
        SAME,
    ),
    "at-most-three-and-fewer-than-four": Pair(
        "the same of whole numbers, which a count is: it may be left open, and never shown to differ",
        where("where the number of response_sent is at most 3"),
        where("where the number of response_sent is less than 4"),
        OPEN,
    ),
    "at-most-and-less": Pair(
        "three are no longer in",
        where("where the number of response_sent is at most 3"),
        where("where the number of response_sent is less than 3"),
        DIFFERENT, NO, YES,
    ),
    "a-gate-of-another-kind": Pair(
        "nobody is bound either way; the verdict is another one",
        where("where channel of opening is phone"),
        where("provided that channel of opening is phone"),
        DIFFERENT, NO, NO,
    ),
    "what-nothing-decides": Pair(
        "a sentence that no record decides leaves the whole clause open",
        within("within 2 elapsed hours of opening"),
        within("within 2 elapsed hours of opening") + '  stated "how politely, no record says"\n',
        DIFFERENT, ("no", "unknown"), ("no", "unknown"),
    ),
    "a-definition-of-the-same-name": Pair(
        "what changed is the list, and the clause asks the condition",
        "list urgent\n  1, A\n\ncondition urgent-matter\n  severity of ticket_opened is 1\n\n" + where("where urgent-matter holds"),
        "list urgent\n  1, B\n\ncondition urgent-matter\n  severity of ticket_opened is 1\n\n" + where("where urgent-matter holds"),
        SAME,
    ),
    "a-condition-in-between": Pair(
        "the change is two definitions away",
        "list urgent\n  1, A\n\n" + IN_URGENT + where("where urgent-matter holds"),
        "list urgent\n  1, A, B\n\n" + IN_URGENT + where("where urgent-matter holds"),
        DIFFERENT, YES, NO,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PAIRS)
def test_the_answer_is_no_wrong_one(name: str) -> None:
    pair = PAIRS[name]
    answer = answer_of(found(pair), pair.clause)
    if answer is None:
        # Word for word the same, in another order.
        assert "equivalent" in pair.answers
        return
    assert answer.read.answer in pair.answers, (pair.why, answer.read)
    if answer.read.answer == "equivalent":
        return
    provider = dict(answer.read.views).get("provider")
    if provider is not None:
        assert provider.worse in pair.worse, (pair.why, answer.read)
        assert provider.better in pair.better, (pair.why, answer.read)
    for e in answer.read.examples:
        assert (e.old.verdict, e.old.due, e.old.occasions) != (e.new.verdict, e.new.due, e.new.occasions)


LAYERS = """
clause sample.base
  concerns each ticket_opened as opening
  superseded by sample.special
  the provider shall have response_sent
    within 8 elapsed hours of opening

clause sample.special
  concerns each ticket_opened as opening
  where severity of opening is 1
{save}  superseded by sample.top
  the provider shall have response_sent
    within 2 elapsed hours of opening

clause sample.top
  concerns each ticket_opened as opening
  where severity of opening is 1
  where channel of opening is phone
  the provider shall have response_sent
    within 1 elapsed hour of opening
"""


def test_a_carve_out_of_what_stands_above() -> None:
    """What is carved out above falls back to the base, where nothing else stands above it."""
    save = "  save where channel of opening is fax\n"
    pair = Pair("", LAYERS.format(save=""), LAYERS.format(save=save), ())
    comparison = found(pair)
    special, base = answer_of(comparison, "sample.special"), answer_of(comparison, "sample.base")
    assert answer_of(comparison, "sample.top") is None
    assert special is not None
    assert base is not None
    assert {p: w.answer for p, w in special.read.views} == {"provider": "laxer", "customer": "stricter"}
    assert {p: w.answer for p, w in base.read.views} == {"provider": "stricter", "customer": "laxer"}
    (example,) = base.read.examples
    assert example.old.verdict == "not_applicable"
    # A carve-out of a channel that the clause above takes anyway changes nothing below.
    phone = "  save where channel of opening is phone\n"
    again = found(Pair("", LAYERS.format(save=""), LAYERS.format(save=phone), ()))
    below = answer_of(again, "sample.base")
    assert below is not None
    assert dict(below.read.views)["provider"].better != "yes"


TWO = """
clause {a}
  concerns each ticket_opened as opening
  the provider shall have response_sent
    within 2 elapsed hours of opening

clause {b}
  concerns each ticket_opened as opening
  the provider shall have response_sent
    within 4 elapsed hours of opening
"""


def test_clauses_that_change_names() -> None:
    swapped = found(
        Pair("", TWO.format(a="sample.a", b="sample.b"), TWO.format(a="sample.b", b="sample.a"), ())
    )
    ways = {c.clause: dict(c.read.views)["provider"].answer for c in swapped.clauses}
    assert ways == {"sample.a": "laxer", "sample.b": "stricter"}
    assert swapped.views()["provider"].answer == "incomparable"
    renamed = found(
        Pair("", TWO.format(a="sample.a", b="sample.b"), TWO.format(a="sample.b", b="sample.c"), ())
    )
    by_id = {c.clause: c for c in renamed.clauses}
    # The name stayed with the other text; what is left over is paired by what it says.
    assert by_id["sample.b"].was == "sample.b"
    assert dict(by_id["sample.b"].read.views)["provider"].answer == "stricter"
    assert by_id["sample.c"].was in (None, "sample.a")
    assert renamed.answer == "different"


SETTLED = """
ambiguity sample-start
  asks "From when do the hours run?"
  reading opening "From the opening"{first}
  reading request "From the request"{second}

clause sample.a
  concerns each ticket_opened as opening
  the provider shall have response_sent
    within 2 elapsed hours of opening
    or on reading sample-start.request
      within 2 elapsed hours of information_requested
"""
PLAIN = within("within 2 elapsed hours of opening")


def test_a_reading_settled() -> None:
    first, second = (
        SETTLED.format(first=a, second=b) for a, b in ((" recommended", ""), ("", " recommended"))
    )
    # To the recommended one: the same today; on the other reading it is not.
    settled = answer_of(found(Pair("", first, PLAIN, ())), "sample.a")
    assert settled is not None
    assert settled.read.answer == "equivalent"
    assert [(a, r, read.answer) for a, r, read in settled.readings] == [
        ("sample-start", "request", "different")
    ]
    assert found(Pair("", first, PLAIN, ())).answer == "different"
    # To the other one.
    other = answer_of(found(Pair("", second, PLAIN, ())), "sample.a")
    assert other is not None
    assert other.read.answer == "different"
    # Recommended otherwise: nothing but the recommendation differs.
    turned = answer_of(found(Pair("", first, second, ())), "sample.a")
    assert turned is not None
    assert turned.read.answer == "different"


def test_an_equivalence_within_bounds_says_so() -> None:
    """The holidays of Virginia are those of the United States, but for Inauguration Day: 20 January 2029 is a Saturday, 2033 is not."""
    old, new = (ELSEWHERE.format(f'holidays of "{land}"') for land in ("US", "US-VA"))
    pair = Pair("", old, new, (), zone='"America/New_York"', country='"US"')
    three = found(pair)
    assert three.answer == "equivalent"
    assert three.bounded
    read = three.clauses[0].read
    assert [
        what.startswith("that the verdicts are the same beyond: openings of 2026-2028")
        for what, _ in read.not_proved
    ] == [True]
    assert all(any("2026-2028" in text for text in way.scope) for way in three.views().values())
    text = "\n".join(lines(three))
    assert "EQUIVALENT, within the bounds given below" in text
    assert "NOT PROVED: that the verdicts are the same beyond" in text
    ten = found(replace(pair, years=10))
    assert ten.answer == "different"
    assert not ten.bounded
    assert not found(replace(pair, new=old)).bounded
