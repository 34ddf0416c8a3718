"""Cases that come again, by the clock and when somebody needs one, killed at each point."""

from typing import Any, Final

from tests.service.worlds import Stage
from tests.support.definitions import revision_of
from workflow.service import clockwork, opening, starting
from workflow.service.acts import Wish

__all__ = ["come_round", "open_another", "open_running"]

HEAD: Final = """
key = "lopande"
title = "Löpande {year}"
leader = "medicinsk_radgivare"
[unit]
landsting = { title = "Landsting" }
[role]
medicinsk_radgivare = { title = "Leder", at = "landsting" }
"""
TEXT: Final = """
[case.ar]
title = "Året"
ends = { slut = "Slut" }
[case.ar.state.pagar]
title = "Året pågår"
by = "medicinsk_radgivare"
starts = ["rapport", "forslag"]
transition.avsluta = { title = "Avsluta", to = "slut" }
[case.rapport]
title = "Rapport {occasion}"
every = "month"
ends = { last = "Läst" }
[case.rapport.state.skrivs]
title = "Skrivs"
by = "medicinsk_radgivare"
due = "5 working days after occasion"
transition.lamna = { title = "Lämna", to = "last" }
[case.forslag]
title = "Förslag {occasion}"
opened_by = "medicinsk_radgivare"
ends = { antaget = "Antaget" }
[case.forslag.state.skrivs]
title = "Skrivs"
by = "medicinsk_radgivare"
transition.anta = { title = "Anta", to = "antaget" }
"""
YEAR: Final = "lopande-2010.ar"


def open_running(stage: Stage) -> None:
    """Open the round in which cases come again."""
    opening.open_round(stage.world, revision_of(TEXT, head=HEAD), year=2010)


def open_another(stage: Stage) -> Any:
    """Open one more of those that come when somebody needs one."""
    wish = Wish(case=YEAR, transition="", email=stage.leader, request_id="3" * 32)
    return starting.open_one(stage.world, wish, "forslag", None)


def come_round(stage: Stage) -> Any:
    """Let the clock look, some months on: those that have come are opened."""
    stage.put("2009-03-02")
    return clockwork.tick(stage.world)
