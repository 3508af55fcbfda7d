"""The figures and rows of a report: they add up, both engines make the same, and whatever the partitions are."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from checker.audit.library import fixtures
from checker.report.data import as_data, of_data
from checker.report.fresh import Wanted
from checker.report.gathered import Limits
from checker.report.model import PROMISES, Figures
from checker.report.rows import CONTESTED_LETTERS, LETTERS, Report
from tests.checker.report.made import report_of


@pytest.fixture(scope="module")
def desk() -> Iterator[Report]:
    with report_of(wanted=Wanted(grid=True)) as made:
        yield made


def test_counts_add_up(desk: Report) -> None:
    f = desk.figures
    for c in f.conclusions:
        assert sum(c.counts.values()) == c.judged
        assert c.applicable == c.judged - c.counts["not_applicable"]
        assert c.rate.decided == c.counts["met"] + c.counts["breached"]
        months = Counter[str]()
        for month in c.pictures.months:
            months.update(month.counts)
        assert sum(months.values()) + c.pictures.undated == c.applicable
        hours = sum(map(sum, c.pictures.hours.breaches))
        assert hours + c.pictures.hours.undated == c.counts["breached"]
        if (curve := c.pictures.curve) is not None:
            assert curve.acts <= curve.decided == c.rate.decided
    # Some acts are on record to the hour alone, and some are not on record.
    assert any(c.pictures.curve and c.pictures.curve.acts < c.rate.decided for c in f.conclusions)
    for t in f.totals:
        fixed = [c.rate.decided for c in f.conclusions if c.group == t.group and c.limit_s is not None]
        assert t.pictures.curve is None or t.pictures.curve.decided == sum(fixed)
    assert sum(t.judged for t in f.totals) == sum(c.judged for c in f.conclusions)
    assert {c.clause for c in f.conclusions} == set(desk.grid_clauses)
    p = f.population
    assert p.tickets_read == p.tickets_judged + p.tickets_set_aside + p.tickets_of_other_contracts
    assert sum(k.tickets for k in p.kinds) == p.tickets_judged


def test_agreements_keep_guarantees_targets_and_estimates_apart(desk: Report) -> None:
    f = desk.figures
    totals = {t.group: t.counts for t in f.totals}
    assert totals["guarantee"]["breached"]
    assert totals["estimate"]["breached"]
    for at, group in enumerate(PROMISES):
        of_all = Counter[str]()
        for a in f.population.agreements:
            of_all.update((a.guarantees, a.targets, a.estimates)[at])
        assert of_all == totals.get(group, Counter())
    for a in f.population.agreements:
        each = zip(PROMISES, (a.guarantees, a.targets, a.estimates), strict=True)
        # A row of noughts says nothing: it stands only where an agreement would have none.
        apply = [group for group, counts in each if sum(counts.values()) > counts["not_applicable"]]
        assert [group for group, _ in a.promises] == (apply or ["guarantee"])


def test_findings_are_those_of_the_counts(desk: Report) -> None:
    findings = list(desk.findings())
    assert [f.number for f in findings] == list(range(1, len(findings) + 1))
    breached = Counter((f.clause, f.strength, f.party) for f in findings if f.verdict == "breached")
    assert breached
    assert breached == {
        (c.clause, c.strength, c.party): n for c in desk.figures.conclusions if (n := c.counts["breached"])
    }
    said = desk.figures.findings
    for listed, rows in (
        (said.exceptions, list(desk.exceptions())),
        (said.contested, list(desk.contested())),
        (said.undetermined, list(desk.undetermined())),
    ):
        assert listed.listed == len(rows)
        assert listed.found >= listed.listed
        assert listed.with_reason == sum(f.because is not None for f in rows)
        assert listed.explained == sum(f.explained for f in rows)
    for f in findings:
        assert f.late_s is None or (f.margin_s is not None and f.late_s == -f.margin_s > 0)
        assert f.contested == bool(f.turns)
        assert f.place


def test_a_finding_names_the_row_of_its_record(desk: Report) -> None:
    """A ticket's own row, not that of its agreement, whose events are in its record, too."""
    log = fixtures() / "unified-desk" / "tickets.jsonl"
    rows = [json.loads(line) for line in log.read_text().splitlines()]
    agreements = {row["agreement"] for row in rows if "log" not in row and "ticket" not in row}
    found = 0
    for f in desk.findings():
        name, _, line = f.place.partition(":")
        row = rows[int(line) - 1]
        assert name == log.name
        assert row["agreement"] == f.agreement
        if f.ticket or f.agreement in agreements:
            assert row.get("ticket", "") == f.ticket
            found += not f.ticket
    assert found


def test_the_grid_has_every_verdict(desk: Report) -> None:
    turned = {letter: verdict for verdict, letter in CONTESTED_LETTERS.items()}
    letters = {letter: verdict for verdict, letter in LETTERS.items()} | turned
    counts: Counter[tuple[str, str]] = Counter()
    contested = 0
    for row in desk.grid():
        assert len(row.verdicts) == len(desk.grid_clauses)
        for clause, letter in zip(desk.grid_clauses, row.verdicts, strict=True):
            if letter != " ":
                counts[clause, letters[letter]] += 1
                contested += letter in turned
    told: Counter[tuple[str, str]] = Counter()
    for c in desk.figures.conclusions:
        told.update({(c.clause, v): n for v, n in c.counts.items() if n})
    assert counts == told
    assert contested == sum(c.contested for c in desk.figures.conclusions)


def test_explanations_are_of_their_findings(desk: Report) -> None:
    findings = {f.number: f for f in desk.findings()}
    explained = list(desk.explanations())
    assert [e.number for e in explained] == sorted(n for n, f in findings.items() if f.explained)
    for e in explained:
        f = findings[e.number]
        told = e.explanation
        assert (told["ticket"], told["clause"], told["verdict"]) == (f.ticket, f.clause, f.verdict)
        assert told["due"] == f.due
        assert told["because"] == f.because
        line = e.timeline
        assert line["due"] == f.due
        if told["ticket"] and told["events"]:
            assert line["from"] <= line["to"] or line["from"][-6:] != line["to"][-6:]


def test_both_engines_make_the_same() -> None:
    pytest.importorskip("numpy")
    found = []
    for engine, size, jobs in (("interpreter", None, 1), ("columns", None, 1), ("columns", 20, 2)):
        wanted = Wanted(Limits(listed=12, reasons=5, explained=2, explained_in_all=40), grid=True)
        with report_of(engine=engine, size=size, jobs=jobs, wanted=wanted) as made:
            rows: list[Any] = [list(made.findings()), list(made.explanations()), list(made.grid())]
            found.append((made.figures, rows))
    assert found[0][0] == found[1][0]
    assert found[0] == found[1]
    assert found[0] == found[2]
    assert sum(f.because is None for f in found[0][1][0]) > 0


def test_figures_are_plain_data_and_back(desk: Report) -> None:
    data = json.loads(json.dumps(as_data(desk.figures)))
    assert of_data(Figures, data) == desk.figures


def test_a_sample_has_intervals() -> None:
    with report_of("poly", wanted=Wanted(sample=True)) as made:
        rates = [c.rate for c in made.figures.conclusions if c.rate.decided]
        assert rates
        for rate in rates:
            assert rate.interval is not None
            assert rate.rate is not None
            assert 0 <= rate.interval.low <= rate.rate <= rate.interval.high <= 1
        assert all(t.rate.interval is None for t in made.figures.totals)


def test_nothing_is_left_behind() -> None:
    with report_of("poly") as made:
        folder = made.clear.__self__.folder
        assert folder.exists()
    assert not folder.exists()


def test_what_is_listed_and_reasoned_is_bounded_in_all() -> None:
    limits = Limits(reasons=3, listed_in_all=2_000, reasons_in_all=40, explained_in_all=0)
    with report_of("unified", wanted=Wanted(limits)) as made:
        figures = made.figures
        most = 2_000 // len({c.clause for c in figures.conclusions})
        used: Counter[tuple[str, str]] = Counter()
        reasoned: Counter[bool] = Counter()
        for f in made.findings():
            if f.verdict != "breached":
                used[f.clause, f.verdict if f.verdict == "undetermined" else "contested"] += 1
            reasoned[f.verdict == "breached"] += f.because is not None
            assert (f.because is None) == (f.turns is None)
        assert max(used.values()) <= most
        assert figures.findings.undetermined.listed < figures.findings.undetermined.found
        assert reasoned == {True: 40, False: 40}
        # Of each clause the first before the second of any.
        by_clause = Counter(f.clause for f in made.exceptions() if f.because is not None)
        all_of = Counter(f.clause for f in made.exceptions())
        least = min(n for c, n in by_clause.items() if n < all_of[c])
        assert max(by_clause.values()) - least <= 1


def test_a_record_of_very_many_events_has_no_explanation() -> None:
    with report_of("poly") as made:
        sizes = {e.number: len(e.explanation["events"]) for e in made.explanations()}
    most = sorted(sizes.values())[len(sizes) // 2]
    assert most < max(sizes.values())
    with report_of("poly", wanted=Wanted(Limits(events=most))) as made:
        told = {e.number for e in made.explanations()}
        assert told == {number for number, n in sizes.items() if n <= most}
        assert told == {f.number for f in made.findings() if f.explained}


def test_half_of_the_explanations_are_kept_for_breaches() -> None:
    with report_of("unified", wanted=Wanted(Limits(reasons=0, explained_in_all=40))) as made:
        told = Counter(e.explanation["verdict"] == "breached" for e in made.explanations())
        assert sum(told.values()) == 40
        assert told[True] >= 20
        # By rank alone, clauses with other findings would crowd them out.
        breached = {f.clause for f in made.exceptions()}
        others = {f.clause for f in made.findings() if f.verdict != "breached"}
        assert len(others) > 40 > len(breached)
