"""Several commands on one Spark: python -m tests.checker.spark.several MASTER FILE

FILE holds a list of argument lists as JSON; what each command printed and how it ended is written over it. Spark starts once, which takes
longer than all the commands.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from checker.spark.session import started
from tests.checker.cli.desk import servanda


def main() -> None:
    """Run them."""
    master, file = sys.argv[1], Path(sys.argv[2])
    session = started(master)
    try:
        done = [servanda(*arguments) for arguments in json.loads(file.read_text())]
    finally:
        session.stop()
    file.write_text(json.dumps([[run.code, run.out, run.err] for run in done]))


if __name__ == "__main__":
    main()
