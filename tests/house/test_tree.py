"""What must not stand in the tree: machine paths, hosts, one contract's words in the engine, long modules."""

import re
from pathlib import Path

import pytest

from tests.house.contract_words import (
    clause_ids,
    contract_names,
    engine_foreign_words,
    findings,
    neutral_words,
    spoken,
)
from tests.house.tree import ROOT, modules, place, text_files, tree_files

LONGEST_MODULE = 500

# Put together here, so that this file does not hold what it looks for.
MACHINE_PATH = re.compile(
    "/(?:" + "|".join(["work", "tmp", "root", "farm"]) + ")/" + "|" + "/(?:home|Users)" + r"/[a-z]\w*/"
)
HOSTS = [
    ".".join(parts) for parts in (["pypi", "org"], ["pythonhosted", "org"], ["npmjs", "org"], ["ghcr", "io"])
]
INSTALL_OPTION = re.compile(r"--(?:extra-)?index-url|--trusted-host|--find-links|^-[if]\s", re.MULTILINE)


def lines_with(pattern: re.Pattern[str], text: str) -> list[int]:
    return [number for number, line in enumerate(text.splitlines(), start=1) if pattern.search(line)]


def test_no_machine_path() -> None:
    found = [place(path, line) for path, text in text_files() for line in lines_with(MACHINE_PATH, text)]
    assert not found


def test_no_registry_host() -> None:
    hosts = re.compile("|".join(map(re.escape, HOSTS)))
    found = [place(path, line) for path, text in text_files() for line in lines_with(hosts, text)]
    assert not found


def test_requirements_name_no_index() -> None:
    locked = sorted((ROOT / "requirements").glob("*.txt"))
    assert locked
    found = [path.name for path in locked if INSTALL_OPTION.search(path.read_text())]
    assert not found


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (MACHINE_PATH, "see /" + "work/main"),
        (MACHINE_PATH, "/" + "home/anna/x"),
        (INSTALL_OPTION, "lark==1\n--index" + "-url x"),
        (INSTALL_OPTION, "-i there"),
    ],
)
def test_patterns_find(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


def test_modules_are_short() -> None:
    sizes = {place(path): len(path.read_text().splitlines()) for path in modules("dsl", "checker", "tests")}
    assert sizes
    assert {name: size for name, size in sizes.items() if size > LONGEST_MODULE} == {}


def test_no_contract_in_the_engine() -> None:
    """Rules belong in `policies/`: neither code nor data of the engine knows a contract by name."""
    policies = ROOT / "policies"
    names, clauses = contract_names(policies), clause_ids(policies)
    assert names
    assert clauses
    neutral = neutral_words(policies / "vocabulary.yaml")
    found = [
        f"{place(path, line)}: {word}"
        for path, text in text_files()
        if path.relative_to(ROOT).parts[0] in {"dsl", "checker"}
        for line, word in findings(text, names, clauses, neutral)
    ]
    assert not found


def test_no_word_of_the_vocabulary_in_the_engine() -> None:
    """Nor does it know an event or a fact by name, in docstrings as in code. Presets are data, and say what an export means."""
    words = engine_foreign_words(ROOT / "policies" / "vocabulary.yaml")
    assert len(words) > 100
    presets = ROOT / "checker" / "record" / "presets"
    # SARIF calls the places of a result so, and CSS a layout.
    others = {
        ("checker/report/renderers/sarif.py", "locations"),
        ("checker/report/renderers/page/style.css", "flex"),
        ("checker/report/review/page/review.css", "flex"),
    }
    found = [
        f"{place(path, line)}: {word}"
        for path, text in text_files()
        if path.relative_to(ROOT).parts[0] in {"dsl", "checker"} and presets not in path.parents
        for line, word in spoken(text, words)
        if (place(path), word) not in others
    ]
    assert not found


def test_words_of_the_vocabulary_are_found(tmp_path: Path) -> None:
    vocabulary = tmp_path / "vocabulary.yaml"
    vocabulary.write_text(
        "events: {call_made: {attributes: [{name: caller}, {name: line_used}]}, rung: {}}\n"
        "facts: {acme_number: {type: string}, country: {type: string}}\n"
    )
    words = engine_foreign_words(vocabulary)
    assert words == {"call_made", "line_used", "rung", "acme_number"}
    code = 'def f(country):\n    """`caller of call_made`."""\n    # acme_number\n    return "rung", wrung\n'
    assert list(spoken(code, words)) == [(2, "call_made"), (3, "acme_number"), (4, "rung")]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ('if contract == "acme":', "acme"),
        ('CLAUSE = "acme.intake.first-call"', "acme"),
        ('if clause.endswith(".intake.first-call"):', "intake.first-call"),
        ("def acme_rule():", "acme"),
        ("# As in the Acme contract.", "Acme"),
    ],
)
def test_contract_words_are_found(text: str, word: str) -> None:
    assert word in {found for _, found in findings(text, ["acme"], ["acme.intake.first-call"], frozenset())}


@pytest.mark.parametrize("text", ["acmeology", "an_acme_fact is a fact", "intake.first - call"])
def test_other_words_are_left_alone(text: str) -> None:
    clauses = ["acme.intake.first-call"]
    assert not list(findings(text, ["acme"], clauses, frozenset({"an_acme_fact"})))


def test_the_names_come_from_the_policies(tmp_path: Path) -> None:
    cases = tmp_path / "acme" / "cases"
    cases.mkdir(parents=True)
    (tmp_path / "schemas").mkdir()
    (cases / "more.yaml").write_text("- id: acme.intake.first-call/late\n  clause: acme.intake.first-call\n")
    (tmp_path / "vocabulary.yaml").write_text(
        "events: {call_made: {attributes: [{name: caller}]}}\nfacts: {acme_number: {type: string}}\n"
    )
    assert contract_names(tmp_path) == {"acme"}
    assert clause_ids(tmp_path) == {"acme.intake.first-call"}
    assert neutral_words(tmp_path / "vocabulary.yaml") == {"call_made", "caller", "acme_number"}


def test_top_level_is_the_agreed_one() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in tree_files() if path.parent != ROOT}
    assert folders <= {".ci", "checker", "docs", "dsl", "fixtures", "policies", "requirements", "tests"}
