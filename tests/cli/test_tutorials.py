"""The first process, step by step: what a reader has when the last step is done."""

import email
import re
from email import policy
from pathlib import Path

import pytest

from beredning.config import read_config
from processes.loader import examine
from tests.cli.conftest import Terminal
from tests.support.pages import FENCE, Unfit, changed, steps
from workflow.core.unbuilt import not_yet

TUTORIALS = Path(__file__).parents[2] / "docs" / "tutorial"
SWEDISH = TUTORIALS / "din-forsta-process.md"
ENGLISH = TUTORIALS / "your-first-process.md"
BOTH = pytest.mark.parametrize("page", [SWEDISH, ENGLISH], ids=lambda page: page.stem)


def _blocks(page: Path) -> list[tuple[str, str]]:
    return [(kind, text) for *_, kind, text in FENCE.findall(page.read_text(encoding="utf-8"))]


def _follow(page: Path) -> list[str]:
    """Write what the page says, run nothing; give the commands."""
    return [command for command, _ in steps(page)]


def test_both_languages_have_the_same_steps() -> None:
    """Sign for sign: files, changes, commands and answers."""
    assert _blocks(SWEDISH) == _blocks(ENGLISH)
    assert 20 < len(_blocks(SWEDISH))


@BOTH
def test_the_reader_can_finish_in_twenty_minutes(page: Path) -> None:
    """It is no longer than what one reads and writes in that time."""
    text = page.read_text(encoding="utf-8")
    prose = FENCE.sub("", text)

    assert len(text.splitlines()) <= 390
    assert len(prose.split()) <= 1_250
    assert not re.search(r"\bimport |\bpython\b|!", prose, re.IGNORECASE)


@BOTH
def test_the_process_that_the_reader_ends_with(page: Path) -> None:
    """It has no errors, can be run, and holds what the tutorial promises to show."""
    _follow(page)
    found = examine(Path("budget"), year=2028)

    assert found.revision is not None
    definition = found.revision.definition
    (warning,) = found.problems
    assert "milestone.tertial_1" == warning.place
    assert [] == not_yet(definition)
    assert ["omgang", "behov", "rapport", "ide"] == list(definition.case)
    review = definition.case["behov"].state["granskas"].transition
    assert ("questions",) == review["aterlamna"].asks
    assert ("lamna_in",) == review["godkann"].other_than
    assert "lugn" == definition.case["behov"].state["utkast"].ladder
    assert 5000 == definition.table["behov"].check["mycket"].at_most
    assert ("tertial_1", "tertial_2") == definition.case["rapport"].every
    assert "medarbetare" in definition.case["ide"].opened_by
    assert "Needs of {unit}" == found.revision.texts["en"]["case.behov.title"]
    assert "behov.utkast" in found.revision.mail


@BOTH
def test_every_step_leaves_a_file_that_can_be_read(page: Path) -> None:
    """After each change but the mistake on purpose, and the table that comes a step later, it
    has no errors: a reader who stops anywhere has something that stands."""
    wrong = []
    for command, _ in steps(page):
        if command.startswith("beredning check") or "simulate" in command:
            found = examine(Path("budget"), year=2028)
            wrong.append([one.place for one in found.problems if one.severity == "error"])

    assert [["case.behov.state.utkast.by"], [], []] == wrong


@BOTH
def test_the_mail_has_the_readers_own_words(page: Path, terminal: Terminal) -> None:
    """Who is still to hand in gets the paragraph that was written in `mail`."""
    for command in _follow(page):
        if "simulate" not in command and "diagram" not in command:
            words = command.partition(" # ")[0]
            terminal.run(*re.findall(r"\S+", words)[1:])
    letters = [
        email.message_from_bytes(file.read_bytes(), policy=policy.default)
        for file in Path("run/mail").glob("*.eml")
    ]
    told = {str(one["to"]): one.get_body(("plain",)).get_content() for one in letters}

    (ekvall,) = [text for to, text in told.items() if "eva.ekvall" in to]
    assert "Ekonomikontoret svarar på frågor" in " ".join(ekvall.split())
    (kornlid,) = [text for to, text in told.items() if "lars.kornlid" in to]
    assert "Förslag nr 1" in kornlid
    assert "Behov Direktörens stab" not in kornlid


@BOTH
def test_the_rehearsal_may_be_served(page: Path, terminal: Terminal) -> None:
    """The settings of the first step let the reader be anybody in the browser at the end."""
    _follow(page)
    config = read_config(None)

    assert "demo" == config.auth.mode
    assert "0 fel" in terminal.do("check", "budget")
    assert "Budget 2028" in terminal.do("diagram", "budget", "--format", "svg")


def test_a_change_must_fit() -> None:
    """A line that is not there, or stands twice, stops the test; no change is left out."""
    text = "a\nb\na\n"

    assert "a\nc\na\n" == changed(text, "-b\n+c\n")
    assert "a\nb\nc\na\n" == changed(text, " b\n+c\n")
    assert "x\nb\nc\na\n" == changed("y\nb\na\n", "-y\n+x\n…\n b\n+c\n")
    for unfit in ("-a\n+c\n", "-d\n+c\n", " a\n+c\n", " b\n b\n"):
        with pytest.raises(Unfit):
            changed(text, unfit)
