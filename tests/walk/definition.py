"""The invented process that the walk walks in, and who holds what in it.

Calendar days only, so that the model can count them on its own: three levels with
returns, separation of duties, a case that rests until its day, one that nobody waits
for, and two councils of which one is enough.
"""

from typing import Final

from tests.support.definitions import HEAD, case_of
from tests.support.organisation import GRANTS
from workflow.core.facts import Place

__all__ = ["HELD", "TEXT"]

TEXT: Final = (
    HEAD
    + """
[milestone]
inne = { title = "Underlagen inne", on = "{year-1}-02-27" }
klart = { title = "Klart", on = "{year-1}-04-30" }
[table.rader]
title = "Rader"
min_rows = 1
column.atgard = { title = "Åtgärd", type = "text", required = true }
"""
    + case_of("""
[case.omgang.state.start]
title = "Start"
by = "ledare"
transition.borja = { title = "Börja", to = "arbete" }
[case.omgang.state.arbete]
title = "Arbete"
opens = ["lista"]
next = "radgor"
transition.avbryt = { title = "Avbryt", by = "ledare", to = "radgor" }
transition.vanta = { title = "Vänta", by = "ledare", to = "arbete" }
[case.omgang.state.radgor]
title = "Rådgör"
opens = ["rond"]
wait_for = 1
next = "beslut"
transition.hoppa = { title = "Hoppa", by = "ledare", to = "beslut" }
[case.omgang.state.beslut]
title = "Beslut"
by = "ledare"
due = "klart"
transition.klart = { title = "Klart", to = "klar" }
transition.bordlagg = { title = "Bordlägg", to = "beslut", asks = ["comment", "date"] }
[case.omgang.state.beslut.transition.tillbaka]
title = "Tillbaka"
to = "arbete"
reopens = { lista = "stalls_samman" }
asks = ["questions"]
due = "5 days"
[case.omgang.state.beslut.transition.ned]
title = "Ända ned"
to = "arbete"
reopens = { lista = "samlas", underlag = "utkast" }
asks = ["questions"]
due = "5 days"
""")
    + case_of(
        """
[case.lista.state.samlas]
title = "Samlas"
opens = ["underlag"]
next = "stalls_samman"
[case.lista.state.stalls_samman]
title = "Ställs samman"
by = "omradeschef"
due = "10 days"
transition.lamna = { title = "Lämna", to = "lamnad" }
[case.lista.state.stalls_samman.transition.komplettera]
title = "Komplettera"
to = "samlas"
reopens = { underlag = "utkast" }
asks = ["questions"]
due = "3 days"
""",
        key="lista",
        per="omrade",
        ends='lamnad = "Lämnad"',
    )
    + case_of(
        """
[case.underlag.state.utkast]
title = "Utkast"
by = "klinikchef"
due = "inne"
edits = ["rader"]
transition.lamna_in = { title = "Lämna in", to = "inlamnat", guards = ["complete"] }
transition.vila = { title = "Vila", to = "vilar", asks = ["comment"] }
[case.underlag.state.vilar]
title = "Vilar"
due = "4 days"
at_due = "utkast"
[case.underlag.state.inlamnat]
title = "Inlämnat"
by = "omradeschef"
due = "3 days"
starts = ["foljd"]
transition.godkann = { title = "Godkänn", to = "godkant", other_than = ["lamna_in"] }
transition.aterlamna = { title = "Åter", to = "utkast", asks = ["questions"], due = "3 days" }
transition.ta_tillbaka = { title = "Ta", by = "klinikchef", to = "utkast" }
""",
        key="underlag",
        per="klinik",
        ends='godkant = "Godkänt"',
        more='withdraw_by = "omradeschef"',
    )
    + case_of(
        'state.a = { title = "A", by = "klinikchef", '
        'transition.svara = { title = "Svara", to = "bra" } }',
        key="foljd",
        per="klinik",
        ends='bra = "Bra"',
    )
    + case_of(
        'state.a = { title = "A", by = "ordforande", transition.b = { title = "B", to = "bra" } }',
        key="rond",
        per="rad",
        ends='bra = "Bra"',
    )
)

HELD: Final = (
    *(grant for grant in GRANTS if grant[0] != "sune"),
    ("utan", Place("klinikchef", "ett")),  # two holders
    ("ellen", Place("omradeschef", "norr")),  # one of two chiefs of the area
    ("trygve", Place("omradeschef", "soder")),  # alone in both roles
)
