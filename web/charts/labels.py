"""What arrows of a picture say that are no buttons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from workflow.core.phrases import Amount

__all__ = ["LABELS", "Labels"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """The words for what happens by itself."""

    finished: str
    expired: str
    enough: Mapping[Amount, str] = field(default_factory=dict)
    """Where fewer than all are waited for; 0 stands for any other number."""

    def when(self, amount: Amount) -> str:
        """Say that what a state waits for has ended."""
        if amount == "all" or not self.enough:
            return self.finished
        return self.enough.get(amount) or self.enough[0].replace("#", str(amount))


LABELS: Final[Mapping[str, Labels]] = {
    "sv": Labels(
        finished="när alla är klara",
        expired="när tiden har gått ut",
        enough={
            0: "när # är klara",
            1: "när en är klar",
            "more than half": "när över hälften är klara",
            "two thirds": "när två av tre är klara",
        },
    ),
    "en": Labels(
        finished="when all are done",
        expired="when time is up",
        enough={
            0: "when # are done",
            1: "when one is done",
            "more than half": "with over half done",
            "two thirds": "with two thirds done",
        },
    ),
}
"""By language."""
