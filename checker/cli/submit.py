"""What `spark-submit` is given: `spark-submit … submit.py OPTIONS` is `servanda spark OPTIONS`, but for how it ends.

A job that has done its work succeeds: exit codes that speak of verdicts become 0, lest a cluster takes a breach for a failure and tries
the job again. A wheel given by `--py-files` comes first on the driver's path, too. It is for the executors: the driver reads files of
the package (the contracts), which a wheel does not have as files, so an installed Servanda goes before it.
"""

import sys


def main() -> None:
    """Run the command, and end as a job does."""
    from checker.cli.cmd_spark import spark
    from checker.cli.exits import FAULT

    try:
        spark()
    except SystemExit as end:
        if end.code == FAULT or not isinstance(end.code, int | None):
            raise


if __name__ == "__main__":
    sys.path.sort(key=lambda path: path.endswith(".whl"))
    main()
