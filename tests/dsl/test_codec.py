"""The checked contract as JSON: nothing is lost, nothing is half read, and the schema says the same as the reader."""

import copy
import dataclasses
import json
import os
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.audit.library import contract_names, load_contract, vocabulary
from dsl import codec
from dsl import contract as ir
from dsl.check import check
from dsl.format import format_text
from dsl.naming import KIND, WITH_KIND
from dsl.readers import contract_of as read_contract
from dsl.readers import types_of
from dsl.resolve import unresolved
from dsl.source import Source
from tests.dsl.small import TEXT
from tests.strategies import Block, contract_blocks, contract_of

PUBLISHED = Path(codec.__file__).parent / "schemas" / "contract.schema.json"
VALIDATOR = jsonschema.Draft202012Validator(codec.schema())


def contract(text: str = TEXT) -> ir.Contract:
    return check([Source("small.contract", text)], vocabulary())


def test_the_published_schema_is_that_of_the_reader() -> None:
    text = json.dumps(codec.schema(), ensure_ascii=False, indent=2) + "\n"
    if os.environ.get("SERVANDA_UPDATE_GOLDEN") == "1":
        PUBLISHED.parent.mkdir(exist_ok=True)
        PUBLISHED.write_text(text, encoding="utf-8")
    assert PUBLISHED.read_text(encoding="utf-8") == text
    jsonschema.Draft202012Validator.check_schema(json.loads(text))


@pytest.mark.parametrize("name", contract_names())
def test_the_bundled_contracts_come_back_whole(name: str) -> None:
    found = load_contract(name)
    text = codec.dumps(found)
    assert codec.loads(text) == found
    assert codec.dumps(codec.loads(text)) == text
    VALIDATOR.validate(json.loads(text))


@pytest.mark.parametrize("name", contract_names())
def test_the_text_is_the_canonical_one_and_is_read_at_once(name: str) -> None:
    """Written without the values in between, and read without the second look that says what does not fit."""
    found = load_contract(name)
    plain = codec.to_json(found)
    assert codec.dumps(found) == json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert read_contract(plain) == found


@given(contract_blocks())
def test_any_contract_comes_back_whole(blocks: list[Block]) -> None:
    found = contract_of(blocks)
    assert unresolved(found) is None
    text = codec.dumps(found)
    assert codec.loads(text) == found
    assert codec.digest(codec.loads(text)) == codec.digest(found)
    VALIDATOR.validate(json.loads(text))


# --------------------------------------------------------------------------- nothing is half read
Path_ = tuple[Any, ...]
SMALL = json.loads(codec.dumps(contract()))


def places(value: Any, path: Path_ = ()) -> Iterator[Path_]:
    """The path of every value inside a JSON document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield (*path, key)
        yield from places(item, (*path, key))


def at(document: Any, path: Path_) -> Any:
    for key in path:
        document = document[key]
    return document


def alone(path: Path_) -> tuple[Any, Path_]:
    """The small contract with nothing but the definition or clause that a path leads into, and the path there."""
    document = {k: [] if isinstance(v, list) else v for k, v in SMALL.items()}
    if not isinstance(SMALL[path[0]], list):
        return copy.deepcopy(document), path
    if len(path) == 1:
        return copy.deepcopy(SMALL), path
    document[path[0]] = [SMALL[path[0]][path[1]]]
    return copy.deepcopy(document), (path[0], 0, *path[2:])


def changed(path: Path_, value: Any) -> Any:
    document, here = alone(path)
    at(document, here[:-1])[here[-1]] = value
    return document


def read(document: Any) -> ir.Contract | None:
    """What the reader makes of a document; names aside, since much of the contract is left out."""
    try:
        return codec.from_json(document)
    except codec.CodecError:
        return None


def _distinct() -> list[Path_]:
    """One path for every field of every class, and for every kind of value that it has."""
    seen: dict[Any, Path_] = {}
    for path in places(SMALL):
        classes = [
            at(SMALL, path[:n]).get("is") for n in range(len(path)) if isinstance(at(SMALL, path[:n]), dict)
        ]
        fields = [p for p in path if isinstance(p, str)]
        item = isinstance(path[-1], int)
        seen.setdefault((classes[-1], fields[-1], item, type(at(SMALL, path)).__name__), path)
    return list(seen.values())


DISTINCT = _distinct()


def test_the_small_contract_is_small_and_yet_has_nearly_every_kind_of_node() -> None:
    met = {at(SMALL, p) for p in places(SMALL) if p[-1] == "is"}
    known = {n for n, c in vars(ir).items() if isinstance(c, type) and n in ir.__all__}
    assert len(met) > 0.85 * len(known - {"Unit", "Value"}), sorted(known - met)


def test_every_field_that_is_left_out_is_missed() -> None:
    for path in places(SMALL):
        document, here = alone(path)
        assert read(document) is not None, path
        if isinstance(path[-1], str):
            del at(document, here[:-1])[here[-1]]
            assert read(document) is None, path
    for path in DISTINCT:
        document, here = alone(path)
        assert VALIDATOR.is_valid(document), path
        if isinstance(path[-1], str):
            del at(document, here[:-1])[here[-1]]
            assert not VALIDATOR.is_valid(document), path


def test_every_field_by_another_name_is_refused() -> None:
    for path in DISTINCT:
        if not isinstance(path[-1], str):
            continue
        document, here = alone(path)
        parent = at(document, here[:-1])
        parent[f"{path[-1]}_"] = parent[path[-1]]
        assert read(document) is None, path
        assert not VALIDATOR.is_valid(document), path
        del parent[path[-1]]
        assert read(document) is None, path


OTHERS: tuple[Any, ...] = (
    None,
    True,
    7,
    1.5,
    "another",
    [],
    ["x"],
    {},
    {"is": "It", "end": False},
    {"is": "Nothing"},
)


def test_every_value_of_another_kind_is_refused_or_read_as_it_stands() -> None:
    """And the digest tells it from what stood there, but for the place of a clause in its file."""
    taken = refused = 0
    for path in DISTINCT:
        document, here = alone(path)
        whole = codec.digest(codec.from_json(document))
        for value in OTHERS:
            if at(document, here) == value and type(at(document, here)) is type(value):
                continue
            other = changed(path, value)
            found = read(other)
            if found is None:
                # One in four, since the schema takes its time.
                assert (refused := refused + 1) % 4 or not VALIDATOR.is_valid(other), (path, value)
                continue
            taken += 1
            assert VALIDATOR.is_valid(other), (path, value)
            assert json.loads(codec.dumps(found)) == other, (path, value)
            same = codec.digest(found) == whole
            assert same == (path[0] == "clauses" and path[-1] in ("file", "line")), (path, value)
    assert taken > 100


# --------------------------------------------------------------------------- every name means something
TEXTS = {
    "AmountOf.unit", "AttributeOf.attribute", "Ambiguity.name", "Ambiguity.question", "Ambiguity.readings",
    "Ambiguity.recommended", "Citation.place", "Clause.file", "Clause.id", "Clause.only_on", "Clause.title",
    "Clause.title_pl", "Contract.law", "Contract.name", "Contract.parties", "Contract.title", "Contract.zone",
    "Contract.country", "EachStretch.among", "FactValue.path", "ForEach.attribute", "FromTable.unit",
    "HolidaysOf.country", "IsOneOf.among", "Items.values", "Number.unit", "Recorded.among", "RecordComplete.record",
    "SameAs.attribute", "SamePeriod.attribute", "SourceText.file", "SourceText.sha256", "Stated.why", "Total.attribute",
    "Version.name", "While.among", "WordOfEvent.attributes", "WordOfEvent.name", "WordOfEvent.records", "ZoneOf.otherwise",
    "ZoneOf.zone", "AttributeDef.ranks", "Gate.names", "Alternative.ambiguity", "Alternative.reading", "AllOf.name",
    "It.name", "Each.name", "EachSpan.called", "OccasionRow.name", "Including.attribute", "ToEach.attribute", "Mentions.word",
}  # fmt: skip
"""Fields whose text names no definition, or names one in a way of its own (readings, `all of`)."""


def test_every_field_that_names_a_definition_is_known_to() -> None:
    """A new field with a text in it either names something, and is checked, or is listed here as one that does not."""
    found = set()
    for name, cls in vars(ir).items():
        if not (dataclasses.is_dataclass(cls) and isinstance(cls, type)):
            continue
        for field_name, hint in types_of(cls).items():
            inside, texts = [hint], False
            while inside:
                part = inside.pop()
                inside += [] if typing.get_origin(part) is typing.Literal else typing.get_args(part)
                texts |= part is str
            if texts and not (field_name == "name" and name.endswith("Def")):
                found.add((cls, field_name))
    named = KIND.keys() | set(WITH_KIND.items())
    assert {f"{cls.__name__}.{field_name}" for cls, field_name in found - named} - TEXTS == set()


def test_a_name_that_means_nothing_is_refused() -> None:
    """What names a definition, changed to a name that nothing has."""
    tried = set()
    for path in places(SMALL):
        owner = next(
            at(SMALL, path[:n]) for n in range(len(path) - 1, -1, -1) if isinstance(at(SMALL, path[:n]), dict)
        )
        fields = [p for p in path if isinstance(p, str)]
        cls = getattr(ir, owner["is"])
        key = (cls, fields[-1])
        names = (
            key in KIND or (cls, fields[-1]) in WITH_KIND.items() or fields[-1] in ("only_on", "recommended")
        )
        if names and isinstance(at(SMALL, path), str) and key not in tried:
            tried.add(key)
            document = copy.deepcopy(SMALL)
            at(document, path[:-1])[path[-1]] = "nobody-knows-this"
            with pytest.raises(codec.CodecError, match="nobody-knows-this"):
                codec.loads(json.dumps(document))
    assert len(tried) > 35


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not JSON"),
        ("[]", "Contract is due"),
        ("null", "Contract is due"),
        ('{"is": "Contract"}', "missing"),
        ('{"is": "It", "end": false}', "Contract is due"),
        ('{"is": "Contract", "is": "Contract"}', "twice"),
        ("[" * 100_000, "nested"),
    ],
)
def test_what_is_no_contract_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(codec.CodecError, match=says):
        codec.loads(text)


def test_a_circle_that_comes_as_data_is_refused() -> None:
    document = copy.deepcopy(SMALL)
    condition = {"is": "Holds", "name": "covered", "kind": "condition", "negated": False}
    document["conditions"][0]["lines"][0]["base"] = condition
    with pytest.raises(codec.CodecError, match="circle: covered"):
        codec.loads(json.dumps(document))


def test_a_definition_that_stands_twice_is_refused() -> None:
    document = copy.deepcopy(SMALL)
    document["events"] *= 2
    with pytest.raises(codec.CodecError, match="twice"):
        codec.loads(json.dumps(document))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"Europe/Warsaw"', '"Nowhere/Else"', "no time zone is named 'Nowhere/Else'"),
        ('"PL"', '"XX"', "no public holidays are known of a country 'XX'"),
    ],
)
def test_a_place_that_is_none_is_refused(old: str, new: str, says: str) -> None:
    text = json.dumps(SMALL)
    assert old in text
    with pytest.raises(codec.CodecError, match=says):
        codec.loads(text.replace(old, new))


# --------------------------------------------------------------------------- the digest
def paragraphs(text: str) -> tuple[str, list[str]]:
    head, *rest = text.strip().split("\n\n")
    return f"{head}\n\n{rest[0]}", rest[1:]


@settings(max_examples=15)
@given(st.randoms(use_true_random=False))
def test_the_digest_is_that_of_the_meaning(random: Any) -> None:
    """Neither the order of definitions nor the layout nor the file changes it."""
    head, items = paragraphs(TEXT)
    random.shuffle(items)
    whole = contract()
    shuffled = f"{head}\n\n# other comments\n\n" + "\n\n\n".join(items) + "\n"
    assert codec.digest(contract(shuffled)) == codec.digest(whole)
    laid_out = format_text(Source("x", shuffled.replace("  ", "    ")))
    assert codec.digest(contract(laid_out)) == codec.digest(whole)
    half = len(items) // 2
    first = Source("a.contract", f"{head}\n\n" + "\n\n".join(items[:half]))
    second = Source("b.contract", "servanda 1\npart of small\n\n" + "\n\n".join(items[half:]))
    assert codec.digest(check([first, second], vocabulary())) == codec.digest(whole)


WORDS = [
    ("within 2 elapsed hours of stretch", "within 3 elapsed hours of stretch"),
    ("the later of (response-time", "the earlier of (response-time"),
    ("no later than limit", "before limit"),
    ("where covered holds", "where covered does not hold"),
    ("shall endeavour to have", "shall have"),
    ("reading working \"Those of the office\" recommended\n  reading all \"Every hour\"",
     "reading working \"Those of the office\"\n  reading all \"Every hour\" recommended"),
    ("save public holidays", ""),
    ("99.5 percent", "99.4 percent"),
    ("on a fall the limit runs anew from the trigger", "on a fall the limit runs anew from the change"),
    ("save where opening is during outage", "where opening is outside outage"),
    ("from 2024-01-01", "from 2024-01-02"),
    ('holidays of "PL"', 'holidays of "DE"'),
    ("cite lines 1-2, 7", "cite lines 1-2, 8"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), WORDS)
def test_every_change_of_meaning_changes_the_digest(old: str, new: str) -> None:
    assert TEXT.count(old) == 1
    assert codec.digest(contract(TEXT.replace(old, new))) != codec.digest(contract())
