"""`servanda lint` and `servanda fmt`: findings in a contract, and its canonical layout."""

from __future__ import annotations

import json

import click

from checker.audit.lexicons import lexicon, missing_words, own_words
from checker.audit.library import contract_path, load_contract, sources_of, vocabulary
from checker.cli.exits import guarded, leave
from dsl.diagnostics import ContractError, Diagnostic, Level, render
from dsl.files import read_texts
from dsl.format import format_text
from dsl.lint import lint as lint_sources
from dsl.source import Source


@click.command(short_help="findings in a contract")
@click.argument("contract")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@guarded
def lint(contract: str, format_: str) -> None:
    """Look for errors and for what should be looked at. Exit 0 clean, 1 findings, 2 the contract cannot be read at all."""
    sources = sources_of(contract)
    try:
        found = lint_sources(sources, vocabulary())
    except ContractError as error:
        if all(d.code.startswith(("E10",)) for d in error.diagnostics):
            raise
        found = list(error.diagnostics)
    if format_ == "json":
        click.echo(json.dumps([_plain(d) for d in found], ensure_ascii=False, indent=2))
    else:
        by_name = {s.name: s for s in sources}
        for d in found:
            click.echo(render(d, by_name) + "\n")
        errors = sum(d.level is Level.ERROR for d in found)
        click.echo(f"{errors} errors, {len(found) - errors} warnings")
        if not errors:
            _tell_missing_words(contract)
    leave(1 if found else 0)


def _tell_missing_words(name: str) -> None:
    """What a contract with Polish words of its own has no words for: it is no fault, and stands as it is written."""
    file = own_words(name)
    if file is None:
        return
    checked = load_contract(name)
    missing = missing_words(checked, lexicon(checked, name))
    if missing:
        click.echo(f"{file}: no Polish words for " + ", ".join(f"{s}.{n}" for s, n in missing))


def _plain(d: Diagnostic) -> dict[str, object]:
    span = {"file": d.span.file, "line": d.span.line, "column": d.span.column} if d.span else None
    return {"code": d.code, "level": d.level.value, "message": d.message, "at": span, "help": d.help}


@click.command(short_help="lay contract files out")
@click.argument("contract")
@click.option("--check", "check_", is_flag=True, help="change nothing; exit 1 if a file would change")
@guarded
def fmt(contract: str, check_: bool) -> None:
    """Lay contract files out: two spaces a level, one blank line between items. Exit 0 clean, 1 findings (with --check), 2 a fault."""
    texts = read_texts(contract_path(contract))
    laid_out = [(file, text, format_text(Source(str(file), text))) for file, text in texts]
    changed = [(file, new) for file, old, new in laid_out if new != old]
    for file, new in changed:
        if not check_:
            file.write_bytes(new.encode("utf-8"))
    for file, _ in changed:
        click.echo(f"{'would change' if check_ else 'changed'} {file}")
    leave(1 if changed and check_ else 0)
