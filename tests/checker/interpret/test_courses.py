"""Limits that follow the severity: every choice of readings, over raised, lowered, both, and within one second.

The oracle below says in a dozen lines what the readings mean; it knows seconds and letters only.
"""

from __future__ import annotations

from itertools import pairwise, product

import pytest

from checker.record.values import instant
from tests.checker.interpret.tiny import found, iso, shown, verdict

HOURS = {"1": 1, "A": 2, "B": 4, "C": 12}
RANKS = list(HOURS)
NA = "not_applicable"

READINGS = {
    "rise": ("change", "trigger"),
    "old-limit": ("binds", "lapses"),
    "fall": ("change", "trigger"),
    "cure": ("none", "cured"),
    "acts": ("once", "each"),
}


def _ambiguity(name: str, readings: tuple[str, str]) -> str:
    first, second = readings
    return f'ambiguity {name}\n  asks "Which?"\n  reading {first} "So" recommended\n  reading {second} "Otherwise"\n'


CONTRACT = "\n".join(
    [
        *(_ambiguity(name, readings) for name, readings in READINGS.items()),
        """
attribute severity
  ranks 1, A, B, C

course answering
  follows severity through at-1, at-A, at-B, at-C
  on a rise the limit runs anew from the change
  or on reading rise.trigger
    on a rise the limit runs anew from the trigger
  on a rise the earlier of old and new limit binds
  or on reading old-limit.lapses
    this line falls away
  on a fall the limit runs anew from the change
  or on reading fall.trigger
    on a fall the limit runs anew from the trigger
  a passed limit is not cured
  or on reading cure.cured
    this line falls away
  one performance is enough
  or on reading acts.each
    this line falls away
""",
        *(
            f"""
clause at-{rank}
  concerns each stretch of severity {rank}
  follows answering
  the provider shall have answered
    within {hours} elapsed hours of opened
"""
            for rank, hours in HOURS.items()
        ),
    ]
)


# --------------------------------------------------------------------------- the oracle
def second(text: str) -> int:
    return instant(iso(f"2025-03-10 {text}"), ())[0]


def oracle(
    changes: list[tuple[str, str]], answers: list[str], read: dict[str, str]
) -> dict[str, list[tuple[str, int | None]]]:
    """For each severity the verdict and limit of each of its stretches, the whole record being there."""
    stretches = [(value, second(at)) for at, value in changes]
    acts = [second(a) for a in answers]
    opening = stretches[0][1]
    out: dict[str, list[tuple[str, int | None]]] = {rank: [] for rank in RANKS}
    due_before: int | None = None
    for k, (value, start) in enumerate(stretches):
        end = stretches[k + 1][1] if k + 1 < len(stretches) else None
        rises = k > 0 and RANKS.index(value) < RANKS.index(stretches[k - 1][0])
        falls = k > 0 and not rises
        anew = (rises and read["rise"] == "change") or (falls and read["fall"] == "change")
        due = (start if anew else opening) + HOURS[value] * 3600
        if rises and read["old-limit"] == "binds" and due_before is not None:
            due = min(due, due_before)
        answered_before = k > 0 and any(a < start for a in acts)
        act = next((a for a in acts if a >= (start if k else 0)), None)
        passed = falls and read["cure"] == "none" and due_before is not None and due_before < start
        if answered_before and read["acts"] == "once":
            found: tuple[str, int | None] = (NA, None)
        elif (passed and not answered_before) or (
            end is not None and not ((act is not None and act < end) or due < end)
        ):
            found = (NA, None)
        else:
            found = ("met" if act is not None and act <= due else "breached", due)
        out[value].append(found)
        due_before = due
    return out


HISTORIES = {
    "steady": [("09:00", "B")],
    "raised": [("09:00", "B"), ("10:00", "A")],
    "raised-late": [("09:00", "B"), ("12:30", "A")],
    "lowered": [("09:00", "A"), ("10:00", "B")],
    "lowered-too-late": [("09:00", "A"), ("11:30", "B")],
    "lowered-at-the-limit": [("09:00", "A"), ("11:00", "B")],
    "raised-and-lowered": [("09:00", "B"), ("10:00", "A"), ("10:30", "B")],
    "lowered-and-raised": [("09:00", "A"), ("10:00", "C"), ("10:30", "A")],
    "raised-twice": [("09:00", "C"), ("10:00", "B"), ("11:00", "1")],
    "raised-then-lowered-below": [("09:00", "B"), ("10:00", "1"), ("10:15", "C")],
}
ANSWERS = {
    "never": [],
    "at-once": ["09:10"],
    "before-noon": ["10:45"],
    "at-noon": ["12:00"],
    "at-one": ["13:00"],
    "at-one-and-a-second": ["13:00:01"],
    "at-night": ["23:30"],
}


@pytest.mark.parametrize("history", HISTORIES)
@pytest.mark.parametrize("answer", ANSWERS)
def test_every_choice_of_readings(history: str, answer: str) -> None:
    changes, answers = HISTORIES[history], ANSWERS[answer]
    (opened, severity), *later = changes
    text = "\n".join(
        [
            f"2025-03-10 {opened} opened severity={severity}",
            *(f"2025-03-10 {at} severity_changed severity={value}" for at, value in later),
            *(f"2025-03-10 {at} answered" for at in answers),
        ]
    )
    for chosen in product(*READINGS.values()):
        readings = dict(zip(READINGS, chosen, strict=True))
        expected = oracle(changes, answers, readings)
        for rank in {value for _, value in changes}:
            f = found(CONTRACT, text, clause=f"at-{rank}", readings=readings)
            told = [(str(o.verdict), o.due) for o in f.judgement.outcomes]
            assert told == expected[rank], (readings, rank, [(v, shown(d)) for v, d in expected[rank]])


# --------------------------------------------------------------------------- as the text takes it: some histories in words
def at(rank: str, history: str, **more: str) -> tuple[str, str | None]:
    f = found(
        CONTRACT, history, clause=f"at-{rank}", readings={k.replace("_", "-"): v for k, v in more.items()}
    )
    return f.verdict, f.due


def test_raised_before_the_answer_the_new_limit_runs_from_the_change() -> None:
    history = "2025-03-10 09:00 opened severity=B\n2025-03-10 10:00 severity_changed severity=A\n"
    assert at("A", history + "2025-03-10 12:00 answered") == ("met", "2025-03-10 12:00:00")
    assert at("A", history + "2025-03-10 12:00:01 answered") == ("breached", "2025-03-10 12:00:00")
    # The old clause has nothing to say any more.
    assert at("B", history + "2025-03-10 12:00:01 answered") == (NA, None)


def test_raised_shortly_before_the_old_limit_the_old_one_binds() -> None:
    history = "2025-03-10 09:00 opened severity=B\n2025-03-10 12:30 severity_changed severity=A\n2025-03-10 14:00 answered"
    assert at("A", history) == ("breached", "2025-03-10 13:00:00")
    assert at("A", history, old_limit="lapses") == ("met", "2025-03-10 14:30:00")


def test_a_passed_limit_is_not_cured_by_lowering() -> None:
    history = "2025-03-10 09:00 opened severity=A\n2025-03-10 11:30 severity_changed severity=B\n2025-03-10 12:00 answered"
    assert at("A", history) == ("breached", "2025-03-10 11:00:00")
    assert at("B", history) == (NA, None)
    assert at("B", history, cure="cured") == ("met", "2025-03-10 15:30:00")


def test_lowered_in_time_the_limit_moves_on() -> None:
    history = "2025-03-10 09:00 opened severity=A\n2025-03-10 10:00 severity_changed severity=B\n2025-03-10 13:30 answered"
    assert at("A", history) == (NA, None)
    assert at("B", history) == ("met", "2025-03-10 14:00:00")
    assert at("B", history, fall="trigger") == ("breached", "2025-03-10 13:00:00")


def test_lowered_and_raised_in_one_second_was_never_lowered() -> None:
    """What held for no time at all changed nothing."""
    history = """
    2025-03-10 09:00 opened severity=A
    2025-03-10 10:00 severity_changed severity=C
    2025-03-10 10:00 severity_changed severity=A
    2025-03-10 11:00 answered
    """
    assert at("A", history) == ("met", "2025-03-10 11:00:00")
    assert at("C", history) == (NA, None)


def test_opened_and_raised_in_one_second_has_one_limit() -> None:
    history = "2025-03-10 09:00 opened severity=C\n2025-03-10 09:00 severity_changed severity=A\n2025-03-10 11:00 answered"
    assert at("A", history) == ("met", "2025-03-10 11:00:00")
    assert at("C", history) == (NA, None)


def test_answered_in_the_second_of_the_change() -> None:
    """What comes after the change in the record is an answer at the new severity."""
    history = "2025-03-10 09:00 opened severity=B\n2025-03-10 10:00 severity_changed severity=A\n2025-03-10 10:00 answered"
    assert at("A", history) == ("met", "2025-03-10 12:00:00")
    assert at("B", history) == (NA, None)


def test_waiting_at_a_severity_is_pending() -> None:
    history = "2025-03-10 09:00 opened severity=B\n2025-03-10 10:00 severity_changed severity=A"
    f = found(CONTRACT, history, clause="at-A", as_of="2025-03-10 11:59:59")
    assert (f.verdict, f.due) == ("pending", "2025-03-10 12:00:00")
    assert found(CONTRACT, history, clause="at-A", as_of="2025-03-10 12:00").verdict == "pending"
    assert found(CONTRACT, history, clause="at-A", as_of="2025-03-10 12:00:01").verdict == "breached"


def test_within_one_second_the_order_of_the_record_decides() -> None:
    """An answer recorded before the rise was given at the old severity, one recorded after it at the new one."""
    opened, rise, answer = (
        "2025-03-10 09:00 opened severity=B\n",
        "2025-03-10 10:00 severity_changed severity=A\n",
        "2025-03-10 10:00 answered\n",
    )
    assert [found(CONTRACT, opened + answer + rise, clause=f"at-{s}").verdict for s in "BA"] == ["met", NA]
    assert [found(CONTRACT, opened + rise + answer, clause=f"at-{s}").verdict for s in "BA"] == [NA, "met"]


def test_contested_by_every_reading_that_would_turn_it() -> None:
    history = "2025-03-10 09:00 opened severity=B\n2025-03-10 12:30 severity_changed severity=A\n2025-03-10 13:30 answered"
    f = found(CONTRACT, history, clause="at-A")
    assert (f.verdict, f.contested) == ("breached", {"old-limit.lapses": "met"})


def test_a_severity_without_a_rank_neither_rises_nor_falls() -> None:
    history = "2025-03-10 09:00 opened severity=B\n2025-03-10 10:00 severity_changed severity=X\n2025-03-10 10:30 answered"
    assert at("B", history) == (NA, None)


def test_limits_in_a_calendar_follow_too() -> None:
    contract = """
    attribute severity
      ranks A, B

    calendar office
      monday to friday 09:00 to 17:00

    course answering
      follows severity through c, other
      on a rise the limit runs anew from the change
      on a rise the earlier of old and new limit binds

    clause c
      concerns each stretch of severity A
      follows answering
      the provider shall have answered
        within 1 elapsed hour of opened

    clause other
      concerns each stretch of severity B
      follows answering
      the provider shall have answered
        within 4 hours of opened, counted in office
    """
    # Four office hours from Friday 15:00 end on Monday at 11:00, an hour from Monday 10:30 at 11:30.
    history = "2025-03-14 15:00 opened severity=B\n2025-03-17 10:30 severity_changed severity=A\n2025-03-17 11:10 answered"
    f = found(contract, history)
    assert (f.verdict, f.due) == ("breached", "2025-03-17 11:00:00")
    assert verdict(contract, history.replace("11:10", "11:00")) == "met"


def test_the_oracle_itself() -> None:
    """One history by hand, so that the oracle is not its own proof: raised twice, answered at noon."""
    read = {name: readings[0] for name, readings in READINGS.items()}
    told = oracle(HISTORIES["raised-twice"], ["12:00"], read)
    assert told == {"C": [(NA, None)], "B": [(NA, None)], "1": [("met", second("12:00"))], "A": []}
    assert all(a < b for history in HISTORIES.values() for (a, _), (b, _) in pairwise(history))


def test_lowered_after_an_answer_in_time() -> None:
    history = """
    2025-03-10 09:00 opened severity=A
    2025-03-10 09:10 answered
    2025-03-10 11:30 severity_changed severity=B
    """
    told = found(CONTRACT, history, clause="at-B", readings={"acts": "each"})
    assert (told.verdict, told.due) == ("breached", "2025-03-10 15:30:00")
