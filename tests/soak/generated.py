"""Specimens of the strategies of the property tests: any contract, with any histories of several agreements."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from tests.properties.contracts import contract_blocks, text_of
from tests.properties.histories import History, histories, stamp
from tests.soak.specimen import Raw, Specimen
from tests.strategies import words


def raw_of(history: History, agreement: str) -> tuple[Raw, list[Raw]]:
    """An agreement and its tickets as their files hold them; the ids of the tickets begin with that of the agreement."""
    gaps = [{"from": stamp(a), "to": stamp(b)} for a, b in history.gaps]
    flaws = {"records_missing": list(history.missing), "gaps": gaps}
    made = {"agreement": agreement, "contract": "sample", **history.facts, "events": history.shared, **flaws}
    tickets = [
        {"ticket": f"{agreement}-{name}", "agreement": agreement, "events": events, **flaws}
        for name, events in history.tickets.items()
    ]
    return made, tickets


@composite
def specimens(draw: DrawFn) -> Specimen:
    """A contract with the histories of two to four agreements; of the tickets of some, the source cannot hold every event."""
    text = text_of(draw(contract_blocks()))
    kind = draw(st.sampled_from(["good", "good", "doubt", "exact", "whole"]))
    exact, whole = kind in ("good", "exact"), kind in ("good", "whole")
    found = draw(st.lists(histories(exact=exact, whole=whole), min_size=2, max_size=4))
    agreements, tickets = [], []
    for i, history in enumerate(found):
        made, mine = raw_of(history, f"a{i}")
        agreements.append(made)
        tickets += mine
    if kind == "doubt" and draw(st.integers(0, 3)) == 3:
        names = sorted(words().events)
        held = sorted(set(draw(st.lists(st.sampled_from(names), max_size=8))))
        tickets[0] = {**tickets[0], "recorded": sorted({*held, *(e["event"] for e in tickets[0]["events"])})}
    return Specimen(text, tuple(agreements), tuple(tickets), stamp(found[0].as_of))


def each(number: int, count: int, work: Callable[[Specimen], Any]) -> None:
    """`work` on so many specimens, the same for the same number."""

    @seed(number)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(specimens())
    def run(specimen: Specimen) -> None:
        work(specimen)

    with warnings.catch_warnings():
        # That a search for edge cases ran into its own limits says nothing of the engines.
        warnings.simplefilter("ignore")
        run()
