"""The lines of the goals, and the page that is written from a run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.bench import goals
from tests.bench.bench import table
from tests.bench.registry import BACKENDS, GROUP, PROGRAMS, ROOT, environment, lacking, missing
from tests.bench.report import HEAD, PAGE, page, start_up, with_start_up
from tests.bench.start_up import measured, result

RESULTS = {
    "interpreter": [{"run": 30.0, "load_run": 40.0, "rss": 1.0, "explain": 0.004}] * 2
    + [{"run": 60.0, "load_run": 70.0, "rss": 1.0, "explain": 0.004}],
    "python_closures": [{"run": 1.2, "load_run": 4.0, "rss": 1.0}] * 3,
}
LINE = re.compile(r"[a-z0-9-]+ (?:\d+\.\d{3} \d+\.\d{3} (?:holds|falls short)|- \d+\.\d{3} not measured)")


def test_a_line_to_each_goal() -> None:
    said = goals.lines(RESULTS, {"python": (100, 0), "interpreter": (100, 0)})
    assert len(said) == len(goals.GOALS) + 1
    assert [line for line in said if not line.endswith("not measured")] == [
        "interpreter-per-core 0.040 0.031 holds",
        "explanation-in-10-ms 2.500 1.000 holds",
        "cells-equal 1.000 1.000 holds",
    ]


def test_what_falls_short_says_so() -> None:
    one = goals.Goal("slow", "interpreter", "python_closures", 0.05)
    assert goals.lines(RESULTS, {}, [one]) == ["slow 0.040 0.050 falls short"]
    # A single cell in a million is not rounded away.
    assert goals.lines({}, {"python": (1_000_000, 1)}, []) == ["cells-equal 0.999 1.000 falls short"]


def test_a_goal_of_at_most_a_ratio() -> None:
    most = goals.Goal("long", "interpreter", "python_closures", 26.0, most=True)
    assert goals.lines(RESULTS, {}, [most]) == ["long 25.000 26.000 holds"]
    assert goals.lines(RESULTS, {}, [replace(most, limit=24.0)]) == ["long 25.000 24.000 falls short"]
    large = goals.Goal("large", "interpreter", 1024.0, 0.001, "rss", most=True)
    # One of 1,024 megabytes is a little less than a thousandth; it is cut upwards, and holds by what it is.
    assert goals.lines(RESULTS, {}, [large]) == ["large 0.001 0.001 holds"]
    assert goals.line("near", 2.50001, 2.5, most=True) == "near 2.501 2.500 falls short"


def test_the_best_of_several_stands_beside() -> None:
    found = {
        "mine": [{"run": 2.0}, {"run": 3.0}],
        "a": [{"run": 1.0}, {"run": 9.0}],
        "b": [{"run": 8.0}, {"run": 3.0}],
    }
    beside = goals.Goal("reading", "mine", ("a", "b"), 1.4, most=True)
    assert goals.lines(found, {}, [beside]) == ["reading 1.500 1.400 falls short"]
    # Where one of them was not measured, nobody knows which is the best.
    assert goals.lines({**found, "b": []}, {}, [beside]) == ["reading - 1.400 not measured"]


def test_a_goal_that_was_not_measured_does_not_hold() -> None:
    other = goals.Goal("other", "engine", "polars", 1.0)
    assert goals.lines(RESULTS, {}, [other]) == ["other - 1.000 not measured"]
    assert goals.lines({}, {}, goals.TEN_MILLION) == [
        "ten-million-gibibytes - 2.500 not measured",
        "ten-million-beside-one - 11.000 not measured",
    ]


@pytest.mark.parametrize("goal", [*goals.GOALS, *goals.START_UP, *goals.TEN_MILLION])
def test_a_goal_names_what_there_is(goal: goals.Goal) -> None:
    beside = goal.beside if isinstance(goal.beside, tuple) else (goal.beside,)
    names = {goal.backend, *(name for name in beside if isinstance(name, str))}
    assert names <= {*BACKENDS, *PROGRAMS, "one_million", "ten_million", "python_pass", "help", "tiny_check"}


def test_what_the_command_line_cannot_do_is_not_measured() -> None:
    able = PROGRAMS["whole_interpreter"]
    assert lacking(able) == ""
    assert (
        lacking(replace(able, asks=("--tickets", "--no-such-option")))
        == "the command line has no --no-such-option yet"
    )
    assert lacking(replace(able, needs=("no_such_library",))) == "no_such_library not installed"


def test_the_page_is_made_of_runs() -> None:
    machine = {"cores": 2, "system": "Linux", "processor": "x", "python": "3.11", "versions": {"numpy": "2"}}
    rows = table(RESULTS, 1000, set(PROGRAMS))
    one = {"tickets": 1000, "rounds": 3, "machine": machine, "table": rows, "goals": ["a 1.0 1.0 holds"]}
    left = ["columns: 3 of 9 verdicts were left to the interpreter"]
    text = page([{**one, "tickets": 100_000, "left": left}, one])
    assert f"\n- {left[0]}.\n" in text
    assert text.index("## 1,000 tickets") < text.index("## 100,000 tickets")
    assert "| interpreter | 30000 (30000-60000) |" in text


def test_the_start_is_measured_beside_python() -> None:
    found = result(measured(1), 1)
    names = [line.split()[0] for line in found["goals"]]
    assert names == ["help-start-up", "tiny-check-start-up"]
    assert all(LINE.fullmatch(line) for line in found["goals"])
    rows = {name: 1e3 * rounds[0]["run"] for name, rounds in found["results"].items()}
    assert [row.split(" | ")[0] for row in found["table"][2:]] == [f"| {name}" for name in rows]
    assert found["table"][2].endswith("| 1.0 |")


def test_the_start_is_a_section_of_its_own_and_the_last() -> None:
    rounds = {"python_pass": 0.025, "help": 0.1, "tiny_check": 1.25}
    found = result({name: [{"run": seconds}] * 3 for name, seconds in rounds.items()}, 3)
    section = start_up(found)
    assert "help-start-up 0.250 0.100 holds\ntiny-check-start-up 0.020 0.021 falls short" in section
    assert "| help | 100 (100-100) | 4.0 |" in section
    other = start_up({**found, "rounds": 4})
    assert with_start_up(with_start_up("# Page\n", other), section) == "# Page\n\n" + section


def test_the_page_was_made_by_a_run() -> None:
    text = PAGE.read_text()
    assert text.startswith(HEAD)
    ends = (" holds", " falls short", " not measured")
    said = [line for line in text.splitlines() if line.endswith(ends)]
    assert said
    assert all(LINE.fullmatch(line) for line in said)
    assert {goal.name for goal in (*goals.GOALS, *goals.START_UP)} <= {line.split()[0] for line in said}


@pytest.mark.skipif(not missing(GROUP), reason="the group is installed")
def test_smoke_is_skipped_with_a_message() -> None:
    command = [sys.executable, "-m", "tests.bench.bench", "100", "--rounds", "1"]
    run: dict[str, Any] = {
        "cwd": ROOT,
        "env": environment() | {"PATH": os.defpath},
        "capture_output": True,
        "text": True,
    }
    done = subprocess.run([*command, "--smoke"], check=False, **run)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("bench-smoke skipped: the group `bench` is not installed (")
    asked = subprocess.run(command, check=False, **run)
    assert asked.returncode == 1
    assert "`make bench` installs it" in asked.stderr


@pytest.mark.skipif(bool(missing(GROUP)), reason="the group is not installed")
def test_smoke_measures_and_compares(tmp_path: Path) -> None:
    only = "polars,numpy,columnar_rows,every_clause,every_clause_one,whole_polars,whole_columns"
    command = [sys.executable, "-m", "tests.bench.bench", "100", "--rounds", "1", "--only", only, "--smoke"]
    command += ["--contract", "poly", "--data", str(tmp_path)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    said = [line for line in done.stdout.splitlines() if LINE.fullmatch(line)]
    assert [line.split()[0] for line in said] == [*(goal.name for goal in goals.GOALS), "cells-equal"]
    assert said[-1] == "cells-equal 1.000 1.000 holds"
    assert "not measured" not in next(line for line in said if line.startswith("whole-contract "))
