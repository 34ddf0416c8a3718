"""The command line: the operator's tool, and the whole engine without a page.

frame         settings, identity, clock, answers and errors of every command
installation  init, org, check, diagram
rounds        round, unit
work          tasks, act, tick, deliver, incidents, outbox
evidence      log, verify, checkpoint
play          simulate
"""

from beredning.cli.frame import main

__all__ = ["main"]
