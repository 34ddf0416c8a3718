"""Help, and wrong usage, in Swedish: the words around the boxes that Typer draws.

Typer and what it is built on speak English. Every sentence of theirs that a person
can meet is put into Swedish here; one that is not known is shown as it is.
"""

import re
import sys
from collections.abc import Callable
from logging import NullHandler, getLogger
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup

from beredning.cli.answers import finish, tell
from beredning.cli.refusals import in_words, report, why

__all__ = ["FOLLOW", "LEAD", "PREPARE", "TEND", "Cli", "Command", "Group"]

PREPARE: Final = "Förbereda"
LEAD: Final = "Driva en omgång"
FOLLOW: Final = "Följa upp"
TEND: Final = "Sköta driften"

INTERRUPTED: Final = 130
"""The shell's own exit code for a command that was stopped with Ctrl-C."""

TITLES: Final = {
    "ARGUMENTS_PANEL_TITLE": "Argument",
    "OPTIONS_PANEL_TITLE": "Val",
    "COMMANDS_PANEL_TITLE": "Kommandon",
    "ERRORS_PANEL_TITLE": "Fel använt",
    "DEFAULT_STRING": "[annars: {}]",
    "REQUIRED_LONG_STRING": "[måste anges]",
    "RICH_HELP": "Se [blue]'{command_path} {help_option}'[/].",
}

SENTENCES: Final = (
    (r"Missing (?:option|argument) (.+?)\.", r"\1 saknas."),
    (r"Missing command\.", "Ange ett kommando."),
    (r"No such command '(.+)'\.", r"Det finns inget kommando ”\1”."),
    (r"No such option: (\S+)", r"Det finns inget val \1."),
    (r"\(Possible options: (.+)\)", r"Menade du något av \1?"),
    (r"Did you mean '?(.+?)'?\?", r"Menade du \1?"),
    (r"Got unexpected extra argument\(s\) \((.+)\)", r"För många ord på raden: \1."),
    (r"Option (.+) requires an argument\.", r"\1 ska följas av ett värde."),
    (r"Option (.+) does not take a value\.", r"\1 har inget värde efter sig."),
    (r"Invalid value for (.+?): ", r"\1: "),
    (r"Invalid value: ", ""),
    (r"Value '(.+)' is not a valid \S+\.", r"”\1” går inte."),
    (r"Value error, '(.+)' is not one of (.+)\.", r"”\1” går inte; välj \2."),
    (r"Input should be a valid integer, .+", "skriv ett heltal, till exempel 2010."),
    (r"Input should be a valid number, .+", "skriv ett tal, till exempel 0.1."),
    (r"Input should be a valid UUID, .+", "skriv ett UUID, till exempel det som `uuidgen` ger."),
    (r"Input should be greater than or equal to (\S+)", r"minst \1 går."),
    (r"Input should be less than or equal to (\S+)", r"högst \1 går."),
    (r"Input should be (.+)", r"skriv \1."),
)
"""What is said in English, and in Swedish; in this order, each at most once."""


class Cli(typer.Typer):
    """A group of commands with Swedish help."""

    def command(self, *given: Any, **named: Any) -> Callable[..., Any]:
        """Register a command."""
        named.setdefault("cls", Command)
        named.setdefault("options_metavar", "[VAL]")
        return super().command(*given, **named)


class _Swedish:
    """What a command and a group of commands share."""

    def get_help_option(self, ctx: Any) -> Any:
        """Give the option --help, with help in Swedish."""
        option = super().get_help_option(ctx)  # type: ignore[misc] # of the other parent
        if option is not None:
            option.help = "Visa den här hjälpen."
        return option

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        """Write the line that shows how it is used."""
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined] # of the other
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="Används så: ")

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Draw the help."""
        _name_boxes()
        for param in self.get_params(ctx):  # type: ignore[attr-defined] # of the other
            if getattr(param, "is_flag", False):
                vars(param)["display_type_rich"] = _no_type
        super().format_help(ctx, formatter)  # type: ignore[misc] # of the other parent


def _no_type(ctx: Any) -> None:
    """Give the type that help shows of an option without a value: none."""


class Command(_Swedish, TyperCommand):
    """A command."""


class Group(_Swedish, TyperGroup):
    """Commands under a name; the outermost is the program."""

    def __init__(self, **named: Any) -> None:
        named["options_metavar"] = "[VAL]"
        named["subcommand_metavar"] = "KOMMANDO ..."
        super().__init__(**named)

    def main(self, *given: Any, **named: Any) -> Any:
        """Run a command line to its exit code.

        0 done, 1 refused or problems found, 2 wrong usage, 130 interrupted.
        """
        arguments = list(named.get("args") or (given[0] if given else None) or sys.argv[1:])
        _prepare_streams()
        if "--debug" not in arguments and not getLogger().handlers:
            getLogger().addHandler(NullHandler())  # else a warning comes between the lines
        named["standalone_mode"] = False
        code = 0
        stopped: OSError | None = None
        try:
            _check_bytes(arguments)
            code = super().main(*given, **named) or 0
        except typer.TyperException as error:
            _show_usage_error(error)
            code = error.exit_code
        except typer.Abort:
            code = INTERRUPTED
        except Exception as error:
            if "--debug" in arguments:
                raise
            if isinstance(error, OSError) and error.filename is None:
                stopped = error
            else:
                report(in_words(error), as_json="--json" in arguments)
            code = 1
        if code == INTERRUPTED:
            tell("Avbrutet. Det som inte hann bli klart är inte sparat.")
        stopped = finish() or stopped
        if stopped is not None:
            tell(f"Svaret gick inte att skriva ut: {why(stopped)}.")
            code = 1
        sys.exit(code)


def _prepare_streams() -> None:
    """Let what a terminal has no sign for be replaced, rather than stop the command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def _check_bytes(arguments: list[str]) -> None:
    for word in arguments:
        try:
            word.encode()
        except UnicodeEncodeError:
            shown = word.encode(errors="replace").decode()
            raise typer.BadParameter(f"”{shown}” är inte UTF-8.") from None


def _name_boxes() -> None:
    from typer import rich_utils  # noqa: PLC0415 - only for help and wrong usage

    for name, title in TITLES.items():
        setattr(rich_utils, name, title)


def _show_usage_error(error: typer.TyperException) -> None:
    """Show wrong usage in Typer's own box."""
    from typer import rich_utils  # noqa: PLC0415

    _name_boxes()
    text = in_swedish(error.format_message())
    vars(error)["format_message"] = lambda: text
    rich_utils.rich_format_error(error)  # type: ignore[arg-type] # the subclass is private


def in_swedish(text: str) -> str:
    """Put a sentence about wrong usage into Swedish."""
    for english, swedish in SENTENCES:
        text = re.sub(english, swedish, text, count=1)
    return text
