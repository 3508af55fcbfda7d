"""How long comparing takes: python -m tests.compare.speed; CPU seconds, contracts checked beforehand."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import yaml

from checker.audit.library import load_contract, vocabulary
from checker.compare.variants import Asked, compared
from tests.compare.variant import variant

FOLDER = Path(__file__).parent / "variants"


def main() -> int:
    """The first variant of each contract."""
    total = 0.0
    for file in sorted(FOLDER.glob("*.yaml")):
        case = yaml.safe_load(file.read_text("utf-8"))[0]
        old, new = load_contract(file.stem), variant(file.stem, *((a, b) for a, b in case["edits"]))
        begun = time.process_time()
        found = compared(old, new, vocabulary(), Asked())
        seconds = time.process_time() - begun
        total += seconds
        print(
            f"{file.stem}/{case['id']}: {len(new.clauses)} clauses, {len(found.clauses)} differ, {seconds:.1f} s",
            flush=True,
        )
    print(f"all five: {total:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
