"""`servanda explain`, `test`, `lint`, `fmt` and `show`: what they print, and how they end."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET

import pytest

from checker.recheck import recheck
from tests.checker.cli.desk import (
    BREACHED,
    BROKEN,
    CASES,
    CONTESTED,
    CONTRACT,
    GOLD,
    MET,
    PAID,
    Desk,
    process,
    servanda,
)

MESSY = CONTRACT.replace("  where channel", "      where channel").replace(
    "\n\nclause desk.tone", "\n\n\n\nclause desk.tone"
)


# --------------------------------------------------------------------------- explain
def test_explain_in_words(desk: Desk) -> None:
    found = servanda("explain", *desk.inputs(MET + BREACHED), "--ticket", "T-late")
    assert found.code == 0
    head = " ".join(found.out.partition("\n\n")[0].split())
    assert head.startswith(
        "Ticket T-late: “Answered in two office hours” was not kept: response_sent came too late."
    )
    assert head.endswith("1 h late.")
    for said in (
        "BREACHED",
        "point 3 (lines 7-9)",
        "desk-clock",
        "counted in office",
        "due: the last instant allowed",
    ):
        assert said in found.out
    assert "T-met" not in found.out


def test_explain_as_json_holds_on_a_second_opinion(desk: Desk) -> None:
    found = servanda(
        "explain",
        *desk.inputs(CONTESTED),
        "--ticket",
        "T-friday",
        "--clause",
        "desk.response",
        "--format",
        "json",
    )
    told = json.loads(found.out)
    assert (told["ticket"], told["clause"], told["verdict"]) == ("T-friday", "desk.response", "met")
    assert recheck(told) == []
    assert told["readings"][0]["others"][0]["turns"] is True
    several = json.loads(
        servanda("explain", *desk.inputs(GOLD), "--ticket", "T-gold", "--all", "--format", "json").out
    )
    assert [e["clause"] for e in several] == ["desk.closing", "desk.response", "desk.response-gold"]
    assert all(recheck(e) == [] for e in several)


def test_explain_says_what_does_not_apply_only_when_asked(desk: Desk) -> None:
    some = servanda("explain", *desk.inputs(GOLD), "--ticket", "T-gold").out
    assert "desk.response-gold" in some
    assert "superseded by desk.response-gold" not in some
    assert (
        "superseded by desk.response-gold"
        in servanda("explain", *desk.inputs(GOLD), "--ticket", "T-gold", "--all").out
    )
    one = servanda("explain", *desk.inputs(GOLD), "--ticket", "T-gold", "--clause", "desk.response").out
    assert "superseded by desk.response-gold" in one


def test_explain_the_agreement_itself(desk: Desk) -> None:
    found = servanda("explain", *desk.inputs(MET + PAID))
    assert found.code == 0
    assert found.out.startswith("Agreement acme: “Paid at all” was kept")


def test_explain_a_reading(desk: Desk) -> None:
    found = servanda(
        "explain", *desk.inputs(CONTESTED), "--ticket", "T-friday", "--reading", "desk-clock=elapsed"
    )
    assert "within 2 elapsed hours" in found.out
    assert "BREACHED" in found.out


def test_explain_gives_the_same_bytes(desk: Desk) -> None:
    arguments = ["explain", *desk.inputs(BREACHED), "--ticket", "T-late"]
    done = process(*arguments, cwd=desk.folder, PYTHONHASHSEED="4711", TZ="Asia/Tokyo", LC_ALL="C.UTF-8")
    assert done.stdout.decode() == servanda(*arguments).out != ""


def test_explain_of_a_ticket_that_was_set_aside_says_why(desk: Desk) -> None:
    found = servanda("explain", *desk.inputs(MET + BROKEN), "--ticket", "T-broken")
    assert found.code == 2
    assert "tickets.jsonl:2" in found.err
    assert "ticket T-broken was set aside: at is missing" in found.err


# --------------------------------------------------------------------------- test
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("verdict: met, due", "verdict: kept, due", "there is no such verdict"),
        ("verdict: met, due", "verdct: met, due", "did you mean verdict?"),
        ("+01:00'}", "'}", "expect.due: "),
        (
            "clause: desk.response",
            "clause: desk.response\n  readings: {desk-clok: hours}",
            "did you mean desk-clock?",
        ),
        (
            "clause: desk.response",
            "clause: desk.response\n  readings: {desk-clock: never}",
            "no such reading",
        ),
        ("{time_zone", "{contract: counter, time_zone", "the agreement is under another contract"),
    ],
)
def test_a_faulty_case_is_a_fault(desk: Desk, old: str, new: str, said: str) -> None:
    cases = desk.write("cases.yaml", CASES.replace(old, new, 1))
    found = servanda("test", str(desk.contract), "--cases", str(cases))
    assert found.code == 2
    assert "cases.yaml:" in found.err
    assert said in found.err


def test_cases_in_words(desk: Desk) -> None:
    cases = str(desk.write("cases.yaml", CASES))
    found = servanda("test", str(desk.contract), "--cases", cases)
    assert found.code == 1
    assert "FAILED wrong" in found.out
    assert "expected met" in found.out
    assert (
        "breached, due 2025-03-10T10:00:00+00:00" in found.out
        or "breached, due 2025-03-10T11:00:00+01:00" in found.out
    )
    assert found.out.splitlines()[-1] == "1 passed, 1 failed, 1 no clause yet"


def test_cases_as_json(desk: Desk) -> None:
    found = servanda(
        "test", str(desk.contract), "--cases", str(desk.write("cases.yaml", CASES)), "--format", "json"
    )
    told = json.loads(found.out)
    assert (found.code, told["passed"], told["failed"], told["no_clause"]) == (1, 1, 1, 1)
    by_id = {c["id"]: c for c in told["cases"]}
    assert (
        by_id["in-time"].items()
        >= {
            "expected": "met",
            "got": "met",
            "due_expected": "2025-03-10T11:00:00+01:00",
            "due_got": "2025-03-10T11:00:00+01:00",
            "ok": True,
        }.items()
    )
    assert by_id["wrong"]["ok"] is False
    assert by_id["unwritten"]["got"] is None


def test_cases_with_coverage(desk: Desk) -> None:
    cases = str(desk.write("cases.yaml", CASES))
    text = servanda("test", str(desk.contract), "--cases", cases, "--coverage")
    assert text.code == 1
    assert "desk.response-gold\n  clause   a case: none is about it" in text.out
    last = text.out.splitlines()[-1]
    assert last.startswith("coverage: ")
    told = json.loads(
        servanda("test", str(desk.contract), "--cases", cases, "--coverage", "--format", "json").out
    )
    found = told["coverage"]
    assert found["exercised"] == found["units"] - len(found["missing"])
    assert {"kind", "owner", "text", "wanted"} == found["missing"][0].keys()


def test_cases_as_junit(desk: Desk) -> None:
    found = servanda(
        "test", str(desk.contract), "--cases", str(desk.write("cases.yaml", CASES)), "--format", "junit"
    )
    (suite,) = ET.fromstring(found.out)
    assert [suite.get(k) for k in ("tests", "failures", "errors", "skipped")] == ["3", "1", "0", "1"]
    assert {c.get("name"): [x.tag for x in c] for c in suite} == {
        "in-time": [],
        "wrong": ["failure"],
        "unwritten": ["skipped"],
    }


def test_all_pass(desk: Desk) -> None:
    good = desk.write("good.yaml", CASES.split("- id: wrong")[0])
    found = servanda("test", str(desk.contract), "--cases", str(good))
    assert (found.code, found.out) == (0, "1 passed, 0 failed\n")


def test_the_bundled_cases() -> None:
    found = servanda("test", "poly")
    assert found.code == 0
    assert " 0 failed" in found.out


# --------------------------------------------------------------------------- lint, fmt
def test_lint(desk: Desk) -> None:
    assert servanda("lint", str(desk.contract)).code == 0
    unused = desk.write("unused.contract", CONTRACT + "\nevent never-used\n  means response_sent\n")
    found = servanda("lint", str(unused))
    assert found.code == 1
    assert "never-used" in found.out + found.err
    told = json.loads(servanda("lint", str(unused), "--format", "json").out)
    assert [f["at"]["file"] for f in told] == ["unused.contract"]
    assert "never-used" in told[0]["message"]


def test_lint_names_a_misspelt_word(desk: Desk) -> None:
    wrong = desk.write("wrong.contract", CONTRACT.replace("counted in office", "counted in ofice"))
    found = servanda("lint", str(wrong))
    assert found.code == 1
    assert "ofice" in found.out + found.err
    assert "did you mean" in (found.out + found.err).lower()


def test_fmt_changes_the_layout_and_not_the_contract(desk: Desk) -> None:
    messy = desk.write("messy.contract", MESSY.replace("      where channel", "  where   channel"))
    before = servanda("show", str(messy)).out
    checked = servanda("fmt", str(messy), "--check")
    assert (checked.code, "would change" in checked.out) == (1, True)
    assert messy.read_text() == MESSY.replace("      where channel", "  where   channel")
    assert servanda("fmt", str(messy)).code == 0
    assert messy.read_text() != MESSY
    assert servanda("fmt", str(messy), "--check").code == 0
    assert servanda("show", str(messy)).out == before
    assert "digest" in before


def test_fmt_leaves_a_contract_that_is_laid_out(desk: Desk) -> None:
    servanda("fmt", str(desk.contract))
    stamp = desk.contract.stat().st_mtime_ns
    assert servanda("fmt", str(desk.contract)).code == 0
    assert desk.contract.stat().st_mtime_ns == stamp


def test_fmt_takes_a_byte_order_mark_away(desk: Desk) -> None:
    plain = servanda("fmt", str(desk.contract))
    assert plain.code == 0
    marked = desk.folder / "marked.contract"
    marked.write_bytes(b"\xef\xbb\xbf" + desk.contract.read_bytes().replace(b"\n", b"\r\n"))
    assert servanda("lint", str(marked)).code == servanda("lint", str(desk.contract)).code
    assert servanda("fmt", str(marked), "--check").code == 1
    assert servanda("fmt", str(marked)).code == 0
    assert marked.read_bytes() == desk.contract.read_bytes()


def test_fmt_changes_no_file_of_a_folder_of_which_one_is_broken(desk: Desk) -> None:
    folder = desk.folder / "two"
    folder.mkdir()
    messy = MESSY.replace("      where channel", "  where   channel")
    (folder / "a.contract").write_text(messy)
    for broken in (b"servanda 1\nclause\n", b"servanda 1\n# \xff\n"):
        (folder / "b.contract").write_bytes(broken)
        found = servanda("fmt", str(folder))
        assert found.code == 2
        assert "b.contract:2:" in found.err
        assert (folder / "a.contract").read_text() == messy


def test_fmt_of_a_folder_without_contracts_is_a_fault(desk: Desk) -> None:
    folder = desk.folder / "nothing"
    folder.mkdir()
    assert servanda("fmt", str(folder)).code == 2


# --------------------------------------------------------------------------- show
def test_show_a_contract(desk: Desk) -> None:
    found = servanda("show", str(desk.contract))
    assert found.code == 0
    for said in (
        "desk: A desk",
        "law polish-civil-code",
        "desk.response",
        "Odpowiedź w dwie godziny",
        "lines 7-9",
    ):
        assert said in found.out
    assert "clauses expressed: 4; stated only: 1" in found.out


def test_show_a_clause(desk: Desk) -> None:
    found = servanda("show", str(desk.contract), "desk.response")
    for said in (
        "clause desk.response",
        "superseded by desk.response-gold",
        "within 2 hours of",
        "or on reading desk-clock.elapsed",
        "within 2 elapsed hours of",
        "* hours: In office hours",
    ):
        assert said in found.out
    assert (
        "takes the place of desk.response" in servanda("show", str(desk.contract), "desk.response-gold").out
    )


def test_show_a_clause_in_polish(desk: Desk) -> None:
    found = servanda("show", str(desk.contract), "desk.response", "--lang", "pl")
    assert found.code == 0
    for said in (
        "klauzula desk.response",
        "Odpowiedź w dwie godziny",
        "wiersze 7-9",
        "zastąpiona przez",
        "w ciągu 2 godzin od",
        "albo przy odczytaniu [desk-clock.elapsed]:",
        "kalendarz „office”",
        "inne odczytania",
    ):
        assert said in found.out
    other = servanda("show", str(desk.contract), "desk.response-gold", "--lang", "pl").out
    assert "zastępuje „Odpowiedź w dwie godziny” (desk.response)" in other


def test_show_the_tree_and_the_count(desk: Desk) -> None:
    tree = servanda("show", str(desk.contract), "--tree").out
    assert "desk.response" in tree
    assert "gives way to desk.response-gold" in tree
    count = servanda("show", str(desk.contract), "--count").out
    assert "1 guarantee" in count or "2 guarantee" in count
    assert "ambiguities: 1" in count


def test_the_checked_form_can_be_used_without_the_text(desk: Desk) -> None:
    exported = desk.write("desk.json", servanda("show", str(desk.contract), "--format", "json").out)
    text = desk.check(MET + BREACHED, "--format", "jsonl")
    options = [str(exported) if o == str(desk.contract) else o for o in desk.inputs(MET + BREACHED)]
    plain = servanda("check", *options, "--format", "jsonl")
    assert (plain.code, plain.out) == (text.code, text.out)


def test_the_checked_form_keeps_its_schema(desk: Desk) -> None:
    import jsonschema

    schema = json.loads(servanda("show", str(desk.contract), "--format", "schema").out)
    jsonschema.Draft202012Validator(schema).validate(
        json.loads(servanda("show", str(desk.contract), "--format", "json").out)
    )


def test_a_clause_in_its_checked_form(desk: Desk) -> None:
    told = json.loads(servanda("show", str(desk.contract), "desk.payment", "--format", "json").out)
    assert told["id"] == "desk.payment"


@pytest.mark.parametrize("name", ["cloudorama", "infor", "poly", "senetic", "unified"])
def test_the_bundled_contracts_can_be_shown(name: str) -> None:
    found = servanda("show", name)
    assert found.code == 0
    assert found.out.startswith(f"{name}: ")
