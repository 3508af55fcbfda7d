"""`servanda review`: what changes between two variants of a contract, as one page for the negotiating table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from checker.audit.lexicons import lexicon_of_variant
from checker.audit.library import vocabulary
from checker.audit.provenance import file_digest
from checker.batch.output import Interrupted, Pending, held_back, interruptible, settle
from checker.cli.audited import regular_file, spare_inputs
from checker.cli.compared import Question, answered, comparison_options
from checker.cli.exits import guarded, leave, say
from checker.compare.answer import EQUIVALENT
from checker.compare.effect import Logged
from checker.record.model import Fault, Place
from checker.report.words import LANGUAGES

_PAGE = (".html", ".htm")


@click.command(short_help="two variants beside each other, as a page")
@comparison_options
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="the language that the page shows at first; it has both",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="the page (.html); it appears whole or not at all",
)
@guarded
def review(lang: str, output: Path, **asked: Any) -> None:
    """Write the comparison of two variants, OLD and NEW, as one page: proofs, redline, clauses side by side, examples, the log.

    Exit codes as of `compare`: 0 equivalent, 1 different or not proved (the page is written all the same), 2 a fault (nothing is).
    """
    if output.suffix.lower() not in _PAGE:
        raise Fault(
            Place("--output"), "a review is a page of HTML", output.name, "name a file that ends with .html"
        )
    q = Question(**asked)
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


__all__ = ["review"]
