"""What a process that reads shares of a log keeps from one of them to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.columnar.event_rows import EventRowsRules
from checker.columnar.json_block import Blocks
from checker.columnar.parquet import ShareRows
from checker.columnar.parts import Gathering


@dataclass(slots=True)
class Apart:
    """What a process keeps from one share to the next that it reads of a file, by its number."""

    file: int
    gathering: Gathering = field(default_factory=Gathering)
    rows: tuple[ShareRows, EventRowsRules] | None = None
    blocks: Blocks | None = None
