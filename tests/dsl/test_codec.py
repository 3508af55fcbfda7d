"""The checked contract as JSON: nothing is lost, nothing is half read, and the schema says the same as the reader."""

import copy
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.audit.library import contract_names, load_contract, vocabulary
from dsl import codec
from dsl import contract as ir
from dsl.check import check
from dsl.format import format_text
from dsl.resolve import unresolved
from dsl.source import Source
from tests.dsl.small import TEXT
from tests.strategies import Block, contract_blocks, contract_of, text_of

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


@given(contract_blocks())
def test_any_contract_comes_back_whole(blocks: list[Block]) -> None:
    found = contract_of(blocks)
    assert unresolved(found) is None
    text = codec.dumps(found)
    assert codec.loads(text) == found
    VALIDATOR.validate(json.loads(text))


# --------------------------------------------------------------------------- nothing is half read
def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every value inside a JSON document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inside:
        yield (*path, key)
        yield from places(item, (*path, key))


def at(document: Any, path: tuple[Any, ...]) -> Any:
    for key in path:
        document = document[key]
    return document


def changed(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    out = copy.deepcopy(document)
    at(out, path[:-1])[path[-1]] = value
    return out


def verdict_of_reader(document: Any) -> ir.Contract | None:
    try:
        return codec.loads(json.dumps(document))
    except codec.CodecError:
        return None


SMALL = json.loads(codec.dumps(contract()))
EVERYWHERE = list(places(SMALL))


def test_the_small_contract_is_small_and_yet_has_nearly_every_kind_of_node() -> None:
    met = {at(SMALL, p) for p in EVERYWHERE if p[-1] == "is"}
    known = {n for n, c in vars(ir).items() if isinstance(c, type) and n in ir.__all__}
    assert len(met) > 0.85 * len(known - {"Unit", "Value"}), sorted(known - met)


def test_every_field_that_is_left_out_is_missed() -> None:
    for path in EVERYWHERE:
        if not isinstance(path[-1], str):
            continue
        document = copy.deepcopy(SMALL)
        del at(document, path[:-1])[path[-1]]
        assert verdict_of_reader(document) is None, path
        assert not VALIDATOR.is_valid(document), path


def test_every_field_by_another_name_is_refused() -> None:
    for path in EVERYWHERE:
        if not isinstance(path[-1], str):
            continue
        document = copy.deepcopy(SMALL)
        parent = at(document, path[:-1])
        parent[f"{path[-1]}_"] = parent.pop(path[-1])
        assert verdict_of_reader(document) is None, path
        parent[path[-1]] = parent[f"{path[-1]}_"]
        assert verdict_of_reader(document) is None, path


OTHERS: tuple[Any, ...] = (None, True, 7, -1, 1.5, "another", "", [], ["x"], {}, {"is": "It", "end": False}, {"is": "Nothing"})


def test_every_value_of_another_kind_is_refused_or_read_as_it_stands() -> None:
    for path in EVERYWHERE:
        for value in OTHERS:
            document = changed(SMALL, path, value)
            if at(SMALL, path) == value and type(at(SMALL, path)) is type(value):
                continue
            found = verdict_of_reader(document)
            if found is not None:
                assert VALIDATOR.is_valid(document), (path, value)
                assert json.loads(codec.dumps(found)) == document, (path, value)
            elif VALIDATOR.is_valid(document):
                # The schema knows no names: only what refers to something may differ.
                assert isinstance(value, str | list | type(None)) or path[-1] == "amount", (path, value)


def test_a_name_that_means_nothing_is_refused() -> None:
    """What names a definition, changed to a name that nothing has."""
    named = 0
    free = {
        "title", "title_pl", "place", "question", "why", "file", "sha256", "attribute", "values", "among", "name",
        "law", "id", "path", "unit", "parties", "attributes", "records", "readings", "version", "party", "otherwise",
        "country", "zone",
    }  # fmt: skip
    for path in EVERYWHERE:
        value = at(SMALL, path)
        fields = [p for p in path if isinstance(p, str)]
        if not isinstance(value, str) or fields[-1] in free | {"is"}:
            continue
        assert verdict_of_reader(changed(SMALL, path, "nobody-knows-this")) is None, path
        named += 1
    assert named > 60


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


# --------------------------------------------------------------------------- the digest
def paragraphs(text: str) -> tuple[str, list[str]]:
    head, *rest = text.strip().split("\n\n")
    return f"{head}\n\n{rest[0]}", rest[1:]


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


def test_every_change_of_the_data_changes_the_digest() -> None:
    """But for the place of a clause in its file."""
    whole = codec.digest(contract())
    for path in EVERYWHERE:
        for value in OTHERS:
            found = verdict_of_reader(changed(SMALL, path, value))
            if found is None or found == contract():
                continue
            same = codec.digest(found) == whole
            assert same == (path[0] == "clauses" and path[-1] in ("file", "line")), path


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


@given(contract_blocks())
def test_the_digest_of_any_contract_survives_the_journey(blocks: list[Block]) -> None:
    found = contract_of(blocks)
    assert codec.digest(codec.loads(codec.dumps(found))) == codec.digest(found)
    assert codec.digest(contract_of(blocks)) == codec.digest(check([Source("y", text_of(blocks))], vocabulary()))
