"""The suggested rank of a priority object, after the National Model's step 7.

The step says in which order to weigh, and no arithmetic: set a level from the severity; lower
it when the benefit is less than it could be given the severity; lower it when the cost in
relation to the benefit is high or very high; consider lowering it when the evidence is of low
quality; otherwise it stays. It begins when all four have been judged.
https://liu.se/artikel/prioriteringsarbete-i-er-verksamhet-vag-samman-och-rangordna

How far a level is lowered is therefore this project's own choice, written in the tables here
and argued for in docs/explanation/decisions/0029-suggested-rank.md. So is what is suggested
outside 1-10, after the Swedish National Board of Health and Welfare's words for it:
https://www.socialstyrelsen.se/nationellariktlinjermissbrukochberoende/sokiriktlinjerna/vadbetydersiffrorna
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from workflow.core.facts import Cell, Row
from workflow.core.suggesting import Suggestion

__all__ = ["DO_NOT_DO", "RESEARCH", "SUGGESTIONS", "rang_enligt_modellen"]

BEGINS_AT: Final = {"mycket_stor": 1, "stor": 3, "mattlig": 5, "liten": 7}
"""(a) The level that the severity gives; 1 is the highest priority."""
LOWERED_BY_BENEFIT: Final = {"stor": 0, "mattlig": 1, "liten": 2}
"""(b) Steps down for a benefit that is less than it could be."""
LOWERED_BY_COST: Final = {"lag": 0, "mattlig": 0, "hog": 1, "mycket_hog": 2, "ej_bedombar": 0}
"""(c) Steps down for a high or very high cost; one that cannot be judged is not high."""
LOWERED_BY_EVIDENCE: Final = {"starkt": 0, "mattligt": 0, "begransat": 1}
"""(d) Steps down for evidence of low quality."""
LOWEST: Final = 10

NO_BENEFIT: Final = "ingen"
INSUFFICIENT: Final = "otillrackligt"
DO_NOT_DO: Final = "icke_gora"
RESEARCH: Final = "fou"


def rang_enligt_modellen(cells: Row) -> str | None:
    """Suggest a rank; None until severity, benefit, cost and evidence have all been judged."""
    severity, benefit = _level(cells, "svarighetsgrad"), _level(cells, "patientnytta")
    cost, evidence = _level(cells, "kostnad"), _level(cells, "kunskap")
    if not (severity and benefit and cost and evidence):
        return None
    # What nobody knows is not known to be without benefit either.
    if evidence == INSUFFICIENT:
        return RESEARCH
    if benefit == NO_BENEFIT:
        # To be phased out is what is shown to be without benefit; the rest comes last.
        return str(LOWEST) if LOWERED_BY_EVIDENCE[evidence] else DO_NOT_DO
    level = BEGINS_AT[severity] + LOWERED_BY_BENEFIT[benefit]
    level += LOWERED_BY_COST[cost] + LOWERED_BY_EVIDENCE[evidence]
    return str(min(level, LOWEST))


_READS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "svarighetsgrad": frozenset(BEGINS_AT),
        "patientnytta": frozenset({*LOWERED_BY_BENEFIT, NO_BENEFIT}),
        "kostnad": frozenset(LOWERED_BY_COST),
        "kunskap": frozenset({*LOWERED_BY_EVIDENCE, INSUFFICIENT}),
    }
)


def _level(cells: Row, column: str) -> str:
    value: Cell = cells.get(column)
    return str(value) if value in _READS[column] else ""


SUGGESTIONS: Final[Mapping[str, Suggestion]] = MappingProxyType(
    {
        "rang_enligt_modellen": Suggestion(
            answer=rang_enligt_modellen,
            reads=_READS,
            gives=frozenset({*(str(rank) for rank in range(1, LOWEST + 1)), DO_NOT_DO, RESEARCH}),
        )
    }
)
"""The functions that a definition may name, by the name it uses."""
