"""The page of a comparison: what `review` and `compare --format html` write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import click

from checker.audit.lexicons import lexicon_of_variant
from checker.audit.library import vocabulary
from checker.audit.provenance import file_digest
from checker.batch.output import Interrupted, Pending, held_back, interruptible, settle
from checker.cli.audited import regular_file, spare_inputs
from checker.cli.compared import Question, answered
from checker.cli.exits import leave, say
from checker.compare.answer import EQUIVALENT
from checker.compare.effect import Logged
from checker.record.model import Fault, Place

_PAGE = (".html", ".htm")


def write_page(q: Question, output: Path, lang: str) -> NoReturn:
    """Write the answer as a page, which appears whole or not at all, say where it is, and end the command as the answer asks.

    Raises:
        ContractError, Fault: an input cannot be used, or the page cannot be written there.
    """
    if output.suffix.lower() not in _PAGE:
        raise Fault(
            Place("--output"), "a review is a page of HTML", output.name, "name a file that ends with .html"
        )
    target = regular_file(output)
    assert target is not None
    inputs = (*q.over, *q.agreements, *(Path(p) for p in (q.mapping, q.old, q.new) if p is not None))
    spare_inputs(target, tuple(p for p in inputs if p.is_file()))
    # Its libraries are an extra, and dear to load.
    from checker.report.review.installed import check_installed

    check_installed()
    from checker.report.review.gathered import review_of
    from checker.report.review.page import render
    from checker.report.review.variant import Variant

    try:
        with interruptible():
            found, before, after, logged = answered(q)
            old = Variant(before, lexicon_of_variant(before, (q.new, q.old)))
            new = Variant(after, lexicon_of_variant(after, (q.old, q.new)))
            made = review_of(found, old, new, vocabulary(), tuple(_files(q, logged)), q.clause)
            pending = Pending(target)
            try:
                render(made, lang, pending.stream)
                pending.finish()
                with held_back():
                    pending.take_place()
                    settle(target.parent)
            finally:
                pending.discard()
    except Interrupted as signal:
        say(f"interrupted by {signal.name}: nothing was written")
        leave(signal.code)
    views = "; ".join(f"{party} {way.answer}" for party, way in sorted(found.views().items()))
    click.echo(f"{found.answer}: {views}")
    click.echo(f"the page is {output}")
    leave(0 if found.answer == EQUIVALENT else 1)


def _files(q: Question, logged: Logged | None) -> Iterator[tuple[str, str]]:
    """What was read beside the contracts: its kind, and the name without its folder with its hash."""
    if logged is None:
        return
    for source in logged.log.sources:
        yield "log", f"{Path(source.file).name} (SHA-256 {source.sha256})"
    for path in q.agreements:
        yield "agreements", f"{path.name} (SHA-256 {file_digest(path)})"
    if logged.log.mapping is not None:
        yield "mapping", f"{Path(logged.log.mapping.file).name} (SHA-256 {logged.log.mapping.sha256})"


__all__ = ["write_page"]
