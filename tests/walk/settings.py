"""How far the walk goes: a little by default, and always the same way; far in the night.

HYPOTHESIS_PROFILE=nightly walks further, and by another way every time.
"""

import os

from hypothesis import HealthCheck, Phase, settings

__all__ = ["settings_for"]

EXAMPLES = {"sqlite": 40, "postgresql": 6}
STEPS = 25
NIGHTLY_TIMES = 25
NIGHTLY_STEPS = 50


def settings_for(dialect: str) -> settings:
    """Give the settings for walking on a database."""
    nightly = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
    return settings(
        max_examples=EXAMPLES[dialect] * (NIGHTLY_TIMES if nightly else 1),
        stateful_step_count=NIGHTLY_STEPS if nightly else STEPS,
        derandomize=not nightly,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
