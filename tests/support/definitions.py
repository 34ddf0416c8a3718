"""Small invented definitions: TOML in, a checked revision out.

HEAD fits the tiny organisation; TREE is a round of three levels with returns, and
what most tests of the engine run on.
"""

import tomllib
from functools import cache
from pathlib import Path
from typing import Final

import processes
from processes.loader import load
from workflow.core.definition import Definition
from workflow.core.revision import Revision, make_revision
from workflow.core.validation.validate import check_data

__all__ = ["HEAD", "TREE", "case_of", "definition_of", "revision_of", "shipped"]

HEAD: Final = """
key = "prov"
title = "Prov {year}"
leader = "ledare"
[unit]
region = { title = "Region" }
omrade = { title = "Område", under = "region" }
klinik = { title = "Klinik", under = "omrade" }
[body]
namnd = { title = "Nämnden", minutes = true }
rad = { title = "Råd" }
[role]
direktor = { title = "Direktör", at = "region" }
ledare = { title = "Ledare", at = "region", superior = "direktor", sees = "all" }
omradeschef = { title = "Områdeschef", at = "omrade", superior = "ledare" }
klinikchef = { title = "Klinikchef", at = "klinik", superior = "omradeschef" }
ordforande = { title = "Ordförande", at = "rad" }
sekreterare = { title = "Sekreterare", at = "namnd" }
justerare = { title = "Justerare", at = "namnd", holders = 2 }
"""

TREE: Final = """
[milestone]
inne = { title = "Underlagen inne", on = "{year-1}-02-27" }
klart = { title = "Klart", on = "{year-1}-04-30" }

[case.omgang]
title = "Omgång"
ends = { klar = "Klar", nej = "Nej" }

[case.omgang.state.start]
title = "Start"
by = "ledare"
transition.borja = { title = "Börja", to = "arbete" }

[case.omgang.state.arbete]
title = "Arbete"
opens = ["lista"]
next = "beslut"
transition.avbryt = { title = "Avbryt", by = "ledare", to = "beslut" }

[case.omgang.state.beslut]
title = "Beslut"
by = "ledare"
due = "klart"
transition.klart = { title = "Klart", to = "klar" }
transition.nej = { title = "Nej", to = "nej", asks = ["comment"] }
transition.bordlagg = { title = "Bordlägg", to = "beslut", asks = ["comment", "date"] }
[case.omgang.state.beslut.transition.tillbaka]
title = "Tillbaka"
to = "arbete"
reopens = { lista = "stalls_samman" }
asks = ["questions"]
due = "5 working days"
[case.omgang.state.beslut.transition.ned]
title = "Ända ned"
to = "arbete"
reopens = { lista = "samlas", underlag = "utkast" }
asks = ["questions"]
due = "5 working days"

[case.lista]
title = "Lista {unit}"
per = "omrade"
ends = { lamnad = "Lämnad" }
tells = ["ledare"]

[case.lista.state.samlas]
title = "Samlas"
opens = ["underlag"]
next = "stalls_samman"

[case.lista.state.stalls_samman]
title = "Ställs samman"
by = "omradeschef"
due = "10 working days"
transition.lamna = { title = "Lämna", to = "lamnad" }
[case.lista.state.stalls_samman.transition.komplettera]
title = "Komplettera"
to = "samlas"
reopens = { underlag = "utkast" }
asks = ["questions"]
due = "3 working days"

[case.underlag]
title = "Underlag {unit}"
per = "klinik"
ends = { godkant = "Godkänt" }
withdraw_by = "omradeschef"

[case.underlag.state.utkast]
title = "Utkast"
by = "klinikchef"
due = "inne"
edits = ["rader"]
transition.lamna_in = { title = "Lämna in", to = "inlamnat", guards = ["complete"] }
transition.inget = { title = "Inget", to = "inlamnat", asks = ["comment"] }

[case.underlag.state.inlamnat]
title = "Inlämnat"
by = "omradeschef"
due = "3 working days"
transition.godkann = { title = "Godkänn", to = "godkant", other_than = ["lamna_in", "inget"] }
transition.aterlamna = { title = "Åter", to = "utkast", asks = ["questions"], due = "3 days" }
transition.ta_tillbaka = { title = "Ta", by = "klinikchef", to = "utkast", due = "3 days" }

[table.rader]
title = "Rader"
min_rows = 1
column.atgard = { title = "Åtgärd", type = "text", required = true }
column.tkr = { title = "Belopp", type = "tkr" }
"""


@cache
def revision_of(text: str, *, head: str = HEAD, guards: frozenset[str] = frozenset()) -> Revision:
    """Give the revision of a definition that has no errors."""
    data = tomllib.loads(head + text)
    found = check_data(data, year=2010, guards=guards)[1]
    problems = [f"{one.place}: {one.message}" for one in found if one.severity == "error"]
    if problems:
        raise AssertionError(problems)
    return make_revision(data)


@cache
def definition_of(text: str, *, head: str = HEAD) -> Definition:
    """Give a definition that need be in the vocabulary only: parts of one are enough."""
    return Definition.model_validate(tomllib.loads(head + text))


def case_of(
    states: str,
    *,
    key: str = "omgang",
    per: str = "",
    ends: str = 'klar = "Klar"',
    more: str = "",
) -> str:
    """Write a kind of case; `states` are lines that begin with `state.` or a header."""
    where = f'per = "{per}"\n' if per else ""
    head = f'[case.{key}]\ntitle = "{key} {{unit}}"\nends = {{ {ends} }}\n{where}{more}\n'
    return f"{head}{states}\n"


@cache
def shipped() -> Revision:
    """Give the process that comes with the program."""
    return load(Path(processes.__file__).parent / "prioritering", year=2010)
