"""The words of reports: every key in both languages, every form, and what a renderer asks for is there."""

import ast
import re

import pytest

from checker.report.model import GROUPS
from checker.report.words import LANGUAGES, form_of, forms_of, words_of
from tests.house.tree import ROOT

KEY = re.compile(r"^[a-z_]+(\.[\w ]+)*$")


def test_every_key_is_in_both_languages() -> None:
    english, polish = (set(words_of(language).keys()) for language in LANGUAGES)
    assert english == polish
    assert len(english) > 200


def test_entries_of_the_languages_fit() -> None:
    english, polish = words_of("en"), words_of("pl")
    for key in sorted(set(english.keys())):
        assert english.fields(key) == polish.fields(key), key
        assert bool(english.forms(key)) == bool(polish.forms(key)), key
        assert english.forms(key) in (set(), forms_of("en")), key
        assert polish.forms(key) in (set(), forms_of("pl")), key


def test_codes_have_words() -> None:
    for language in LANGUAGES:
        keys = set(words_of(language).keys())
        verdicts = (
            "met",
            "breached",
            "undetermined",
            "pending",
            "not_entitled",
            "excluded",
            "not_applicable",
        )
        for verdict in verdicts:
            assert {f"verdict.{verdict}", f"verdict_means.{verdict}", f"sign.{verdict}"} <= keys
        for group in GROUPS:
            assert {f"group.{group}", f"group_means.{group}"} <= keys


def test_what_renderers_ask_for_is_there() -> None:
    keys = set(words_of("en").keys())
    asked: set[str] = set()
    for path in sorted((ROOT / "checker" / "report").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("words", "w")
            ):
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant) and isinstance(first.value, str):
                    asked.add(first.value)
    assert asked <= keys


@pytest.mark.parametrize(
    ("n", "form"),
    [(0, "many"), (1, "one"), (2, "few"), (4, "few"), (5, "many"), (11, "many"), (12, "many"), (14, "many"), (21, "many"),
     (22, "few"), (25, "many"), (101, "many"), (102, "few"), (112, "many"), (1002, "few")],
)  # fmt: skip
def test_polish_plurals(n: int, form: str) -> None:
    assert form_of("pl", n) == form


def test_numbers_and_dates() -> None:
    english, polish = words_of("en"), words_of("pl")
    assert english("count.tickets", 1) == "1 ticket"
    assert english("count.tickets", 12345) == "12,345 tickets"
    assert polish("count.tickets", 1) == "1 zgłoszenie"
    assert polish("count.tickets", 1234) == "1234 zgłoszenia"
    assert polish("count.tickets", 12345) == "12\N{NO-BREAK SPACE}345 zgłoszeń"
    assert english.day("2025-03-05T09:00:00+01:00") == "5 March 2025"
    assert polish.day("2025-03-05T09:00:00+01:00") == "5 marca 2025"
    assert polish.month("2025-03") == "marzec 2025"
    assert english.instant("2025-03-05T09:00:00+01:00") == "5 March 2025, 09:00:00 +01:00"
    assert english.instant(None) == "–"
    assert english.percent(0.99999) == "99.9%"
    assert polish.percent(0.5) == "50,0%"
    assert english.percent(1.0) == "100.0%"
    assert english.percent(0.00001) == "0.1%"
    assert english.duration(3661) == "1 h 1 min 1 s"
    assert english.duration(-90_000) == "\N{MINUS SIGN}1 d 1 h"
    assert english.duration(0) == "0 s"
