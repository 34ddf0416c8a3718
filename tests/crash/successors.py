"""A decision that opens another round, killed at each of its points."""

from typing import Any, Final

from tests.service.worlds import Stage
from tests.support.definitions import revision_of
from workflow.service import acts, opening
from workflow.service.acts import Wish

__all__ = ["begin_another", "open_first"]

HEAD: Final = """
key = "delad"
title = "Delad {year}"
leader = "medicinsk_radgivare"
[unit]
landsting = { title = "Landsting" }
[role]
medicinsk_radgivare = { title = "Leder", at = "landsting" }
"""
TEXT: Final = """
[plan.del_2]
title = "del 2"
[case.plan]
title = "Planen"
ends = { klar = "Klar" }
[case.plan.state.beslut]
title = "Beslut"
by = "medicinsk_radgivare"
edits = ["rader"]
transition.klart = { title = "Klart", to = "klar" }
transition.del_2 = { title = "Del 2", to = "klar", begins = { plan = "del_2", state = "beslut" } }
[table.rader]
title = "Rader"
carries = { utfall = "bordlagt" }
column.atgard = { title = "Åtgärd", type = "text" }
column.utfall = { title = "Utfall", type = "utfall" }
[scale.utfall]
title = "Utfall"
levels = { bifall = "Bifall", bordlagt = "Bordlagt" }
"""
FIRST: Final = "delad-2010.plan"


def open_first(stage: Stage) -> None:
    """Open the first part."""
    opening.open_round(stage.world, revision_of(TEXT, head=HEAD), year=2010)


def begin_another(stage: Stage) -> Any:
    """Decide, with one row that follows."""
    rows = [{"atgard": "Nu", "utfall": "bifall"}, {"atgard": "Sedan", "utfall": "bordlagt"}]
    wish = Wish(
        case=FIRST,
        transition="del_2",
        email=stage.leader,
        data={"rows": {"rader": rows}},
        request_id="1" * 32,
    )
    return acts.act(stage.world, wish)
