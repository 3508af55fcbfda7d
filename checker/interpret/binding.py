"""How strongly a clause binds, and whom, as its first sentence says it."""

from __future__ import annotations

from dsl import contract as ir
from dsl import phrase


def strength(clause: ir.Clause) -> str:
    """The strength of a clause: that of its first sentence."""
    for line in clause.sentences:
        return str(getattr(line.base, "strength", "definition"))
    return "definition"


def party(clause: ir.Clause) -> str:
    """Whose act a clause is about, in words: that of its first sentence."""
    for line in clause.sentences:
        return phrase.party(str(getattr(line.base, "party", "")))
    return ""
