"""What is written and not run yet is named where it stands, in a sentence."""

import copy
import tomllib

import pytest

from workflow.core.unbuilt import not_yet
from workflow.core.validation.validate import check_data

PLAIN = """
key = "liten"
title = "Liten"
leader = "chef"
[unit]
region = { title = "Region" }
[role]
chef = { title = "Chef", at = "region" }
[case.omgang]
title = "Omgång"
ends = { klar = "Klar" }
[case.omgang.state.arbete]
title = "Arbete"
by = "chef"
edits = ["rader", "svar"]
starts = ["extra"]
transition.klar = { title = "Klar", to = "klar" }
[case.extra]
title = "Extra"
ends = { klar = "Klar" }
[case.extra.state.arbete]
title = "Arbete"
by = "chef"
transition.klar = { title = "Klar", to = "klar" }
[table.rader]
title = "Rader"
column.text = { title = "Text", type = "text" }
column.val = { title = "Val", type = "val" }
[table.svar]
title = "Svar"
each = "chef"
column.text = { title = "Text", type = "text" }
[scale.val]
title = "Val"
levels = { ja = "Ja", nej = "Nej" }
"""

USES = {
    "table.svar.secret": True,
}


def _definition(path="", value=None):
    data = copy.deepcopy(tomllib.loads(PLAIN))
    if path:
        *way, last = path.split(".")
        here = data
        for step in way:
            here = here[step]
        here[last] = value
    definition, problems = check_data(data, year=2026)
    assert [] == [one for one in problems if one.severity == "error"]
    return definition


def test_plain_definition_runs():
    """Started cases, scales and plain columns run in this release."""
    assert [] == not_yet(_definition())


@pytest.mark.parametrize("path", USES)
def test_use_is_named_at_its_place(path):
    """Each use is one problem at its key, in Swedish, and checks without errors."""
    found = not_yet(_definition(path, USES[path]))

    assert [path] == [one.place for one in found]
    assert found[0].message.startswith("Den här utgåvan kan inte köra ")
    assert found[0].message.endswith(" än.")
