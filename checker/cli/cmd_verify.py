"""`servanda verify`: does a report still hold?"""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from checker.audit.lexicons import files_of_words
from checker.audit.provenance import file_digest, sealed
from checker.batch.output import Interrupted, interruptible
from checker.cli.again import asked_again, provenance_beside
from checker.cli.audited import contract_files
from checker.cli.exits import guarded, leave, say
from checker.cli.reported import Asked, audited, write
from checker.cli.sampled import holds
from checker.record.model import Fault
from checker.report.fresh import Wanted
from checker.report.gathered import Limits
from checker.report.renderers import renderer_of
from checker.report.verify import inputs_differ, verdicts_differ
from dsl.diagnostics import ContractError

HOLDS, DIFFERS = 0, 1


@click.command(short_help="does a report still hold?")
@click.argument("report", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--in",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="where the log, the agreements and the mapping lie (several: repeat; default: beside the report, then here)",
)
@click.option(
    "--contract",
    metavar="NAME|FILE|FOLDER",
    help="the contract, where it is none of the bundled ones and lies elsewhere",
)
@click.option("--jobs", type=click.IntRange(1, 64), help="processes")
@guarded
def verify(report: Path, folders: tuple[Path, ...], contract: str | None, jobs: int | None) -> None:
    """Run a report again from its provenance, and say whether it holds: same bytes, same verdicts, or what differs. A sample is drawn
    again.

    Exit codes: 0 it holds, byte for byte; 1 it differs; 2 a fault, such as an input that is not there.
    """
    before = provenance_beside(report, "report")
    if "sample" in before:
        _sample(before, report, folders, contract, jobs)
        return
    result = before["result"]
    wanted = dict(before["asked"]["report"])
    sample = wanted.pop("sample")
    asked = replace(
        asked_again(before, report, folders, contract),
        wanted=Wanted(Limits(**wanted), sample, result["format"] == ".xlsx"),
        engine=before["judged_by"]["engine"],
        jobs=jobs,
    )
    touched = file_digest(report) != result["sha256"]
    if touched:
        say("the report itself is not as it was written")
    changed = sealed(before) != before
    if changed:
        say("the provenance is not as it was written: it may ask for another report than the one beside it")
    try:
        with interruptible():
            now = _again(before, asked, report)
    except Interrupted as signal:
        say(f"interrupted by {signal.name}")
        leave(signal.code)
    found = inputs_differ(before, now)
    for difference in found:
        say(f"differs: {difference}")
    same = result["sha256"] == now["result"]["sha256"]
    if verdicts_differ(before, now):
        say("the verdicts differ: run the report again and compare")
    elif same and found:
        say("the bytes of the report are the same all the same")
    elif not same:
        say(
            "the verdicts are the same, the bytes are not"
            if found
            else "what the provenance asks for makes other bytes"
            if changed
            else "the bytes differ, though the inputs, what was asked for and the versions are the same"
        )
    if same and not found and not touched and not changed:
        click.echo(f"{report.name} holds: the same bytes from the same inputs (SHA-256 {result['sha256']})")
        leave(HOLDS)
    click.echo(f"{report.name} does not hold")
    leave(DIFFERS)


def _sample(
    before: dict[str, Any], sample: Path, folders: tuple[Path, ...], contract: str | None, jobs: int | None
) -> None:
    """Draw a sample again, and say whether it is the same."""
    try:
        with interruptible():
            same = holds(before, sample, folders, contract, jobs)
    except Interrupted as signal:
        say(f"interrupted by {signal.name}")
        leave(signal.code)
    click.echo(
        f"{sample.name} holds: the same verdicts are drawn from the same inputs"
        if same
        else f"{sample.name} does not hold"
    )
    leave(HOLDS if same else DIFFERS)


def _again(before: dict[str, Any], asked: Asked, report: Path) -> dict[str, Any]:
    """The provenance of the report made again. Leaves where it cannot be, and the inputs are not those that they were."""
    with tempfile.TemporaryDirectory(prefix="servanda-verify-") as folder:
        target = Path(folder) / Path(before["result"]["file"]).name
        try:
            with audited(asked) as (_, made):
                return dict(write(made, renderer_of(target), before["result"]["lang"], target))
        except (Fault, ContractError) as error:
            changed = _changed(before, asked)
            if not changed:
                raise
            for name in changed:
                say(f"differs: {name} is not what it was")
            say(
                f"and with it the report cannot be made: {error if isinstance(error, Fault) else error.render()}"
            )
            click.echo(f"{report.name} does not hold")
            leave(DIFFERS)


def _changed(before: dict[str, Any], asked: Asked) -> list[str]:
    """The names of the files that are not what they were."""
    # The inputs stand in the order of the provenance.
    agreements = (*asked.agreements, *([asked.agreement_mapping] if asked.agreement_mapping else []))
    pairs = [
        *zip(before["log"], asked.tickets, strict=True),
        *zip(before["agreements"], agreements, strict=True),
    ]
    changed = [x["file"] for x, path in pairs if not path.is_file() or file_digest(path) != x["sha256"]]
    now = contract_files(asked.contract)
    changed += [x["file"] for x in before["contract_files"] if now.get(x["file"]) != x["sha256"]]
    spoken = {of: file_digest(path) for of, path in files_of_words(asked.contract).items()}
    return changed + [x["file"] for x in before.get("words", ()) if spoken.get(x["of"]) != x["sha256"]]
