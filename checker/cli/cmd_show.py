"""`servanda show`: a contract, a clause, its order of precedence, its counts, its checked form."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from checker.audit.lexicons import lexicon
from checker.audit.library import load_contract
from checker.audit.traceability import in_polish, trace
from checker.cli.exits import guarded
from checker.cli.show_pl import clause_page
from checker.interpret.binding import strength
from checker.record.flaws import did_you_mean
from checker.record.model import Fault, Place
from checker.render.trace_html import trace_html
from checker.render.trace_text import trace_text
from dsl import codec, phrase
from dsl import contract as ir
from dsl.clause_pl import clause_lines as polish_lines
from dsl.define import all_definitions, ambiguities_of, lines_of, words_of
from dsl.define_pl import definition_lines
from dsl.phrase_pl import Polish


@click.command(short_help="show a contract or a clause")
@click.argument("contract")
@click.argument("clause", required=False)
@click.option("--tree", is_flag=True, help="which clause yields to which")
@click.option("--count", is_flag=True, help="how many clauses of which kind")
@click.option("--trace", "trace_", is_flag=True, help="the text's lines against the clauses that cite them")
@click.option(
    "--source", type=click.Path(path_type=Path), help="with --trace: your copy of the contract's text"
)
@click.option(
    "--lang",
    type=click.Choice(["en", "pl"]),
    default="en",
    show_default=True,
    help="of the readings: of a clause, or with --trace",
)
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "html", "json", "schema"]),
    default="text",
    show_default=True,
    help="html: with --trace",
)
@guarded
def show(
    contract: str,
    clause: str | None,
    tree: bool,
    count: bool,
    trace_: bool,
    source: Path | None,
    lang: str,
    format_: str,
) -> None:
    """Show a contract, or one of its clauses, in plain words; or its checked form as JSON, or the JSON Schema of that form.

    With --trace: the contract's text against its clauses, as text or as one HTML page.
    """
    import json

    if format_ == "schema":
        click.echo(json.dumps(codec.schema(), ensure_ascii=False, indent=2))
        return
    checked = load_contract(contract)
    _check_options(trace_, source, format_)
    if trace_:
        _show_trace(checked, contract, source, lang, format_)
    elif clause is not None:
        found = next((c for c in checked.clauses if c.id == clause), None)
        if found is None:
            raise Fault(
                Place(clause),
                f"{checked.name} has no such clause",
                "",
                did_you_mean(clause, [c.id for c in checked.clauses]) or "see `show`",
            )
        if format_ == "json":
            click.echo(json.dumps(codec.to_json(found), ensure_ascii=False, indent=2))
        elif lang == "pl":
            click.echo("\n".join(clause_page(checked, found, Polish(lexicon(checked, contract)))))
        else:
            click.echo("\n".join(clause_lines(checked, found)))
    elif format_ == "json":
        click.echo(codec.dumps(checked, indent=2))
    elif tree:
        click.echo("\n".join(tree_lines(checked)))
    elif count:
        click.echo("\n".join(count_lines(checked)))
    else:
        click.echo("\n".join(contract_lines(checked)))


def _check_options(trace_: bool, source: Path | None, format_: str) -> None:
    if not trace_ and (source is not None or format_ == "html"):
        option = "--source" if source is not None else "--format html"
        raise Fault(Place(option), "this goes with --trace", "", "add --trace")


def _show_trace(checked: ir.Contract, name: str, source: Path | None, lang: str, format_: str) -> None:
    if format_ not in ("text", "html"):
        raise Fault(Place("--format"), "--trace is text or html", format_, "write --format text or html")
    found = trace(checked, source)
    defined = [d for _, d in all_definitions(checked)]
    if lang == "pl":
        p = Polish(lexicon(checked, name))
        found = in_polish(found, checked, p)
        said = {c.id: polish_lines(p, c) for c in checked.clauses}
        said |= {d.name: definition_lines(p, d) for d in defined}
    else:
        said = {c.id: body_lines(c) for c in checked.clauses} | {d.name: lines_of(d) for d in defined}
    page = trace_html if format_ == "html" else trace_text
    click.echo(page(found, lambda n: "\n".join(said[n]), lang), nl=False)


def contract_lines(c: ir.Contract) -> list[str]:
    """The head of a contract and a line for each clause."""
    out = [f"{c.name}: {c.title}", f"  law {c.law}; digest {codec.digest(c)}"]
    if c.source is not None:
        out.append(f"  text {c.source.file}, {c.source.lines} lines, sha256 {c.source.sha256}")
    if c.version is not None:
        out.append(
            f"  version {c.version.name}"
            + (f" from {c.version.start}" if c.version.start else "")
            + (f" until {c.version.end}" if c.version.end else "")
        )
    out += [f"  {who}: {name}" for who, name in c.parties] + [""]
    for clause in c.clauses:
        place = f"lines {_ranges(clause.cite)}" if clause.cite else ""
        out.append(f"  {clause.id:58} {strength(clause):10} {place}")
        out.append(f"    {clause.title}" + (f" | {clause.title_pl}" if clause.title_pl else ""))
    return [*out, "", *count_lines(c)]


def _ranges(cite: ir.Citation) -> str:
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in cite.lines)


def count_lines(c: ir.Contract) -> list[str]:
    """Clauses expressed and stated, by strength; ambiguities and definitions."""
    stated = [
        x for x in c.clauses if all(isinstance(x, ir.Stated) for line in x.sentences for x in line.all())
    ]
    expressed = [x for x in c.clauses if x not in stated]
    by_strength = Counter(strength(x) for x in expressed)
    definitions = {
        k: len(getattr(c, k))
        for k in (
            "lists",
            "calendars",
            "events",
            "states",
            "facts",
            "periods",
            "moments",
            "figures",
            "conditions",
            "courses",
        )
    }
    return [
        f"clauses expressed: {len(expressed)}; stated only: {len(stated)}",
        "  " + ", ".join(f"{n} {s}" for s, n in sorted(by_strength.items())),
        f"ambiguities: {len(c.ambiguities)}",
        "definitions: " + ", ".join(f"{n} {k}" for k, n in definitions.items() if n),
    ]


def clause_lines(c: ir.Contract, clause: ir.Clause) -> list[str]:
    """One clause in the language's words, with what other readings put in place of a line, and what it stands to."""
    out = [f"clause {clause.id}", f"  {clause.title}"] + ([f"  {clause.title_pl}"] if clause.title_pl else [])
    if clause.cite is not None:
        out.append(f"  lines {_ranges(clause.cite)}: {clause.cite.place}")
    if clause.only_on is not None:
        out.append(f"  only on reading {'.'.join(clause.only_on)}")
    out += ["", *(f"  {line}" for line in body_lines(clause))]
    back = sorted(
        o.id
        for o in c.clauses
        for g in o.gates
        if isinstance(g.base, ir.SupersededBy) and clause.id in g.base.clauses
    )
    if back:
        out += ["", *(f"  takes the place of {o}" for o in back)]
    for word, lines in words_of(c, clause).items():
        out += ["", f"  {word}", *(f"    {line}" for line in lines)]
    for a in ambiguities_of(c, clause):
        out += ["", f"  {a.name}: {a.question}"]
        out += [f"    {'*' if r == a.recommended else ' '} {r}: {text}" for r, text in a.readings]
    return out


def body_lines(clause: ir.Clause) -> list[str]:
    """What a clause says, with what other readings put in place of a line."""
    out = _block(clause.concerns, phrase.concern, 0)
    if clause.course is not None:
        out.append(f"follows {clause.course}")
    out += _block(clause.gates, phrase.gate, 0)
    for line in clause.sentences:
        said = line.base
        if isinstance(said, ir.Perform | ir.Refrain | ir.Keep) and any(x.readings for x in said.limits):
            # With readings of its own, each limit stands on a line.
            out += _block((replace(line, base=replace(said, limits=())),), phrase.sentence, 0)
            out += _block(said.limits, phrase.limit, 2)
        else:
            out += _block((line,), phrase.sentence, 0)
    return out


def _block(lines: Any, say: Any, indent: int) -> list[str]:
    pad = " " * indent
    out = []
    for line in lines:
        out.append(pad + say(line.base))
        for a in line.readings:
            out.append(f"{pad}or on reading {a.ambiguity}.{a.reading}")
            out += _block(a.lines, say, indent + 2) or [f"{pad}  this line falls away"]
    return out


def tree_lines(c: ir.Contract) -> list[str]:
    """The precedence tree: under each clause those that take its place where they apply."""
    yields: dict[str, list[str]] = {}
    for clause in c.clauses:
        for g in clause.gates:
            if isinstance(g.base, ir.SupersededBy):
                yields.setdefault(clause.id, []).extend(g.base.clauses)
    over = {n for names in yields.values() for n in names}
    roots = [n for n in yields if n not in over]
    out: list[str] = []

    def walk(name: str, depth: int) -> None:
        out.append("  " * depth + ("gives way to " if depth else "") + name)
        for other in yields.get(name, []):
            walk(other, depth + 1)

    for root in roots:
        walk(root, 0)
    return out or ["no clause gives way to another"]
