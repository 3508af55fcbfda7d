"""Whatever is wrong with what a command is given: exit code 2, one clear message, never a traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.checker.cli.desk import (
    AGREEMENTS,
    AS_OF,
    CASES,
    CONTRACT,
    MET,
    OTHERS,
    Desk,
    Run,
    event,
    servanda,
    ticket,
)


def said(found: Run, *words: str) -> None:
    """It is a fault, and the message on standard error has these words."""
    assert found.code == 2, (found.code, found.err)
    assert found.out == ""
    for word in words:
        assert word in found.err, found.err


# --------------------------------------------------------------------------- options
@pytest.mark.parametrize("missing", ["--contract", "--agreements", "--tickets"])
def test_missing_options(desk: Desk, missing: str) -> None:
    given = desk.inputs(MET)
    at = given.index(missing)
    said(servanda("check", *given[:at], *given[at + 2 :]), missing)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--as-of", "tomorrow"], ["--as-of", "tomorrow"]),
        (["--as-of", "2025-03-10T09:00:00"], ["--as-of", "offset"]),
        (["--as-of", "2025-02-30T09:00:00+01:00"], ["--as-of"]),
        (["--as-of", ""], ["--as-of"]),
        (["--reading", "desk-clock"], ["--reading", "NAME=VALUE"]),
        (["--reading", "=elapsed"], ["--reading"]),
        (["--reading", "desk-clok=elapsed"], ["desk-clok", "did you mean desk-clock"]),
        (["--reading", "desk-clock=elapst"], ["elapst", "did you mean elapsed"]),
        (["--reading", "desk-clock=hours", "--reading", "desk-clock=elapsed"], ["twice"]),
        (["--clause", "desk.respnse"], ["desk.respnse", "did you mean desk.response"]),
        (["--clause", "desk.tone"], ["desk.tone"]),
        (["--clause", "nothing*"], ["nothing*"]),
        (["--format", "xml"], ["xml"]),
        (["--layout", "tall"], ["tall"]),
        (["--fail-on", "met"], ["met"]),
        (["--mapping", "no-such-mapping"], ["no-such-mapping"]),
        (["--assume", "x=y"], ["--assume", "--mapping"]),
        (["--jobs", "0"], ["--jobs"]),
        (["--no-such-option"], ["--no-such-option"]),
    ],
    ids=" ".join,
)
def test_options_that_are_wrong(desk: Desk, options: list[str], words: list[str]) -> None:
    said(servanda("check", *desk.inputs(MET), *options), *words)


def test_no_audit_instant(desk: Desk) -> None:
    said(desk.check(MET, as_of=None), "--as-of", "complete_to")


def test_an_unknown_command() -> None:
    assert servanda("chek").code == 2


@pytest.mark.parametrize("place", ["no-such-folder/verdicts.jsonl", "."])
def test_output_that_cannot_be_written(desk: Desk, place: str) -> None:
    said(desk.check(MET, "--format", "jsonl", "-o", str(desk.folder / place)))


# --------------------------------------------------------------------------- contracts
@pytest.mark.parametrize("command", ["check", "explain", "show", "lint", "fmt", "test"])
def test_a_contract_that_is_not_there(desk: Desk, command: str) -> None:
    given = desk.inputs(MET)
    given[1] = "senetik"
    arguments = given if command in ("check", "explain") else ["senetik"]
    said(servanda(command, *arguments), "senetik", "did you mean senetic")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("empty.contract", ""),
        ("other.contract", "This is a letter.\n"),
        ("binary.contract", b"\xff\xfe\x00\x01"),
        ("version.contract", CONTRACT.replace("servanda 1", "servanda 99")),
        ("headless.contract", "servanda 1\n\nclause x\n  the provider is released\n"),
        ("part.contract", "servanda 1\npart of desk\n"),
        ("name.contract", CONTRACT.replace("of payment is", "of paiment is")),
        (
            "circle.contract",
            CONTRACT.replace("  where subscription", "  superseded by desk.response\n  where subscription"),
        ),
        ("tabs.contract", CONTRACT.replace("  where", "\twhere")),
        ("not.json", "{}"),
        ("broken.json", "{"),
        ("list.json", "[1, 2]"),
        ("text.json", "\xff"),
    ],
)
def test_a_contract_that_is_none(desk: Desk, name: str, text: str | bytes) -> None:
    given = desk.inputs(MET)
    given[1] = str(desk.write(name, text))
    said(servanda("check", *given))
    said(servanda("show", given[1]))


def test_a_folder_without_a_contract(desk: Desk) -> None:
    (desk.folder / "nothing").mkdir()
    said(servanda("show", str(desk.folder / "nothing")), "nothing")


def test_every_error_of_a_contract_is_said_with_its_place(desk: Desk) -> None:
    wrong = desk.write("wrong.contract", CONTRACT.replace("counted in office", "counted in ofice"))
    found = servanda("show", str(wrong))
    said(found, "wrong.contract:", "ofice", "the contract cannot be used")
    assert "did you mean" in found.err.lower()


def test_an_unknown_clause(desk: Desk) -> None:
    said(servanda("show", str(desk.contract), "desk.respons"), "desk.respons", "did you mean desk.response")


# --------------------------------------------------------------------------- agreements
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("- a\n- b\n", []),
        ("just text", []),
        ("agreement: [", []),
        ("contract: desk\n", ["agreement"]),
        ("agreement: acme\ntime_zone: Europe/Warsaw\n", ["contract"]),
        (
            "agreement: acme\ncontract: other\ntime_zone: Europe/Warsaw\n",
            ["no agreement is under the contract desk", "other"],
        ),
        (AGREEMENTS.replace("Europe/Warsaw", "Europe/Warsow"), ["Europe/Warsow", "Europe/Warsaw"]),
        (AGREEMENTS.replace("Europe/Warsaw", "7"), ["time_zone"]),
        (AGREEMENTS + "---\n" + AGREEMENTS, ["acme"]),
        (AGREEMENTS + "country: DE\n", ["country"]),
        (AGREEMENTS + "when: !!python/object:os.system {}\n", []),
        (AGREEMENTS + "a: &x 1\nb: *x\n", []),
        ("\x00", []),
        ("agreement: acme\ncontract: desk\ngaps: [{from: x}]\n", ["gaps"]),
        ("agreement: acme\ncountry: PL\n", ["contract is missing", "found only agreement, country"]),
        (
            AGREEMENTS + "records_missing: [payment]\n",
            ["agreements.yaml:5:19: records_missing[0]", "did you mean payments?"],
        ),
        (AGREEMENTS + "fees_paid: 'true'\n", ["agreements.yaml:5:12: fees_paid", "leave the quotes out"]),
        (AGREEMENTS + "purchases: uer\n", ["agreements.yaml:5:12: purchases: a list is due, not text"]),
        (
            AGREEMENTS + "purchases: [{service: uer, to: 2025-02-30}]\n",
            ["agreements.yaml:5:32: purchases[0].to", "there is no day 2025-02-30"],
        ),
        (AGREEMENTS + "closed_dates: [2025-02-30]\n", ["agreements.yaml:5:16: closed_dates[0]"]),
        (AGREEMENTS + "closed_dates: [2025-03-10]\nopen_dates: [2025-03-10]\n", ["is among open_dates"]),
    ],
)
def test_agreements_that_are_wrong(desk: Desk, text: str, words: list[str]) -> None:
    found = desk.check(MET, agreements=text)
    said(found, *words)


@pytest.mark.parametrize(
    "country",
    ["XX", "Polska", "7"],
)
def test_an_unknown_country(desk: Desk, country: str) -> None:
    said(desk.check(MET, agreements=AGREEMENTS.replace("PL", country)), country)


def test_agreements_that_are_not_there(desk: Desk) -> None:
    given = desk.inputs(MET)
    given[3] = str(desk.folder / "none.yaml")
    said(servanda("check", *given), "none.yaml")
    given[3] = str(desk.folder)
    said(servanda("check", *given))


def test_no_agreement_of_this_contract_for_any_ticket(desk: Desk) -> None:
    theirs = ticket("T", event("10T09:00", "ticket_opened"), agreement="other")
    said(desk.check(theirs, agreements=AGREEMENTS + OTHERS), "no ticket belongs")


def test_a_ticket_without_an_agreement_among_several(desk: Desk) -> None:
    alone = ticket("T", event("10T09:00", "ticket_opened"), agreement=None)
    said(desk.check(alone, agreements=AGREEMENTS + OTHERS), "names no agreement and several are given")


def test_a_ticket_of_a_misspelt_agreement(desk: Desk) -> None:
    alone = ticket("T", event("10T09:00", "ticket_opened"), agreement="acne")
    said(desk.check(alone), "acne", "did you mean acme")


@pytest.mark.parametrize("which", [3, 5])
def test_a_pipe_where_a_file_is_due(desk: Desk, which: int) -> None:
    """What is read is read again, for its hash and without what is assumed of it: a pipe would be empty by then."""
    given = desk.inputs(MET)
    pipe = desk.folder / "pipe"
    os.mkfifo(pipe)
    given[which] = str(pipe)
    said(servanda("check", *given), "pipe: not a file that can be read again", "save it to a file")
    given[which] = os.devnull
    said(servanda("check", *given), "not a file that can be read again")


def test_a_fact_that_nobody_knows_is_noted(desk: Desk) -> None:
    found = desk.check(MET, agreements=AGREEMENTS + "fee_paid: true\n")
    assert found.code == 0
    place = f"{desk.folder}/agreements.yaml:5:11"
    assert (
        f"note: {place}: unknown fact fee_paid: no clause refers to it; did you mean fees_paid?" in found.err
    )


# --------------------------------------------------------------------------- tickets
@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n\n",
        "not json\n",
        "[]\n",
        "7\n",
        "{}\n",
        '{"ticket": "T"}\n',
        '{"ticket": "T", "events": []}\n',
        '{"ticket": "T", "events": [{"at": "2025-03-10", "event": "ticket_opened"}]}\n',
        '{"ticket": "T", "events": [{"at": "2025-03-10T09:00:00", "event": "ticket_opened"}]}\n',
        '{"ticket": 7, "events": 7}\n',
        '{"log": {"complete_to": "soon"}}\n',
        '{"log": {"complete_to": "soon"}}\n' + MET,
        '{"log": {"records": ["ticket_opend"]}}\n' + MET,
        '{"log": {"complete_to": \n' + MET,
        b"\xff\xfe\x00",
        b"PK\x03\x04rubbish",
        b"\x1f\x8brubbish",
        "[" * 100_000 + "\n",
        '{"ticket": "T", "events": ' + "9" * 5000 + "}\n",
    ],
    ids=lambda text: repr(text[:40]),
)
def test_tickets_that_are_none(desk: Desk, text: str | bytes) -> None:
    said(desk.check(text))


def test_tickets_that_are_not_there(desk: Desk) -> None:
    given = desk.inputs(MET)
    given[5] = str(desk.folder / "none.jsonl")
    said(servanda("check", *given), "none.jsonl")
    given[5] = str(desk.folder)
    said(servanda("check", *given))


# --------------------------------------------------------------------------- explain, test, fmt
def test_a_ticket_to_explain_that_is_not_there(desk: Desk) -> None:
    said(servanda("explain", *desk.inputs(MET), "--ticket", "T-mett"), "T-mett", "did you mean T-met")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("a: 1\n", []),
        ("- 7\n", []),
        ("- id: x\n", ["expect"]),
        ("[]\n", []),
        (CASES.replace("as_of: '2025-12-31T12:00:00+01:00'", "as_of: soon"), ["as_of"]),
        (CASES.replace("as_of:", "as_off:"), ["as_off", "as_of"]),
        (CASES.replace("- id: wrong", "- id: in-time"), ["in-time"]),
        (
            CASES.replace(
                "  expect: {verdict: met, due",
                "  readings: {desk-clock: elapst}\n  expect: {verdict: met, due",
            ),
            ["elapst"],
        ),
        (CASES.replace("event: ticket_opened", "event: [7]"), ["event"]),
        (
            CASES.replace("country: PL}", "country: PL, fees_paid: 'no'}"),
            ["cases.yaml:3:65: agreement.fees_paid", "true or false is due"],
        ),
        (
            CASES.replace("country: PL}", "records_missing: [wrok]}"),
            ["cases.yaml:3:59: agreement.records_missing[0]", "did you mean work?"],
        ),
        (CASES.replace("due: '2025-03-10T11:00:00+01:00'", "due: noon"), ["due"]),
        (
            CASES.replace(
                "agreement: {time_zone: Europe/Warsaw, country: PL}", "agreement: {time_zone: Europe/Warsow}"
            ),
            ["Warsow"],
        ),
    ],
)
def test_cases_that_are_wrong(desk: Desk, text: str, words: list[str]) -> None:
    said(servanda("test", str(desk.contract), "--cases", str(desk.write("cases.yaml", text))), *words)


def test_no_cases(desk: Desk) -> None:
    said(servanda("test", str(desk.contract)), "no cases")
    said(servanda("test", str(desk.contract), "--cases", str(desk.folder / "none.yaml")), "none.yaml")


def test_a_file_to_lay_out_that_is_no_text(desk: Desk) -> None:
    said(servanda("fmt", str(desk.write("binary.contract", b"\xff\xfe"))), "UTF-8")


def test_output_to_a_pipe_that_closes(desk: Desk) -> None:
    """A reader that has seen enough is no reason for a traceback."""
    import subprocess
    import sys

    from tests.checker.cli.desk import ROOT

    many = desk.inputs("".join(MET.replace("T-met", f"T-{n}") for n in range(400)))
    code = "import sys; from checker.cli.main import main; sys.argv[0] = 'servanda'; main()"
    with subprocess.Popen(
        [sys.executable, "-c", code, "check", *many, "--format", "jsonl", "--jobs", "1"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert b"Traceback" not in running.stderr.read()


def test_the_audit_instant_is_never_the_wall_clock(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ticket of next year, audited as of next year: it does not matter which day it is."""
    future = MET.replace("2025-03", "2031-03")
    found = desk.check(future, "--format", "jsonl", as_of=AS_OF.replace("2025", "2031"))
    assert found.code == 0
    assert desk.check(future, "--format", "jsonl", as_of=AS_OF).code == 4


def test_names_stand_in_messages_as_they_were_given(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(desk.folder)
    desk.inputs("not json\n")
    given = [
        "--contract",
        "desk.contract",
        "--agreements",
        "agreements.yaml",
        "--tickets",
        "tickets.jsonl",
        "--as-of",
        AS_OF,
    ]
    found = servanda("check", *given)
    said(found, "tickets.jsonl:1")
    assert str(Path.cwd()) not in found.err


@pytest.mark.parametrize("which", [3, 5])
def test_an_output_over_an_input(desk: Desk, which: int) -> None:
    given = desk.inputs(MET)
    before = Path(given[which]).read_bytes()
    said(servanda("check", *given, "-o", given[which]), "overwrite an input")
    assert Path(given[which]).read_bytes() == before


def test_an_output_in_a_folder_that_is_not_there(desk: Desk) -> None:
    said(servanda("check", *desk.inputs(MET), "-o", str(desk.folder / "none" / "x.csv")), "no such folder")
