"""The order in which a report shows its conclusions."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from checker.report.fresh import Wanted
from checker.report.gathered import Limits
from checker.report.model import Cause, Claim
from checker.report.order import by_evidence, first_of_each, parted, telling
from checker.report.rows import Report
from tests.checker.report.made import report_of


@pytest.fixture(scope="module")
def made() -> Iterator[Report]:
    with report_of("unified", wanted=Wanted(Limits(listed=30, reasons=5, explained=0))) as report:
        yield report


def test_what_was_found_comes_first_and_nothing_is_lost(made: Report) -> None:
    conclusions = made.figures.conclusions
    told, open_, silent = parted(conclusions)
    assert sorted(map(id, (*told, *open_, *silent))) == sorted(map(id, conclusions))
    breaches = [c.counts["breached"] for c in told]
    assert breaches == sorted(breaches, reverse=True)
    assert breaches[0]
    assert open_
    for c in open_:
        assert c.applicable == c.counts["undetermined"] > 0
        # Each has at least one verdict with its reason.
        assert c.missing
    assert all(not c.applicable for c in silent)


def test_clauses_that_lack_the_same_stand_together(made: Report) -> None:
    open_ = parted(made.figures.conclusions).open
    found = by_evidence(open_)
    assert sum(x.undetermined for x in found) == sum(c.counts["undetermined"] for c in open_)
    assert sorted(c.clause for x in found for c in x.clauses) == sorted(c.clause for c in open_)
    assert len({x.missing for x in found}) == len(found) < len(open_)
    sizes = [len(x.clauses) for x in found]
    assert sizes == sorted(sizes, reverse=True)
    one, other = open_[0], open_[1]
    alike = replace(other, missing=tuple(Cause(c.what, c.count + 1) for c in one.missing))
    assert len(by_evidence([one, alike])) == 1


def test_the_first_finding_of_each_clause_comes_before_the_second_of_any(made: Report) -> None:
    rows = list(made.undetermined())
    clauses = len({f.clause for f in rows})
    shown = first_of_each(rows, clauses)
    assert len({f.clause for f in shown}) == clauses
    assert [f.number for f in shown] == sorted(f.number for f in shown)
    assert first_of_each(rows, len(rows) + 1) == rows


def test_claims_beside_verdicts_that_say_something(made: Report) -> None:
    counts = dict.fromkeys(made.figures.conclusions[0].counts, 0)
    said, unsaid, outside = (
        Claim("made_sla", "true", name, {**counts, v: 3})
        for name, v in (("a", "met"), ("b", "undetermined"), ("c", "not_applicable"))
    )
    claims = replace(made.figures.claims, claims=(said, unsaid, outside))
    assert telling(replace(made.figures, claims=claims)) == ([said], 1)


def test_missing_evidence_of_one_kind_is_counted_together(made: Report) -> None:
    for c in made.figures.conclusions:
        assert len({x.what for x in c.missing}) == len(c.missing)
        assert not any(x.what.endswith('")') for x in c.missing)
