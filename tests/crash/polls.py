"""The last secret answer, with which all are counted, killed at each of its points."""

from typing import Any, Final

from tests.service.worlds import Stage
from tests.support.definitions import revision_of
from workflow.service import acts, opening
from workflow.service.acts import Wish

__all__ = ["answer_last", "open_poll"]

HEAD: Final = """
key = "matning"
title = "Mätning {year}"
leader = "medicinsk_radgivare"
[unit]
landsting = { title = "Landsting" }
[role]
medicinsk_radgivare = { title = "Leder", at = "landsting" }
"""
TEXT: Final = """
[case.matning]
title = "Mätningen"
ends = { klar = "Klar" }
[case.matning.state.svar]
title = "Alla svarar"
by = "medicinsk_radgivare"
edits = ["stod"]
transition.svara = { title = "Svara", to = "klar", signatures = "all" }
[table.stod]
title = "Ditt stöd"
form = true
each = "medicinsk_radgivare"
secret = true
column.stod = { title = "Stöd", type = "stod" }
[scale.stod]
title = "Stöd"
levels = { starkt = "Starkt", svagt = "Svagt" }
"""
CASE: Final = "matning-2010.matning"


def open_poll(stage: Stage) -> None:
    """Open the round that asks."""
    opening.open_round(stage.world, revision_of(TEXT, head=HEAD), year=2010)


def answer_last(stage: Stage) -> Any:
    """Answer, as the only one who is asked."""
    wish = Wish(
        case=CASE,
        transition="svara",
        email=stage.leader,
        data={"rows": {"stod": [{"stod": "svagt"}]}},
        request_id="2" * 32,
    )
    return acts.act(stage.world, wish)
