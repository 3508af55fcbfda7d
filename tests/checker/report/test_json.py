"""The report as JSON holds to its published schema, and the schema to the model."""

import json
from importlib import resources

import pytest
from jsonschema import Draft202012Validator

from checker.report.data import schema
from checker.report.renderers import json as renderer
from tests.checker.report.made import rendered, report_of

PUBLISHED = json.loads(
    resources.files("checker.report").joinpath("schemas", "report.schema.json").read_text(encoding="utf-8")
)


def test_the_schema_is_that_of_the_model() -> None:
    assert schema() == PUBLISHED
    Draft202012Validator.check_schema(PUBLISHED)


@pytest.mark.parametrize("contract", ["poly", "infor", "senetic"])
def test_reports_hold_to_the_schema(contract: str) -> None:
    with report_of(contract) as made:
        text = rendered(made, renderer)
        told = json.loads(text)
        assert rendered(made, renderer, "pl") == text
        assert [f["number"] for f in told["findings"]] == [f.number for f in made.findings()]
    assert [e.message for e in Draft202012Validator(PUBLISHED).iter_errors(told)] == []


def test_the_schema_refuses_what_is_no_report() -> None:
    with report_of("poly") as made:
        told = json.loads(rendered(made, renderer))
    told["figures"]["scope"]["judged"] = "many"
    assert not Draft202012Validator(PUBLISHED).is_valid(told)
