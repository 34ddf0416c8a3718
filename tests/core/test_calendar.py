"""A plan laid out for a year, before any round."""

from datetime import date

import pytest

from tests.support.definitions import definition_of
from workflow.core.calendar import Laid, lay_out
from workflow.core.errors import BadInput, NotFound

BODY = """
[milestone]
inne = { title = "Inne för {year}", on = "{year-1}-04-30" }
mote = { title = "Möten", on = ["{year-1}-06-14", "{year-1}-06-15"] }
sedan = { title = "Sedan", on = "later" }

[plan.val]
title = "Valår"
on.inne = "{year}-02-29"

[case.omgang]
title = "Omgång"
ends = { klar = "Klar" }

[case.omgang.state.start]
title = "Start"
by = "ledare"
transition.klar = { title = "Klar", to = "klar" }
"""


def test_days_in_the_plans_order() -> None:
    """First and last day, a day off by its name, and nothing for what comes later."""
    laid = lay_out(definition_of(BODY), year=2029)

    assert (
        Laid(
            milestone="inne",
            title="Inne för 2029",
            first_on=date(2028, 4, 30),
            on=date(2028, 4, 30),
            off="söndag",
        ),
        Laid(
            milestone="mote",
            title="Möten",
            first_on=date(2028, 6, 14),
            on=date(2028, 6, 15),
            off="",
        ),
        Laid(milestone="sedan", title="Sedan", first_on=None, on=None, off=""),
    ) == laid


def test_another_plan() -> None:
    """Only the dates that differ are its own."""
    inne, mote, _ = lay_out(definition_of(BODY), year=2028, plan="val")

    assert (date(2028, 2, 29), date(2027, 6, 15)) == (inne.on, mote.on)


def test_a_plan_that_is_not_there_and_a_day_that_does_not_exist() -> None:
    """Both are said in words."""
    definition = definition_of(BODY)

    with pytest.raises(NotFound, match="val"):
        lay_out(definition, year=2028, plan="vla")
    with pytest.raises(BadInput, match="2029"):
        lay_out(definition, year=2029, plan="val")
