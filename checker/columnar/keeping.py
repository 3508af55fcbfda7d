"""Sentences about what lasts."""

from __future__ import annotations

from checker.columnar.limits import Said
from checker.columnar.world import Columns, Frame, NotColumnar
from dsl import contract as ir


def keep(world: Columns, s: ir.Keep, frame: Frame) -> Said:
    """Whether a state was kept up."""
    raise NotColumnar("Keep")
