"""What is to be kept up or kept away: throughout, in hours, save for excuses, or for a share of a period's real length."""

from __future__ import annotations

import pytest

from tests.checker.interpret.tiny import found, verdict

DEFINITIONS = """
calendar office
  monday to friday 09:00 to 17:00 save public holidays

state outage
  from outage_began until outage_ended

state working
  from work_began until work_ended

state pause
  from paused until resumed

period month-named
  means each month named in months
"""


def keeps(sentence: str, *limits: str, concerns: str = "each opened as opening") -> str:
    return "\n".join(
        [DEFINITIONS, "clause c", f"  concerns {concerns}", f"  {sentence}", *(f"    {x}" for x in limits)]
    )


MONTH = keeps(
    "the provider shall keep free of outage",
    "for at least 99.9 percent of month-named",
    concerns="each month-named",
)


def outage(start: str, end: str) -> str:
    return f"{start} outage_began\n{end} outage_ended"


@pytest.mark.parametrize(
    ("month", "start", "met_until", "broken_from"),
    [
        # A thousandth of the real length, whole seconds: 744 h, 743 h (clocks go forward), 745 h (and back), 672 h.
        ("2025-01", "2025-01-10 00:00", "2025-01-10 00:44:38", "2025-01-10 00:44:39"),
        ("2025-03", "2025-03-10 00:00", "2025-03-10 00:44:34", "2025-03-10 00:44:35"),
        ("2025-10", "2025-10-10 00:00", "2025-10-10 00:44:42", "2025-10-10 00:44:43"),
        ("2025-02", "2025-02-10 00:00", "2025-02-10 00:40:19", "2025-02-10 00:40:20"),
    ],
)
def test_a_share_of_the_real_length_of_a_month(
    month: str, start: str, met_until: str, broken_from: str
) -> None:
    assert verdict(MONTH, outage(start, met_until), {"months": [month]}) == "met"
    assert verdict(MONTH, outage(start, broken_from), {"months": [month]}) == "breached"


def test_an_outage_over_the_end_of_the_month_counts_in_each() -> None:
    over = outage("2025-01-31 23:30", "2025-02-01 00:41")
    f = found(MONTH, over, facts={"months": ["2025-01", "2025-02"]})
    assert f.each == ["met", "breached"]


def test_an_outage_that_goes_on_counts_to_the_audit() -> None:
    began = "2025-01-10 00:00 outage_began"
    assert verdict(MONTH, began, {"months": ["2025-01"]}, "2025-01-10 00:10") == "pending"
    assert verdict(MONTH, began, {"months": ["2025-01"]}, "2025-01-10 01:00") == "breached"


def test_overlapping_outages_count_once() -> None:
    twice = """
    2025-01-10 00:00 outage_began
    2025-01-10 00:10 outage_began
    2025-01-10 00:40 outage_ended
    2025-01-10 00:41 outage_ended
    """
    assert verdict(MONTH, twice, {"months": ["2025-01"]}) == "met"


def test_planned_maintenance_left_out_of_a_share() -> None:
    contract = keeps(
        "the provider shall keep free of outage",
        "for at least 99.9 percent of month-named",
        "save for pause",
        concerns="each month-named",
    )
    history = "2025-01-10 00:00 paused\n2025-01-10 02:00 resumed\n" + outage(
        "2025-01-10 00:00", "2025-01-10 02:44:38"
    )
    assert verdict(contract, history, {"months": ["2025-01"]}) == "met"
    assert verdict(contract, history.replace("02:44:38", "02:44:39"), {"months": ["2025-01"]}) == "breached"


# --------------------------------------------------------------------------- throughout
THROUGHOUT = keeps("the provider shall keep working", "from opening until closed", "save for pause")


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        ("2025-03-10 09:00 work_began\n2025-03-10 12:00 closed", "met"),
        ("2025-03-10 08:00 work_began\n2025-03-10 12:00 closed\n2025-03-10 12:00 work_ended", "met"),
        ("2025-03-10 09:00 work_began\n2025-03-10 11:59:59 work_ended\n2025-03-10 12:00 closed", "breached"),
        # A break is excused second by second.
        (
            "2025-03-10 09:00 work_began\n2025-03-10 10:00 work_ended\n2025-03-10 10:00 paused\n"
            "2025-03-10 11:00 resumed\n2025-03-10 11:00 work_began\n2025-03-10 12:00 closed",
            "excluded",
        ),
        (
            "2025-03-10 09:00 work_began\n2025-03-10 10:00 work_ended\n2025-03-10 10:00 paused\n"
            "2025-03-10 10:59:59 resumed\n2025-03-10 11:00 work_began\n2025-03-10 12:00 closed",
            "breached",
        ),
        # A pause while the work goes on excuses nothing, since nothing needs an excuse.
        (
            "2025-03-10 09:00 work_began\n2025-03-10 10:00 paused\n2025-03-10 11:00 resumed\n2025-03-10 12:00 closed",
            "met",
        ),
    ],
)
def test_continuous_effort(history: str, expected: str) -> None:
    assert verdict(THROUGHOUT, f"2025-03-10 09:00 opened\n{history}") == expected


def test_effort_is_pending_until_the_end_but_a_breach_is_one_at_once() -> None:
    opened = "2025-03-10 09:00 opened\n2025-03-10 09:00 work_began\n"
    assert verdict(THROUGHOUT, opened, as_of="2025-03-10 11:00") == "pending"
    assert verdict(THROUGHOUT, opened + "2025-03-10 10:00 work_ended", as_of="2025-03-10 11:00") == "breached"


def test_only_in_office_hours() -> None:
    contract = keeps("the provider shall keep free of outage", "during office")
    opened = "2025-03-10 07:00 opened\n"
    assert verdict(contract, opened + outage("2025-03-10 07:30", "2025-03-10 09:00")) == "met"
    assert verdict(contract, opened + outage("2025-03-10 07:30", "2025-03-10 09:00:01")) == "breached"
    assert verdict(contract, opened + outage("2025-03-10 17:00", "2025-03-11 09:00")) == "met"
    assert verdict(contract, opened + outage("2025-11-11 09:00", "2025-11-11 17:00")) == "met"
    # What happened before the occasion is not about it.
    assert verdict(contract, outage("2025-03-07 10:00", "2025-03-07 11:00") + "\n" + opened) == "met"


def test_all_but_the_office_hours() -> None:
    contract = keeps("the provider shall keep free of outage", "leaving out office")
    opened = "2025-03-10 07:00 opened\n"
    assert verdict(contract, opened + outage("2025-03-10 09:00", "2025-03-10 17:00")) == "met"
    assert verdict(contract, opened + outage("2025-03-10 09:00", "2025-03-10 17:00:01")) == "breached"


def test_within_the_occasion_where_it_lasts() -> None:
    contract = keeps("the provider shall keep free of outage", concerns="each pause")
    paused = "2025-03-10 10:00 paused\n2025-03-10 11:00 resumed\n"
    assert verdict(contract, paused + outage("2025-03-10 09:00", "2025-03-10 10:00")) == "met"
    assert verdict(contract, paused + outage("2025-03-10 10:59:59", "2025-03-10 12:00")) == "breached"
    assert verdict(contract, paused + outage("2025-03-10 11:00", "2025-03-10 12:00")) == "met"


def test_a_state_for_each_part() -> None:
    contract = (
        keeps("the provider shall keep free of repair", "from opening until closed")
        + """
state repair
  from paused until resumed
  for each part
"""
    )
    history = """
    2025-03-10 08:00 paused part=A
    2025-03-10 08:10 paused part=B
    2025-03-10 08:30 resumed part=B
    2025-03-10 09:00 resumed part=A
    2025-03-10 09:00 opened
    2025-03-10 10:00 closed
    """
    assert verdict(contract, history) == "met"
    assert verdict(contract, history.replace("08:30 resumed part=B", "08:30 resumed part=C")) == "breached"


def test_a_state_that_is_the_value_of_an_attribute() -> None:
    contract = (
        DEFINITIONS
        + """
attribute severity

state severe
  while severity is one of 1, A

clause c
  concerns each opened as opening
  the provider shall keep free of severe
    from opening until closed
"""
    )
    opened = "2025-03-10 09:00 opened severity=B\n"
    assert (
        verdict(contract, opened + "2025-03-10 12:00 severity_changed severity=A\n2025-03-10 12:00 closed")
        == "met"
    )
    assert (
        verdict(contract, opened + "2025-03-10 11:00 severity_changed severity=A\n2025-03-10 12:00 closed")
        == "breached"
    )
    assert verdict(contract, "2025-03-10 09:00 opened severity=1\n2025-03-10 12:00 closed") == "breached"
