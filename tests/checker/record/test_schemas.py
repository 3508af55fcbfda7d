"""The published schemas and the fast readers accept and refuse the same documents."""

import copy
import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from checker.clock.zones import zone
from checker.record.agreement_mapping import sound
from checker.record.agreements import agreement_of
from checker.record.collect import Collector
from checker.record.flaws import Flaw
from checker.record.json_lines import read_json_lines
from checker.record.model import Fault
from checker.record.reading import read_log
from checker.record.schema_check import SCHEMAS, check, schema
from tests.checker.record.test_broken import accounted

FORMATS = FormatChecker(())


@FORMATS.checks("time-zone", ValueError)
def known_zone(name: object) -> bool:
    return not isinstance(name, str) or zone(name) is not None


VALID = {name: Draft202012Validator(schema(name), format_checker=FORMATS) for name in SCHEMAS}

DAYS = ["2024-02-29", "2000-02-29", "0004-12-31", "9999-12-31"]
BAD_DAYS = [
    "2025-02-29",
    "1900-02-29",
    "0000-01-01",
    "2025-13-01",
    "2025-1-1",
    "20250101",
    "2025-W01-1",
    "2025-01-01\n",
]
INSTANTS = [
    "2025-03-03T09:00:00+01:00",
    "2024-02-29T23:59:59Z",
    "2025-03-04 10:00:00.5-0330",
    "2099-12-31T00:00:00,25+14:00",
]
BAD_INSTANTS = [
    "2025-02-29T00:00:00Z",
    "2025-04-31T00:00:00Z",
    "2025-03-03T24:00:00Z",
    "2025-03-03T09:60:00Z",
    "2025-03-03T09:00:60Z",
    "2025-03-03T09:00:00",
    "2025-03-03T09:00Z",
    "2025-03-03T09:00:00+14:30",
    "2025-3-3T09:00:00Z",
    "1969-03-03T09:00:00Z",
    "2100-02-29T09:00:00Z",
    "2025-03-03T09:00:00Z\n",
    "2025-03-03t09:00:00z",
    "",
]
WORDS = ["T-1", "acme", "ticket_opened", "Żółć", "a b", "x" * 200]
BAD_WORDS = [
    "",
    " ",
    "x ",
    " x",
    "a\nb",
    "a\x00b",
    "x\n",
    "a\x1fb",
    "a\x7fb",
    "x" * 201,
    "\u00a0x",
    "\x1f",
    "a\ud83d",
]
SCALARS: list[Any] = ["1", "", " padded ", "a\nb", 0, -7, 1.5, True, False, None, 2**53 - 1, -(2**53) + 1]
BAD_SCALARS: list[Any] = ["a\x00b", "\udc80", 2**53, -(2**60), 1e300]

words = st.sampled_from(WORDS)
instants = st.sampled_from(INSTANTS)
scalars = st.sampled_from(SCALARS)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2),
    max_leaves=4,
)
attributes = st.dictionaries(st.sampled_from(["severity", "channel", "a b", "agreement"]), values, max_size=2)
gaps = st.lists(st.just({"from": INSTANTS[0], "to": INSTANTS[2]}), max_size=2)
missing = st.lists(words, unique=True, max_size=2)
events = st.builds(
    lambda base, extra, more: {**more, **base, **extra},
    st.fixed_dictionaries({"at": instants, "event": words}),
    st.fixed_dictionaries(
        {},
        optional={
            "ticket": words,
            "precision": st.sampled_from(["second", "minute", "day"]),
            "revision": st.sampled_from([0, 3, 4.0, 2**53 - 1]),
            "not_before": st.just("1970-01-01T00:00:00Z"),
        },
    ),
    attributes,
)
BODY = {"records_missing": missing, "gaps": gaps}
tickets = st.fixed_dictionaries(
    {"ticket": words, "events": st.lists(events, min_size=1, max_size=3)},
    optional={
        "agreement": words,
        "kind": words,
        "claims": st.dictionaries(words, values, max_size=2),
        **BODY,
    },
)
histories = st.fixed_dictionaries(
    {"agreement": words, "events": st.lists(events, min_size=1, max_size=2)}, optional=BODY
)
headers = st.fixed_dictionaries(
    {"log": st.fixed_dictionaries({}, optional={"complete_to": instants, "records": missing})}
)
agreements = st.builds(
    lambda base, facts: {**facts, **base},
    st.fixed_dictionaries(
        {"agreement": words, "contract": words},
        optional={
            "time_zone": st.sampled_from(["Europe/Warsaw", "UTC+01:00", None]),
            "country": st.sampled_from(["PL", "NO", None]),
            "open_dates": st.none() | st.lists(st.sampled_from(DAYS[:2]), max_size=2),
            "closed_dates": st.none() | st.lists(st.sampled_from(DAYS[2:]), max_size=2),
            "events": st.lists(events, max_size=2),
            **BODY,
        },
    ),
    st.dictionaries(st.sampled_from(["plan", "fees_paid", "a b"]), values, max_size=2),
)

JUNK = [
    *DAYS,
    *BAD_DAYS,
    DAYS,
    *BAD_INSTANTS,
    *BAD_WORDS,
    *BAD_SCALARS,
    *SCALARS,
    *INSTANTS,
    [],
    {},
    [None],
    {"": 1},
    {"a": {" ": 1}},
    ["x", "x"],
    [{"from": INSTANTS[0]}],
    [{"from": INSTANTS[0], "to": INSTANTS[0], "by": 1}],
    "Europe/Warszawa",
    "pl",
    "hour",
    -1,
    0.5,
]


def paths(document: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [here]
    if isinstance(document, dict):
        for key, item in document.items():
            found += paths(item, (*here, key))
    elif isinstance(document, list):
        for i, item in enumerate(document):
            found += paths(item, (*here, i))
    return found


@st.composite
def damaged(draw: st.DrawFn, good: st.SearchStrategy[Any]) -> Any:
    """A good document, as it is or with one or two places changed, removed or added."""
    document = copy.deepcopy(draw(good))
    for _ in range(draw(st.integers(0, 2))):
        places = [path for path in paths(document) if path]
        if not places:
            break
        path = draw(st.sampled_from(places))
        around = document
        for step in path[:-1]:
            around = around[step]
        what = draw(st.sampled_from(["change", "remove", "add"]))
        if what == "remove":
            del around[path[-1]]
        elif what == "change":
            around[path[-1]] = copy.deepcopy(draw(st.sampled_from(JUNK)))
        elif isinstance(around, dict):
            key = draw(st.sampled_from([*BAD_WORDS, "colour", "precision", "revision", "events", "log"]))
            around[key] = copy.deepcopy(draw(st.sampled_from(JUNK)))
        else:
            around.append(copy.deepcopy(draw(st.sampled_from(JUNK))))
    return document


def beyond_the_schema(document: Any) -> bool:
    """What a schema cannot say and the readers refuse all the same: a span that ends before it begins, and a day that
    is both open and closed."""
    if isinstance(document, list):
        return any(beyond_the_schema(item) for item in document)
    if not isinstance(document, dict):
        return False
    pairs = [("from", "to"), ("not_before", "at")]
    for first, last in pairs:
        if isinstance(document.get(first), str) and isinstance(document.get(last), str) and first in document:
            return True
    if document.get("open_dates") and document.get("closed_dates"):
        return True
    return any(beyond_the_schema(item) for item in document.values())


def reader_accepts(document: Any) -> bool:
    into = Collector()
    try:
        read_json_lines("f", [(1, json.dumps(document).encode())], into)
    except Fault:
        assert "log" in document
        return False
    log = into.finish()
    accounted(log)
    return not log.set_aside


def agreement_accepted(document: Any) -> bool:
    try:
        # The YAML reader makes decimals of fractions, never floats.
        agreement_of(json.loads(json.dumps(document), parse_float=Decimal))
    except Flaw:
        return False
    return True


def kind_of_line(document: Any) -> str:
    """Which of the three schemas a line answers to, as design and reader tell them apart."""
    if "log" in document:
        return "log"
    return "ticket" if "ticket" in document else "history"


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(damaged(tickets | histories | headers))
def test_a_line_is_accepted_if_and_only_if_its_schema_says_so(document: Any) -> None:
    if not isinstance(document, dict) or (beyond_the_schema(document) and not reader_accepts(document)):
        return
    if not {"ticket", "agreement", "log"} & document.keys():
        assert not reader_accepts(document)
        return
    valid = VALID[kind_of_line(document)].is_valid(document)
    assert reader_accepts(document) == valid


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(damaged(agreements))
def test_an_agreement_is_accepted_if_and_only_if_its_schema_says_so(document: Any) -> None:
    accepted = agreement_accepted(document)
    if beyond_the_schema(document) and not accepted:
        return
    assert accepted == VALID["agreement"].is_valid(document)


EVENT: dict[str, Any] = {
    "at": INSTANTS[0],
    "event": "ticket_opened",
    "ticket": "T-2",
    "precision": "minute",
    "revision": 3,
    "not_before": "1970-01-01T00:00:00Z",
    "severity": "1",
    "tickets": ["T-1", {"a": 1}],
}
WHOLE: dict[str, dict[str, Any]] = {
    "ticket": {
        "ticket": "T-1",
        "agreement": "acme",
        "kind": "incident",
        "events": [EVENT],
        "records_missing": ["work", "mitigation"],
        "gaps": [{"from": INSTANTS[0], "to": INSTANTS[2]}],
        "claims": {"made_sla": True},
    },
    "history": {"agreement": "acme", "events": [EVENT], "records_missing": [], "gaps": []},
    "log": {"log": {"complete_to": INSTANTS[0], "records": ["ticket_opened", "work_paused"]}},
    "agreement": {
        "agreement": "acme",
        "contract": "gold",
        "time_zone": "Europe/Warsaw",
        "country": "PL",
        "open_dates": ["2025-12-24"],
        "closed_dates": ["2025-12-31", "2024-02-29"],
        "events": [EVENT],
        "records_missing": ["work"],
        "gaps": [{"from": INSTANTS[0], "to": INSTANTS[2]}],
        "plan": {"hours": [8, "17"]},
    },
}


def each_damage(document: Any) -> Iterator[Any]:
    """The document with every one of its places in turn removed, renamed, or made each piece of junk."""
    for path in paths(document)[1:]:
        for junk in [None, *JUNK]:
            made = copy.deepcopy(document)
            around = made
            for step in path[:-1]:
                around = around[step]
            around[path[-1]] = copy.deepcopy(junk)
            yield made
        for key in BAD_WORDS if isinstance(path[-1], str) else ():
            made = copy.deepcopy(document)
            around = made
            for step in path[:-1]:
                around = around[step]
            around[key] = around.pop(path[-1])
            yield made


@pytest.mark.parametrize("name", WHOLE)
def test_every_single_damage(name: str) -> None:
    accepts = agreement_accepted if name == "agreement" else reader_accepts
    assert VALID[name].is_valid(WHOLE[name])
    assert accepts(WHOLE[name])
    refused = 0
    for document in each_damage(WHOLE[name]):
        accepted = accepts(document)
        refused += not accepted
        if name != "agreement" and kind_of_line(document) != name:
            continue
        if accepted or not beyond_the_schema(document):
            assert accepted == VALID[name].is_valid(document), document
    assert refused > 100


@given(tickets)
def test_good_tickets_are_accepted(document: Any) -> None:
    assert VALID["ticket"].is_valid(document)
    assert reader_accepts(document)


@pytest.mark.parametrize("stamp", INSTANTS + BAD_INSTANTS)
def test_instants(stamp: str) -> None:
    document = {"ticket": "T", "events": [{"at": stamp, "event": "e"}]}
    assert VALID["ticket"].is_valid(document) == (stamp in INSTANTS) == reader_accepts(document)


@given(
    st.dates().map(str)
    | st.from_regex(r"\A[0-9]{4}-[01][0-9]-[0-3][0-9]\Z")
    | st.sampled_from(DAYS + BAD_DAYS)
)
def test_the_schema_knows_the_dates_of_an_agreement(day: str) -> None:
    document = {"agreement": "a", "contract": "c", "closed_dates": [day]}
    assert VALID["agreement"].is_valid(document) == agreement_accepted(document)


@given(st.dates().map(str) | st.from_regex(r"\A(19[67]|20[0-9]|210)[0-9]-[01][0-9]-[0-3][0-9]\Z"))
def test_the_schema_knows_the_calendar(day: str) -> None:
    document = {"ticket": "T", "events": [{"at": f"{day}T00:00:00Z", "event": "e"}]}
    assert VALID["ticket"].is_valid(document) == reader_accepts(document)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(lines=st.lists(damaged(tickets | histories), min_size=1, max_size=6))
def test_checked_and_set_aside_make_up_what_was_read(tmp_path: Path, lines: list[Any]) -> None:
    good = {"ticket": "sure", "agreement": "sure", "events": [{"at": INSTANTS[0], "event": "e"}]}
    path = tmp_path / "t.jsonl"
    path.write_text("".join(json.dumps(each) + "\n" for each in [good, *lines]))
    log = read_log([path])
    accounted(log)
    assert log.read.rows == len(lines) + 1
    assert any(ticket.id == "sure" for ticket in log.tickets)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_schemas_are_schemas_whose_patterns_mean_the_same_elsewhere(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    text = json.dumps(schema(name))
    # Features that differ between regular expression dialects stay out.
    assert not re.search(r"\\\\[AzZdw]", text)


def test_what_breaks_a_schema_is_said_in_words() -> None:
    with pytest.raises(Flaw) as caught:
        check({"ticket": "T", "event": []}, "ticket")
    assert "is missing" in caught.value.reason or "unknown key" in caught.value.reason


TARGETS = st.dictionaries(
    st.text(max_size=2), st.one_of(st.none(), st.text(max_size=2), st.integers()), max_size=3
)
AGREEMENT_MAPPINGS = st.one_of(
    st.dictionaries(
        st.sampled_from(["columns", "facts", "column"]),
        st.one_of(TARGETS, st.none(), st.text(max_size=2), st.lists(st.text(max_size=2))),
        max_size=3,
    ),
    st.none(),
    st.lists(st.text(max_size=2)),
)


@given(AGREEMENT_MAPPINGS)
def test_mappings_of_agreements(document: object) -> None:
    """What is taken without the schema is what the schema takes."""
    assert sound(document) == VALID["agreement-mapping"].is_valid(document)
