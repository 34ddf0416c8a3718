"""What a case is called: by its kind, its unit, and what it was opened for."""

from workflow.core.facts import CaseFact
from workflow.core.occasions import called
from workflow.core.phrases import fill
from workflow.core.revision import Revision

__all__ = ["case_title", "fill_in", "round_title"]


def round_title(revision: Revision, *, year: int, plan: str, language: str) -> str:
    """Give a round's title in a language, with that of its plan where it follows another than
    the process's own dates: "Strukturplan 2015, del 2"."""
    title = fill(revision.text("title", revision.definition.title, language), year=year)
    other = revision.definition.plan.get(plan)
    return f"{title}, {fill(revision.title(other, language), year=year)}" if other else title


def case_title(revision: Revision, case: CaseFact, *, year: int, unit: str, language: str) -> str:
    """Give a case's title in a language, e.g. "Svar Norr"; `unit` is its unit's name.

    What it was opened for stands behind it where the title does not say it, so that
    several of one kind are told apart.
    """
    title = revision.title(revision.definition.case[case.kind], language)
    words = fill_in(revision, title, case, year=year, unit=unit, language=language)
    if not case.occasion or "{occasion}" in title:
        return words
    return f"{words}, {called(revision, case.occasion, year=year, language=language)}"


def fill_in(
    revision: Revision, text: str, case: CaseFact, *, year: int, unit: str, language: str
) -> str:
    """Replace what a text about a case may name: year, unit and occasion."""
    occasion = (
        called(revision, case.occasion, year=year, language=language) if case.occasion else ""
    )
    return fill(text, year=year, unit=unit, occasion=occasion)
