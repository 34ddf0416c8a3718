"""The command line: the operator's tool, and the whole engine without a page.

frame         settings, identity and clock of every command
answers       what is printed: documents, tables, lines
refusals      what was turned down and what went wrong, in words and as JSON
swedish       help and wrong usage in Swedish
installation  init, check, diagram, plan, org
rounds        round, unit
dates         round move, extend
nudges        nudge
grants        grant, person
substitutes   substitute
work          tasks, act, tick
mail          deliver, outbox
incidents     incidents, bounce
evidence      log, verify, checkpoint
export        export diarium
running       work, health
serving       serve, demo
accounts      account
upkeep        upgrade, backup, restore, dispose
play          simulate
reference     the list of commands in docs/reference/commands.md

What a command needs to run is imported when it runs, so that `--help` is quick.
"""

from importlib import import_module

from beredning.cli.frame import cli

__all__ = ["cli", "main"]

for _module in (
    "installation",
    "grants",
    "play",
    "rounds",
    "dates",
    "nudges",
    "substitutes",
    "work",
    "mail",
    "incidents",
    "evidence",
    "export",
    "running",
    "serving",
    "accounts",
    "upkeep",
):
    import_module(f"beredning.cli.{_module}")  # importing them registers their commands


def main() -> None:
    """Run the command line."""
    cli()
