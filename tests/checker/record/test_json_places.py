"""Where JSON is wrong, to the character: whatever the format, the packing, and what stands before it in the file."""

from __future__ import annotations

import gzip
import json
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.record import json_text
from checker.record.agreements import yaml_documents
from checker.record.exports.json_records import records
from checker.record.files import Opened, opened
from checker.record.flaws import show
from checker.record.mapping_load import load_mapping
from checker.record.model import Fault, Place
from checker.record.reading import read_log
from tests.checker.record.exported import JIRA, OCEL, ZENDESK, issues, read_files, sample
from tests.checker.record.test_export_samples import SAMPLES

MARK = "¦"
"""Stands before the character that is wrong, and is taken out."""

# By what is wrong: a document, and how the message begins.
DOCUMENTS = {
    "a record over many lines": ('[{"a": 1},\n {"b":\n  [1, ¦nope]}]', "not JSON"),
    "a record in the middle of a line": ('[{"a": "x"}, {"b": 1}, {"c": ¦]}]', "not JSON"),
    "other letters before it": ('[{"ą": "zażółć 🎫"}, {"ń": ¦]}]', "not JSON"),
    "blanks before the line's record": ('\n\n  [{"a": 1},\n\t  {"a" ¦1}]', "not JSON"),
    "other line ends": ('[{"a": 1},\r\n {"b": ¦nope}]\r\n', "not JSON"),
    "a page": ('{"total": 2,\n "issues": [{"a": 1},\n  {"ę": 1, "b": ¦nope}]}', "not JSON"),
    "a page after a page": ('{"issues": [{"a": 1}]}\n{"issues": [{"ę": ¦nope}]}', "not JSON"),
    "beside the records of a page": ('{"issues": [{"a": 1}],\n "ż": 1, "next": ¦nope}', "not JSON"),
    "no comma": ('[{"ą": 1}\n ¦{"a": 2}]', "not JSON: , is due"),
    "a comma too many": ('[{"ą": 1},\n  ¦]', "not JSON: a value is due"),
    "a comma too many in a page": ('{"issues": [],\n ¦}', "not JSON: a key in double quotes is due"),
    "a key without quotes": ('{"issues": [], ¦next: 1}', "not JSON: a key in double quotes is due"),
    "after the end": ('[{"a": 1}]\n ¦]', "not JSON"),
    "cut short": ('[{"a": 1},\n {"ó": 1}¦', "not JSON: , is due"),
    "a key twice": ('[{"a": 1},\n {"ó": "}", "b": {"c": [{"c": 1}], "d": 1, ¦"\\u0063": 2}}]', "the key occurs"),
    "a key of a page twice": ('{"issues": [],\n "a": 1, ¦"issues": []}', "the key occurs twice"),
    "a key twice in a key twice": ('[{"a": {"b": 1, ¦"b": 2}, "a": 1}]', "the key occurs twice"),
    "no number": ('[{"NaN": "NaN \\" {"},\n {"ó": [-1, ¦-Infinity]}]', "-Infinity is not a JSON number"),
    "a number beyond measure": (f'[{{"ó": 1e5, "b": ¦1.5e{"9" * 30}}}]', "the exponent is beyond all measure"),
    "too deep": ('[{"ó": [["["]], "a": ' + "[" * 30_000 + "¦[" + "]" * 30_001 + "}]", "nested too deep"),
    "too deep and without end": ('[{"ó": 1},\n' + "[" * 30_000 + "¦[", "nested too deep"),
    "no record": ('[{"ó": 1},\n  {"b": 1}, ¦7]', "a record is a number"),
    "no record in a page": ('{"issues": [{"ó": 1}, ¦null]}', "a record is null"),
}  # fmt: skip

# The same of one line.
LINES = {
    "other letters before it": ('{"ą": "zażółć 🎫", "ń": ¦]}', "not JSON"),
    "blanks before it": ('  {"a" ¦1}', "not JSON"),
    "cut short": ('{"ó": ¦', "not JSON"),
    "after the end": ('{"ó": 1} ¦{"a": 1}', "not JSON"),
    "a key twice": ('{"ó": {"a": 1}, ¦"ó": 2}', "the key occurs twice"),
    "no number": ('{"ó": ¦NaN}', "NaN is not a JSON number"),
    "too deep": ('{"ó": ' + "[" * 30_000 + "¦[", "nested too deep"),
}


GOOD = '{"ticket": "A", "events": [{"event": "ticket_opened", "at": "2025-01-02T08:00:00Z"}]}'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def marked(text: str) -> tuple[str, tuple[int, int]]:
    """The text without the mark, and the line and column of what stood after it."""
    before, _, after = text.partition(MARK)
    line = before.rsplit("\n", 1)[-1]
    return before + after, (before.count("\n") + 1, len(line) + 1)


def written(path: str, text: str) -> str:
    data = text.encode()
    Path(path).write_bytes(gzip.compress(data) if path.endswith(".gz") else data)
    return path


def wrong(path: str) -> list[tuple[tuple[int | None, int | None], str]]:
    """What is wrong with a file of records: the faults of single ones, and that of the file."""
    found = []
    try:
        with opened(path) as source:
            for record in records(source, ("issues",)):
                if record.flaw is not None:
                    found.append(((record.line, record.column), record.flaw.reason))
    except Fault as fault:
        found.append(((fault.place.line, fault.place.column), fault.message))
    return found


@pytest.mark.parametrize("case", DOCUMENTS)
@pytest.mark.parametrize("file", ["r.json", "r.json.gz"])
@pytest.mark.parametrize("first", ["", "\ufeff"], ids=["bare", "with a byte order mark"])
def test_documents(folder: Path, file: str, case: str, first: str) -> None:
    text, place = marked(DOCUMENTS[case][0])
    ((found, reason),) = wrong(written(file, first + text))
    assert found == place
    assert reason.startswith(DOCUMENTS[case][1])


@pytest.mark.parametrize("case", LINES)
@pytest.mark.parametrize("file", ["r.jsonl", "r.jsonl.gz", "r.json"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_lines(folder: Path, file: str, case: str, end: str) -> None:
    text, (_, column) = marked(LINES[case][0])
    ((found, reason),) = wrong(written(file, f'{{"a": 1}}{end}{end}{text}{end}{{"b": 2}}{end}'))
    assert found == (3, column)
    assert reason.startswith(LINES[case][1])


def test_records_of_a_page_on_a_line(folder: Path) -> None:
    text, place = marked('{"a": 1}\n{"ó": 1, "issues": [{"a": 1}, ¦7, {"b": 1}]}')
    assert wrong(written("r.jsonl", text)) == [(place, "a record is a number, not a mapping")]


def test_bytes_that_are_no_text(folder: Path) -> None:
    text = '{"a": 1}\n{"ó": "¦'.encode()
    before, _, after = text.partition(MARK.encode())
    for file in ("r.jsonl", "r.json", "log.json"):
        Path(file).write_bytes(before + b"\xff" + after)
    assert [place for place, _ in wrong("r.jsonl")] == [(2, 8)]
    assert [place for place, _ in wrong("r.json")] == [(2, 8)]
    with pytest.raises(Fault, match=r"^log\.json:2:8: the file is not UTF-8"):
        read_log(["log.json"], mapping=load_mapping(SAMPLES / OCEL / "mapping.yaml"))
    Path("a.yaml").write_bytes("\ufeffagreement: ó\nfacts: ż".encode() + b"\xff\n")
    with pytest.raises(Fault, match=r"^a\.yaml:2:9: the file is not UTF-8; found byte 0xff"):
        yaml_documents("a.yaml")


@pytest.mark.parametrize("packed", ["", ".gz"])
def test_exports_of_issues_and_tickets(folder: Path, packed: str) -> None:
    """The whole way: one error with file, line and column of it, in the words of the log."""
    for name, key, sound in (
        (JIRA, "issues", issues(len)),
        (ZENDESK, "audits", sample(ZENDESK, "audits.json")),
    ):
        rules = load_mapping(SAMPLES / name / "mapping.yaml")
        text, (line, column) = marked(f'{{"ż": 1,\n "{key}": [{{"ó": "ó"}}, {{"ó": ¦nope}}]}}')
        path = written(f"export.json{packed}", text)
        with pytest.raises(Fault) as caught:
            read_log([path], mapping=rules)
        assert str(caught.value) == (
            f'{path}:{line}:{column}: {key}[1]: not JSON: expecting value; found "nope}}]}}"; export it again'
        )
        lines = sound.decode().replace("\n", " ") + '\n{"ó": nope}\n'
        log = read_log([written(f"export.jsonl{packed}", lines)], mapping=rules)
        (place,) = (s.place for s in log.set_aside if s.reason.startswith("not JSON"))
        assert place == Place(f"export.jsonl{packed}", 2, 7)


@pytest.mark.parametrize("case", [c for c in DOCUMENTS if "page" not in c and "record" not in c])
def test_object_centric_logs(folder: Path, case: str) -> None:
    text, (line, column) = marked('{"events": [],\n "ż": ' + DOCUMENTS[case][0] + "}")
    Path("log.json").write_text(text, encoding="utf-8", newline="")
    with pytest.raises(Fault) as caught:
        read_log(["log.json"], mapping=load_mapping(SAMPLES / OCEL / "mapping.yaml"))
    # The decoder of Python's own says of a comma too many where it stands, or what comes after it.
    if "comma too many" in case or case == "cut short":
        assert caught.value.place.line in (line - 1, line)
        return
    assert caught.value.place == Place("log.json", line, column)


@pytest.mark.parametrize("case", LINES)
def test_histories_as_lines(folder: Path, case: str) -> None:
    text, (_, column) = marked(LINES[case][0])
    Path("t.jsonl").write_text(f"{GOOD}\n{text}\n", encoding="utf-8")
    log = read_log(["t.jsonl"])
    (entry,) = log.set_aside
    assert entry.place == Place("t.jsonl", 2, column)
    assert entry.reason.startswith(LINES[case][1])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters=MARK), max_size=5),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([" ", "\n", "\r\n", " \n\n "]),
    st.data(),
)
def test_wherever_it_is(texts: list[str], blank: str, data: st.DataObject) -> None:
    """A word that is none, anywhere among records of any letters."""
    parts = [json.dumps({word: word}, ensure_ascii=data.draw(st.booleans())) for word in texts]
    at = data.draw(st.integers(0, len(parts) - 1))
    parts[at] = parts[at][:-1] + f', "new":{blank}{MARK}nope}}'
    text, place = marked(f"[{blank}" + f",{blank}".join(parts) + f"{blank}]")
    source = Opened("r.json", BytesIO(text.encode()), len(text), "", "")
    with pytest.raises(Fault) as caught:
        list(records(source, ()))
    assert (caught.value.place.line, caught.value.place.column) == place


def test_a_file_that_is_cut_anywhere_has_its_place(folder: Path) -> None:
    whole = sample(JIRA, "issues.json").decode()
    for size in range(200, 6000, 397):
        with pytest.raises(Fault) as caught:
            read_files(JIRA, cut__json=whole[:size].encode())
        place = caught.value.place
        assert place.line is not None
        assert place.column is not None
        cut = whole[:size].split("\n")
        assert (place.line, place.column) <= (len(cut), len(cut[-1]) + 1)


def test_a_long_number_is_one_thing_to_look_at() -> None:
    """What is looked at to place a refusal does not grow with the digits of a number."""
    for digits in ("1" * 5000, "-" + "1" * 5000 + ".5", "1" * 5000 + "e" + "1" * 5):
        assert len(list(json_text._TOKEN.finditer(f'{{"a":{digits},"a":1}}'))) < 8


@pytest.mark.parametrize(
    "number", ["1e1000000", "-1e1000001", "1e99999999999", "1" * 1_000_001, "1e-1000000"]
)
def test_numbers_beyond_all_measure_are_shown(number: str) -> None:
    found = json_text.DECODER.decode(number)
    assert len(show(found)) < 80
