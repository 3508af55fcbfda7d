"""The lines of the goals, and the page that is written from a run."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import Any

import pytest

from tests.bench import goals
from tests.bench.bench import table
from tests.bench.registry import GROUP, PROGRAMS, ROOT, environment, missing
from tests.bench.report import HEAD, PAGE, page, start_up, with_start_up
from tests.bench.start_up import measured, result

RESULTS = {
    "interpreter": [{"run": 30.0, "load_run": 40.0, "rss": 1.0, "explain": 0.004}] * 2
    + [{"run": 60.0, "load_run": 70.0, "rss": 1.0, "explain": 0.004}],
    "python_closures": [{"run": 1.2, "load_run": 4.0, "rss": 1.0}] * 3,
}
LINE = re.compile(r"[a-z0-9-]+ \d+\.\d{3} \d+\.\d{3} (?:holds|falls short)")


def test_a_line_to_each_goal() -> None:
    assert goals.lines(RESULTS, {"python": (100, 0), "interpreter": (100, 0)}) == [
        "interpreter-per-core 0.040 0.031 holds",
        "explanation-in-10-ms 2.500 1.000 holds",
        "cells-equal 1.000 1.000 holds",
    ]


def test_what_falls_short_says_so() -> None:
    one = goals.Goal("slow", "interpreter", "python_closures", 0.05)
    assert goals.lines(RESULTS, {}, [one]) == ["slow 0.040 0.050 falls short"]
    # A single cell in a million is not rounded away.
    assert goals.lines({}, {"python": (1_000_000, 1)}) == ["cells-equal 0.999 1.000 falls short"]


def test_a_goal_that_was_not_measured_has_no_line() -> None:
    other = goals.Goal("other", "engine", "polars", 1.0)
    assert goals.lines(RESULTS, {}, [other]) == []


def test_the_page_is_made_of_runs() -> None:
    machine = {"cores": 2, "system": "Linux", "processor": "x", "python": "3.11", "versions": {"numpy": "2"}}
    rows = table(RESULTS, 1000, set(PROGRAMS))
    one = {"tickets": 1000, "rounds": 3, "machine": machine, "table": rows, "goals": ["a 1.0 1.0 holds"]}
    text = page([{**one, "tickets": 100_000}, one])
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
    said = [line for line in text.splitlines() if line.endswith((" holds", " falls short"))]
    assert said
    assert all(LINE.fullmatch(line) for line in said)
    assert {goal.name for goal in goals.GOALS} <= {line.split()[0] for line in said}


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
