"""Whether a definition hangs together: the questions that its vocabulary cannot ask.

Checked before it ever runs, from the text alone: nothing here reads a file,
imports what a region wrote, or knows an organisation. An error must be
corrected; a warning may be meant.
"""

from collections.abc import Callable, Collection, Mapping

from pydantic import ValidationError

from workflow.core.definition import Definition
from workflow.core.errors import Problem
from workflow.core.validation.cases import check as check_cases
from workflow.core.validation.dues import check as check_dues
from workflow.core.validation.findings import Findings
from workflow.core.validation.flow import check as check_flow
from workflow.core.validation.milestones import check as check_milestones
from workflow.core.validation.names import check as check_names
from workflow.core.validation.outline import Outline
from workflow.core.validation.rights import check as check_rights
from workflow.core.validation.tables import check as check_tables
from workflow.core.validation.vocabulary import explain

__all__ = ["check", "check_data"]

CHECKS: tuple[Callable[[Outline, Findings], None], ...] = (
    check_names,
    check_cases,
    check_rights,
    check_tables,
)
"""Those that need nothing but the definition."""


def check_data(
    data: Mapping[str, object], *, year: int, guards: Collection[str] = frozenset()
) -> tuple[Definition | None, list[Problem]]:
    """Read a definition and check it.

    The definition is None when it is not in the vocabulary. `year` and `guards`
    as for `check`.
    """
    try:
        definition = Definition.model_validate(dict(data))
    except ValidationError as error:
        return None, explain(error)
    return definition, check(definition, year=year, guards=guards)


def check(
    definition: Definition, *, year: int, guards: Collection[str] = frozenset()
) -> list[Problem]:
    """Give what is wrong with a definition, and what may be.

    Its plans are laid out for its own `example_year`, else for `year`. `guards`
    are the names that a region has added to those built in.
    """
    findings = Findings()
    outline = Outline(definition)
    year = definition.example_year or year
    for question in CHECKS:
        question(outline, findings)
    check_flow(outline, findings, guards)
    calendar = check_milestones(definition, findings, year)
    check_dues(outline, findings, calendar)
    return findings.result()
