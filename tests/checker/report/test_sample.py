"""The audit sample: drawn again it is the same, however the record is judged and ordered; every verdict has the same chance."""

import csv
import io
import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checker.cli.main import main
from checker.report.rows import GridRow
from checker.report.sample import Sample, number_of
from tests.house.tree import ROOT

DESK = ROOT / "fixtures" / "poly-desk"


def drawn(tmp_path: Path, name: str, *more: str, tickets: Path = DESK / "tickets.jsonl") -> Result:
    files = ("--contract", "poly", "--agreements", str(DESK / "agreement.yaml"), "--tickets", str(tickets))
    return CliRunner().invoke(main, ["sample", *files, *more, "-o", str(tmp_path / name)])


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode())))


def test_the_same_seed_draws_the_same(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    lines = (DESK / "tickets.jsonl").read_text().splitlines(keepends=True)
    turned = tmp_path / "other" / "tickets.jsonl"
    turned.write_text(
        "".join([lines[0], *reversed(lines[1:])]) if '"log"' in lines[0] else "".join(reversed(lines))
    )
    assert drawn(tmp_path, "a.csv", "--seed", "7", "--size", "2").exit_code == 0
    again = drawn(
        tmp_path / "other", "a.csv", "--seed", "7", "--size", "2", "--engine", "columns", tickets=turned
    )
    assert again.exit_code == 0, again.output
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "other" / "a.csv").read_bytes()
    assert drawn(tmp_path, "b.csv", "--seed", "8", "--size", "2").exit_code == 0
    assert (tmp_path / "a.csv").read_bytes() != (tmp_path / "b.csv").read_bytes()


def test_the_protocol_says_how(tmp_path: Path) -> None:
    assert drawn(tmp_path, "a.csv", "--seed", "7", "--size", "3").exit_code == 0
    found = rows(tmp_path / "a.csv")
    told = json.loads((tmp_path / "a.csv.provenance.json").read_text())
    protocol = told["sample"]
    assert told["log"][0]["sha256"]
    assert protocol["drawn"] == len(found)
    by_stratum = Counter((r["clause"], r["verdict"]) for r in found)
    for s in protocol["strata"]:
        assert s["drawn"] == min(3, s["size"]) == by_stratum[s["clause"], s["verdict"]]
        assert s["verdict"] != "not_applicable"
    for stratum in by_stratum:
        numbers = [
            number_of(7, r["clause"], r["verdict"], r["agreement"], r["ticket"])
            for r in found
            if (r["clause"], r["verdict"]) == stratum
        ]
        assert numbers == sorted(numbers)
    assert {"found", "by", "remark"} <= found[0].keys()
    weights = sum(float(r["weight"]) for r in found)
    assert weights == pytest.approx(protocol["population"], abs=1e-3)


def test_a_larger_sample_holds_the_smaller(tmp_path: Path) -> None:
    for size in ("1", "4"):
        assert (
            drawn(tmp_path, f"{size}.json", "--seed", "3", "--size", size, "--verdict", "met").exit_code == 0
        )
    small, large = (
        {
            (d["clause"], d["agreement"], d["ticket"])
            for d in json.loads((tmp_path / f"{n}.json").read_text())["drawn"]
        }
        for n in ("1", "4")
    )
    assert small < large


def test_every_verdict_has_the_same_chance() -> None:
    hits: Counter[str] = Counter()
    for seed in range(400):
        sample = Sample(seed, 5, ("c",), ("met",))
        sample.add(GridRow("a", f"T-{i}", "M") for i in range(20))
        hits.update(d.ticket for d in sample.drawn())
    assert sum(hits.values()) == 2000
    # Each of 20 tickets is expected in a quarter of 400 draws; five standard deviations are 43.
    assert all(abs(hits[f"T-{i}"] - 100) < 44 for i in range(20))


def test_other_formats_are_faults(tmp_path: Path) -> None:
    found = drawn(tmp_path, "a.txt", "--seed", "1")
    assert found.exit_code == 2
    assert ".csv or .json" in found.output
    shutil.rmtree(tmp_path)


# --------------------------------------------------------------------------- drawn again
def verified(sample: Path, *folders: Path) -> Result:
    where = [word for folder in folders for word in ("--in", str(folder))]
    return CliRunner().invoke(main, ["verify", str(sample), *where])


@pytest.mark.parametrize("end", ["csv", "json"])
def test_a_sample_holds(tmp_path: Path, end: str) -> None:
    assert drawn(tmp_path, f"a.{end}", "--seed", "7", "--size", "2").exit_code == 0
    found = verified(tmp_path / f"a.{end}", DESK)
    assert (found.exit_code, found.stdout) == (
        0,
        f"a.{end} holds: the same verdicts are drawn from the same inputs\n",
    )


def test_a_sample_that_was_filled_in_holds(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert drawn(tmp_path, "a.csv", "--seed", "7", "--size", "2").exit_code == 0
    text = path.read_bytes().decode()
    path.write_bytes(text.replace(",,,\r\n", ",agreed,JK,\r\n", 1).encode())
    found = verified(path, DESK)
    assert found.exit_code == 0, found.output
    assert "filled in" in found.stderr


def test_a_sample_of_other_verdicts_does_not_hold(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert drawn(tmp_path, "a.csv", "--seed", "7", "--size", "2").exit_code == 0
    first = rows(path)[0]
    text = path.read_bytes().decode()
    path.write_bytes(text.replace(f",{first['ticket']},", ",another,", 1).encode())
    found = verified(path, DESK)
    assert found.exit_code == 1
    assert "1 of" in found.stderr
    path.write_bytes(b"a,b\r\n1,2\r\n")
    found = verified(path, DESK)
    assert found.exit_code == 2
    assert "this is no sample" in found.stderr


def test_a_sample_of_another_log_does_not_hold(tmp_path: Path) -> None:
    for name in ("agreement.yaml", "tickets.jsonl"):
        shutil.copy(DESK / name, tmp_path / name)
    log = tmp_path / "tickets.jsonl"
    assert drawn(tmp_path, "a.csv", "--seed", "7", "--size", "2", tickets=log).exit_code == 0
    log.write_text("".join(log.read_text().splitlines(keepends=True)[:-1]))
    found = verified(tmp_path / "a.csv", tmp_path)
    assert found.exit_code == 1
    assert "the log, tickets.jsonl" in found.stderr


def test_a_provenance_of_a_sample_that_was_changed_is_told(tmp_path: Path) -> None:
    assert drawn(tmp_path, "a.csv", "--seed", "7", "--size", "2").exit_code == 0
    beside = tmp_path / "a.csv.provenance.json"
    text = beside.read_text()
    told = json.loads(text)
    # What no drawing looks at, too.
    for old, new in (('"tickets_judged"', '"tickets_jugded"'), (told["result"]["sha256"], "0" * 64)):
        beside.write_text(text.replace(old, new))
        found = verified(tmp_path / "a.csv", DESK)
        assert found.exit_code == 1
        assert "the provenance is not as it was written" in found.stderr
    beside.write_text(json.dumps(told))
    assert verified(tmp_path / "a.csv", DESK).exit_code == 0


def test_the_protocol_within_a_sample_is_looked_at(tmp_path: Path) -> None:
    assert drawn(tmp_path, "a.json", "--seed", "7", "--size", "2").exit_code == 0
    path = tmp_path / "a.json"
    path.write_text(path.read_text().replace('"seed": 7', '"seed": 8'))
    found = verified(path, DESK)
    assert found.exit_code == 1
    assert "the protocol in the file is not that of its verdicts" in found.stderr


def test_words_of_the_contract_are_nothing_to_a_sample(tmp_path: Path) -> None:
    own = tmp_path / "own"
    shutil.copytree(ROOT / "policies" / "poly", own, ignore=shutil.ignore_patterns("cases"))
    (own / "words.pl.yaml").write_text("- no words\n")
    assert drawn(tmp_path, "a.csv", "--seed", "7", "--contract", str(own)).exit_code == 0
    (own / "words.pl.yaml").unlink()
    assert verified(tmp_path / "a.csv", DESK, tmp_path).exit_code == 0


def test_a_sample_saved_by_a_spreadsheet_holds(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    assert drawn(tmp_path, "a.csv", "--seed", "7", "--size", "2").exit_code == 0
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\r\n", b"\n"))
    found = verified(path, DESK)
    assert found.exit_code == 0, found.output
