"""The command `servanda`."""

from __future__ import annotations

import gc
import signal
from importlib import import_module
from typing import Any

import click

_MADE = 100_000
"""Objects made and not yet gone before the collector of cycles looks at the youngest: what a command loads stays, and it would look
at that again and again."""


class Later(click.Command):
    """A command of which only the name and the line in the list are known; its module is loaded when it is asked for."""

    def __init__(self, name: str, module: str, short_help: str) -> None:
        super().__init__(name, short_help=short_help)
        self.module = module

    def loaded(self) -> click.Command:
        """The command itself: what stands under its name in its module."""
        found = getattr(import_module(self.module), str(self.name))
        assert isinstance(found, click.Command)
        return found


class _Commands(click.Group):
    """Commands of which only the one that runs is loaded."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; one that is interrupted from the keyboard ends as the shell has it, and never as an answer does."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            click.echo("interrupted by SIGINT", err=True)
            ctx.exit(128 + signal.SIGINT)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        gc.set_threshold(_MADE, *gc.get_threshold()[1:])
        name, command, rest = super().resolve_command(ctx, args)
        return name, command.loaded() if isinstance(command, Later) else command, rest


def _version(ctx: click.Context, _: click.Parameter, asked: bool) -> None:
    if asked and not ctx.resilient_parsing:
        from checker.audit.version import engine_version

        click.echo(f"servanda, version {engine_version()}")
        ctx.exit()


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version and exit.",
)
def main() -> None:
    """Check support contracts against ticket histories: a verdict for every ticket and clause, each with its proof."""


for command in (
    Later("check", "checker.cli.cmd_check", "audit tickets against a contract"),
    Later("report", "checker.cli.cmd_report", "a report of an audit"),
    Later("sample", "checker.cli.cmd_sample", "draw an audit sample of verdicts"),
    Later("verify", "checker.cli.cmd_verify", "does a report still hold?"),
    Later("spark", "checker.cli.cmd_spark", "audit a log on Apache Spark"),
    Later("explain", "checker.cli.cmd_explain", "why a verdict is what it is"),
    Later("test", "checker.cli.cmd_test", "run the cases of a contract"),
    Later("compare", "checker.cli.cmd_compare", "what changes between two variants of a contract"),
    Later("review", "checker.cli.cmd_review", "two variants beside each other, as a page"),
    Later("analyse", "checker.cli.cmd_analyse", "gaps, clauses without effect, what each ambiguity turns"),
    Later("lint", "checker.cli.cmd_lint", "findings in a contract"),
    Later("fmt", "checker.cli.cmd_lint", "lay contract files out"),
    Later("show", "checker.cli.cmd_show", "show a contract or a clause"),
):
    main.add_command(command)

if __name__ == "__main__":
    main()
