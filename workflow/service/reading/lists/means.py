"""What the units of a list have to spend, as the organisation's figures tell."""

from collections.abc import Mapping
from decimal import Decimal

from workflow.core.weighing import Amount
from workflow.service.seeing import Seen

__all__ = ["means_of"]


def means_of(seen: Seen, units: Mapping[str, str]) -> Mapping[str, Amount]:
    """Give the means of units, given by name with their keys: the first figure in tkr of
    each one's kind. Those of which it is not known are left out."""
    found: dict[str, Amount] = {}
    for name, key in units.items():
        unit = seen.facts.line(key)[0]
        kind = seen.definition.unit.get(unit.kind)
        facts = kind.facts if kind else {}
        value = unit.facts.get(next((one for one, what in facts.items() if what == "tkr"), ""))
        if isinstance(value, int | Decimal):
            found[name] = value
    return found
