"""Acts within limits: due, done and margin to the second; strict, backwards, two-sided; refusals; acts instead."""

from __future__ import annotations

import pytest

from tests.checker.interpret.tiny import Found, found, verdict

OFFICE = """
calendar office
  monday to friday 09:00 to 17:00 save public holidays
"""


def clause(*sentence: str, concerns: str = "each opened as opening") -> str:
    """A clause of one sentence, with its limits."""
    first, *limits = sentence
    return "\n".join(
        [OFFICE, "clause c", f"  concerns {concerns}", f"  {first}", *(f"    {x}" for x in limits)]
    )


def told(f: Found) -> tuple[str, str | None, str | None, int | None]:
    return f.verdict, f.due, f.done, f.margin


# --------------------------------------------------------------------------- due, done, margin
ELAPSED = clause("the provider shall have answered", "within 90 elapsed minutes of opening")
IN_HOURS = clause("the provider shall have answered", "within 3 hours of opening, counted in office")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("2025-03-10 10:29:59", ("met", "2025-03-10 10:30:00", "2025-03-10 10:29:59", 1)),
        ("2025-03-10 10:30:00", ("met", "2025-03-10 10:30:00", "2025-03-10 10:30:00", 0)),
        ("2025-03-10 10:30:01", ("breached", "2025-03-10 10:30:00", "2025-03-10 10:30:01", -1)),
    ],
)
def test_a_limit_is_met_at_its_last_second(answer: str, expected: tuple[object, ...]) -> None:
    assert told(found(ELAPSED, f"2025-03-10 09:00 opened\n{answer} answered")) == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        # Opened on Friday at 15:00: two hours on Friday, one on Monday. The margin is on the clause's own clock.
        ("2025-03-14 16:00", ("met", "2025-03-17 10:00:00", "2025-03-14 16:00:00", 2 * 3600)),
        ("2025-03-15 12:00", ("met", "2025-03-17 10:00:00", "2025-03-15 12:00:00", 3600)),
        ("2025-03-17 10:00", ("met", "2025-03-17 10:00:00", "2025-03-17 10:00:00", 0)),
        ("2025-03-17 18:00", ("breached", "2025-03-17 10:00:00", "2025-03-17 18:00:00", -7 * 3600)),
        ("2025-03-18 09:30", ("breached", "2025-03-17 10:00:00", "2025-03-18 09:30:00", -7 * 3600 - 1800)),
    ],
)
def test_the_clock_runs_in_office_hours(answer: str, expected: tuple[object, ...]) -> None:
    assert told(found(IN_HOURS, f"2025-03-14 15:00 opened\n{answer} answered")) == expected


def test_a_limit_that_runs_out_at_closing_is_due_at_closing() -> None:
    at_closing = found(IN_HOURS, "2025-03-14 14:00 opened\n2025-03-17 09:00 answered")
    assert told(at_closing) == ("breached", "2025-03-14 17:00:00", "2025-03-17 09:00:00", 0)
    assert verdict(IN_HOURS, "2025-03-14 14:00 opened\n2025-03-14 17:00 answered") == "met"
    assert found(IN_HOURS, "2025-03-14 14:00:01 opened").due == "2025-03-17 09:00:01"


def test_what_is_opened_outside_hours_counts_from_the_next_opening() -> None:
    assert found(IN_HOURS, "2025-03-14 17:00 opened").due == "2025-03-17 12:00:00"
    assert found(IN_HOURS, "2025-03-17 08:59:59 opened").due == "2025-03-17 12:00:00"
    assert found(IN_HOURS, "2025-03-16 03:00 opened").due == "2025-03-17 12:00:00"


def test_a_public_holiday_does_not_count() -> None:
    # 24 December is a working day in 2024, and free from 2025.
    assert found(IN_HOURS, "2024-12-23 16:00 opened").due == "2024-12-24 11:00:00"
    assert found(IN_HOURS, "2025-12-23 16:00 opened", as_of="2026-02-01 12:00").due == "2025-12-29 11:00:00"


def test_elapsed_time_is_as_long_as_it_really_is() -> None:
    day = clause("the provider shall have answered", "within 24 elapsed hours of opening")
    assert found(day, "2025-03-29 12:00 opened").due == "2025-03-30 13:00:00"
    assert found(day, "2025-10-25 12:00 opened").due == "2025-10-26 11:00:00"


def test_the_hour_that_comes_twice_counts_twice() -> None:
    nights = """
    calendar nights
      monday to sunday 22:00 to 06:00

    clause c
      concerns each opened as opening
      the provider shall have answered
        within 6 hours of opening, counted in nights
    """
    assert found(nights, "2025-10-25 23:00 opened").due == "2025-10-26 04:00:00"
    assert found(nights, "2025-03-29 23:00 opened").due == "2025-03-30 06:00:00"


def test_what_is_not_done_has_no_margin() -> None:
    assert told(found(ELAPSED, "2025-03-10 09:00 opened")) == ("breached", "2025-03-10 10:30:00", None, None)


def test_an_act_before_the_occasion_does_not_count() -> None:
    assert told(found(ELAPSED, "2025-03-10 08:59 answered\n2025-03-10 09:00 opened")) == (
        "breached",
        "2025-03-10 10:30:00",
        None,
        None,
    )


def test_the_first_act_counts() -> None:
    two = found(ELAPSED, "2025-03-10 09:00 opened\n2025-03-10 10:00 answered\n2025-03-10 10:10 answered")
    assert told(two) == ("met", "2025-03-10 10:30:00", "2025-03-10 10:00:00", 1800)
    late = found(ELAPSED, "2025-03-10 09:00 opened\n2025-03-10 11:00 answered\n2025-03-10 12:00 answered")
    assert told(late) == ("breached", "2025-03-10 10:30:00", "2025-03-10 11:00:00", -1800)


def test_an_event_in_the_second_of_the_audit_is_on_record() -> None:
    opened = "2025-03-10 09:00 opened\n"
    # The limit has not passed before its last second is over.
    assert verdict(ELAPSED, opened, as_of="2025-03-10 10:29:59") == "pending"
    assert verdict(ELAPSED, opened, as_of="2025-03-10 10:30:00") == "pending"
    assert verdict(ELAPSED, opened, as_of="2025-03-10 10:30:01") == "breached"
    assert verdict(ELAPSED, opened + "2025-03-10 10:30 answered", as_of="2025-03-10 10:30") == "met"


def test_events_after_the_audit_are_not_seen() -> None:
    history = "2025-03-10 09:00 opened\n2025-03-10 10:00 answered"
    early = found(ELAPSED, history, as_of="2025-03-10 09:59:59")
    assert told(early) == ("pending", "2025-03-10 10:30:00", None, None)
    assert early.explanation["left_out_after_audit"] == 1
    assert verdict(ELAPSED, "2025-03-10 09:00 opened", as_of="2025-03-10 08:00") == "not_applicable"


# --------------------------------------------------------------------------- other bounds
def test_no_later_than_and_before() -> None:
    no_later = clause("the provider shall have fixed", "no later than (2 elapsed hours after opening)")
    before = clause("the provider shall have fixed", "before (2 elapsed hours after opening)")
    opened = "2025-03-10 09:00 opened\n"
    assert found(no_later, opened).due == "2025-03-10 11:00:00"
    assert found(before, opened).due == "2025-03-10 10:59:59"
    assert verdict(no_later, opened + "2025-03-10 11:00 fixed") == "met"
    assert verdict(before, opened + "2025-03-10 11:00 fixed") == "breached"
    assert verdict(before, opened + "2025-03-10 10:59:59 fixed") == "met"


def test_by_the_end_of_the_month_and_of_the_day() -> None:
    month = clause("the provider shall have fixed", "no later than the end of the month of opening")
    day = clause("the provider shall have fixed", "no later than the end of the day of opening")
    opened = "2025-02-10 09:00 opened\n"
    assert found(month, opened).due == "2025-02-28 23:59:59"
    assert found(day, opened).due == "2025-02-10 23:59:59"
    assert verdict(month, opened + "2025-02-28 23:59:59 fixed") == "met"
    assert verdict(month, opened + "2025-03-01 00:00 fixed") == "breached"


def test_the_end_of_a_day_with_a_clock_change() -> None:
    day = clause("the provider shall have fixed", "no later than the end of the day of opening")
    f = found(day, "2025-10-26 00:00 opened\n2025-10-26 23:59:59 fixed")
    assert (f.verdict, f.margin) == ("met", 0)


def test_at_least_so_long_before() -> None:
    ahead = clause(
        "the provider shall have notice_given",
        "no later than (6 calendar weeks before visit-day)",
        concerns="each visit as visit-day",
    )
    # The same local time six weeks earlier, over the clock change of 30 March.
    visit = "2025-04-15 10:00 visit\n"
    assert found(ahead, visit).due == "2025-03-04 10:00:00"
    assert verdict(ahead, "2025-03-04 10:00 notice_given\n" + visit) == "met"
    assert verdict(ahead, "2025-03-04 10:00:01 notice_given\n" + visit) == "breached"
    assert verdict(ahead, visit) == "breached"


def test_working_days_counted_back() -> None:
    ahead = (
        OFFICE
        + """
clause c
  concerns each visit as visit-day
  the provider shall have notice_given
    no later than (3 working days before visit-day, counted in office)
"""
    )
    # 11 November is free: three working days before Thursday the 13th are the 12th, the 10th and the 7th.
    assert found(ahead, "2025-11-13 10:00 visit").due == "2025-11-07 10:00:00"
    assert verdict(ahead, "2025-11-07 10:00 notice_given\n2025-11-13 10:00 visit") == "met"
    assert verdict(ahead, "2025-11-07 10:01 notice_given\n2025-11-13 10:00 visit") == "breached"


TWO_SIDED = clause(
    "the provider shall have closed",
    "no sooner than (24 elapsed hours after opening)",
    "no later than (72 elapsed hours after opening)",
)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ("2025-03-11 09:00 closed", "met"),
        ("2025-03-13 09:00 closed", "met"),
        ("2025-03-13 09:00:01 closed", "breached"),
        ("", "breached"),
        # Who acts too early has broken it, and a second act does not heal that.
        ("2025-03-11 08:59:59 closed", "breached"),
        ("2025-03-10 10:00 closed\n2025-03-12 10:00 closed", "breached"),
        ("2025-03-12 10:00 closed\n2025-03-12 11:00 closed", "met"),
        # What lies before the occasion is not about it.
        ("2025-03-01 10:00 closed\n2025-03-12 10:00 closed", "met"),
    ],
)
def test_neither_too_early_nor_too_late(history: str, expected: str) -> None:
    assert verdict(TWO_SIDED, f"2025-03-10 09:00 opened\n{history}") == expected


def test_two_sided_is_pending_until_its_end() -> None:
    assert verdict(TWO_SIDED, "2025-03-10 09:00 opened", as_of="2025-03-13 08:59:59") == "pending"
    early = "2025-03-10 09:00 opened\n2025-03-10 10:00 closed"
    assert verdict(TWO_SIDED, early, as_of="2025-03-10 11:00") == "breached"


def test_the_later_and_the_earlier_of_several_moments() -> None:
    later = clause(
        "the provider shall have fixed", "within 1 elapsed hour of the later of opening and documented"
    )
    earlier = clause(
        "the provider shall have fixed", "within 1 elapsed hour of the earlier of answered and documented"
    )
    history = "2025-03-10 09:00 opened\n2025-03-10 10:00 documented\n2025-03-10 10:30 answered\n"
    assert found(later, history).due == "2025-03-10 11:00:00"
    assert found(earlier, history).due == "2025-03-10 11:00:00"
    # Until the second of them has come, the limit has not begun to run.
    assert verdict(later, "2025-03-10 09:00 opened") == "pending"


def test_during_and_outside() -> None:
    during = clause("the provider shall have fixed", "within 24 elapsed hours of opening", "during office")
    opened = "2025-03-10 16:00 opened\n"
    assert verdict(during, opened + "2025-03-10 16:30 fixed") == "met"
    assert verdict(during, opened + "2025-03-10 20:00 fixed") == "breached"
    assert verdict(during, opened + "2025-03-10 20:00 fixed\n2025-03-11 09:00 fixed") == "met"
    outside = clause("the provider shall have fixed", "within 24 elapsed hours of opening", "outside office")
    assert verdict(outside, opened + "2025-03-10 17:00 fixed") == "met"
    assert verdict(outside, opened + "2025-03-10 16:59:59 fixed") == "breached"


# --------------------------------------------------------------------------- refusals, and acts instead
REFUSABLE = clause(
    "the provider shall have answered", "within 2 elapsed hours of opening", "refused by refused"
)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ("2025-03-10 10:00 answered\n2025-03-10 10:30 refused", "met"),
        ("2025-03-10 10:00 refused\n2025-03-10 10:30 answered", "breached"),
        ("2025-03-10 10:00 refused", "breached"),
        # A refusal before the occasion is none of it.
        ("2025-03-10 08:00 refused\n2025-03-10 10:30 answered", "met"),
        # In one second the order of the record decides.
        ("2025-03-10 10:00 answered\n2025-03-10 10:00 refused", "met"),
        ("2025-03-10 10:00 refused\n2025-03-10 10:00 answered", "breached"),
        ("2025-03-10 10:00 refused revision=2\n2025-03-10 10:00 answered revision=1", "met"),
    ],
)
def test_a_refusal_before_the_performance_breaches(history: str, expected: str) -> None:
    assert verdict(REFUSABLE, f"2025-03-10 09:00 opened\n{history}") == expected


def test_a_refusal_breaches_before_the_limit() -> None:
    history = "2025-03-10 09:00 opened\n2025-03-10 09:10 refused"
    assert verdict(REFUSABLE, history, as_of="2025-03-10 09:10") == "breached"


def test_a_refusal_after_a_gap() -> None:
    """A performance may lie in the gap before the refusal."""
    contract = """
    clause c
      concerns each opened as opening
      the provider shall have fixed
        without a stated limit
        refused by refused
    """
    lost = {"gaps": [{"from": "2025-03-10T09:30:00+01:00", "to": "2025-03-10T09:40:00+01:00"}]}
    history = "2025-03-10 09:00 opened\n2025-03-10 10:00 refused"
    assert verdict(contract, history) == "breached"
    assert verdict(contract, history, lost) == "undetermined"


def test_an_act_instead() -> None:
    either = clause(
        "the provider shall have fixed",
        "within 2 elapsed hours of opening",
        "or instead documented no later than (4 elapsed hours after opening)",
    )
    opened = "2025-03-10 09:00 opened\n"
    assert verdict(either, opened + "2025-03-10 10:00 fixed") == "met"
    assert verdict(either, opened + "2025-03-10 13:00 documented") == "met"
    assert verdict(either, opened + "2025-03-10 13:00:01 documented") == "breached"
    assert verdict(either, opened + "2025-03-10 12:00 fixed") == "breached"
    assert verdict(either, opened, as_of="2025-03-10 12:00") == "pending"


def test_either_of_two_acts() -> None:
    either = clause("the provider shall have answered or fixed", "within 2 elapsed hours of opening")
    opened = "2025-03-10 09:00 opened\n"
    assert (
        found(either, opened + "2025-03-10 10:00 fixed\n2025-03-10 10:30 answered").done
        == "2025-03-10 10:00:00"
    )
    assert verdict(either, opened + "2025-03-10 11:00 fixed\n2025-03-10 12:00 answered") == "met"
    assert verdict(either, opened + "2025-03-10 11:00:01 fixed") == "breached"


def test_the_first_of_two_late_acts() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the provider shall have answered or fixed
        within 2 elapsed hours of opening
    """
    f = found(contract, "2025-03-10 09:00 opened\n2025-03-10 12:00 fixed\n2025-03-10 13:00 answered")
    assert (f.done, f.margin) == ("2025-03-10 12:00:00", -3600)


# --------------------------------------------------------------------------- occasions of a deadline
ANSWERING = clause("the provider shall have answered", "within 2 elapsed hours of opening")


def test_each_occasion_has_its_own_limit() -> None:
    history = "2025-03-10 09:00 opened\n2025-03-10 10:00 answered\n2025-03-11 09:00 opened\n2025-03-11 12:00 answered"
    f = found(ANSWERING, history)
    assert (f.verdict, f.each) == ("breached", ["met", "breached"])
    assert f.dues == ["2025-03-10 11:00:00", "2025-03-11 11:00:00"]
    assert told(f) == ("breached", "2025-03-11 11:00:00", "2025-03-11 12:00:00", -3600)


def test_the_earliest_of_equals_is_reported() -> None:
    f = found(ANSWERING, "2025-03-10 09:00 opened\n2025-03-11 09:00 opened")
    assert (f.verdict, f.due) == ("breached", "2025-03-10 11:00:00")
    both = found(ANSWERING, "2025-03-10 09:00 opened\n2025-03-10 09:30 opened\n2025-03-10 09:40 answered")
    assert (both.verdict, both.due, both.margin) == ("met", "2025-03-10 11:00:00", 80 * 60)


def test_the_first_or_the_last_occasion_only() -> None:
    first = ANSWERING.replace("each opened", "the first opened")
    last = ANSWERING.replace("each opened", "the last opened")
    history = "2025-03-10 09:00 opened\n2025-03-10 10:00 answered\n2025-03-11 09:00 opened"
    assert found(first, history).each == ["met"]
    assert found(last, history).each == ["breached"]


def test_of_several_tickets_each_looks_at_its_own_events() -> None:
    history = "2025-03-10 09:00 opened ticket=A\n2025-03-10 10:00 answered ticket=B\n2025-03-10 09:00 opened ticket=B"
    assert verdict(ANSWERING, history) == "breached"
