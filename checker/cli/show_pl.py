"""One clause in Polish, as `servanda show CONTRACT CLAUSE --lang pl` prints it."""

from __future__ import annotations

from dsl import contract as ir
from dsl.clause_pl import clause_lines
from dsl.define import ambiguities_of, definitions_of
from dsl.define_pl import KINDS, definition_lines
from dsl.phrase_pl import Polish


def clause_page(c: ir.Contract, clause: ir.Clause, p: Polish) -> list[str]:
    """One clause in Polish words, with what it stands to, the definitions that it uses and the readings that it leaves open."""
    out = [f"klauzula {clause.id}", f"  {clause.title_pl or clause.title}"]
    if clause.cite is not None:
        spans = ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in clause.cite.lines)
        out.append(f"  wiersze {spans}: {p.lexicon.place(clause.cite.place)}")
    if clause.only_on is not None:
        out.append(f"  tylko przy odczytaniu {_reading(p, *clause.only_on)}")
    out += ["", *(f"  {line}" for line in clause_lines(p, clause))]
    back = sorted(
        o.id
        for o in c.clauses
        for g in o.gates
        if isinstance(g.base, ir.SupersededBy) and clause.id in g.base.clauses
    )
    if back:
        out += ["", *(f"  zastępuje {p.clauses([o])}" for o in back)]
    for kind, definition in definitions_of(c, clause):
        out += ["", f"  {KINDS[kind]} {p.named(definition.name)}"]
        out += [f"    {line}" for line in definition_lines(p, definition)]
    open_ = [(a, [r for r, _ in a.readings if r != a.recommended]) for a in ambiguities_of(c, clause)]
    if open_:
        out += ["", "  inne odczytania"]
        out += [f"    {_reading(p, a.name, r)}" for a, others in open_ for r in others]
    return out


def _reading(p: Polish, ambiguity: str, reading: str) -> str:
    said = p.lexicon.reading(ambiguity, reading)
    return f"„{said}” [{ambiguity}.{reading}]" if said else f"[{ambiguity}.{reading}]"
