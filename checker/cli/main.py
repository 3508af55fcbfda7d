"""The command `servanda`."""

from __future__ import annotations

import click

from checker.audit.provenance import engine_version
from checker.cli.cmd_check import check
from checker.cli.cmd_explain import explain
from checker.cli.cmd_lint import fmt, lint
from checker.cli.cmd_show import show
from checker.cli.cmd_test import test


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(engine_version(), prog_name="servanda")
def main() -> None:
    """Check support contracts against ticket histories: a verdict for every ticket and clause, each with its proof."""


for command in (check, explain, test, lint, fmt, show):
    main.add_command(command)

if __name__ == "__main__":
    main()
