"""A whole round, by everybody in it, with nothing but a keyboard."""

from datetime import timedelta
from typing import Any

import pytest

from tests.browser.player import Player
from tests.browser.town import Town
from tests.service.worlds import Stage
from workflow.core.definition import Transition
from workflow.service import clockwork, views
from workflow.service.running import evidence

MOST = 200
"""Steps after which a round that is not over has lost its way."""


def leads_on(transition: Transition) -> bool:
    """Say whether a button leads forward."""
    return not {"questions", "date"}.intersection(transition.asks) and transition.by is None


@pytest.mark.parametrize(
    "browser",
    [{}, {"java_script_enabled": False}, {"viewport": {"width": 320, "height": 640}}],
    ids=["keyboard", "without scripts", "phone"],
)
def test_a_whole_round(opened: Town, browser: dict[str, object]) -> None:
    """Every step from the plan to the decision is taken, and the log holds."""
    stage, player = opened.stage, Player(opened, browser=browser)
    definition = stage.revision.definition
    returned = False

    for _ in range(MOST):
        tasks = [one for one in player.tasks() if one["holders"]]
        if not tasks:
            ended = views.round_view(stage.world, stage.round)["closed_at"]
            if ended:
                break
            stage.at[0] += timedelta(days=7)
            clockwork.tick(stage.world)
            continue
        task = tasks[0]
        state = definition.case[task["kind"]].state[task["state"]]
        forward = next(one for one in state.transition.values() if leads_on(one))
        if task["kind"] == "underlag" and "aterlamna" in state.transition and not returned:
            forward, returned = state.transition["aterlamna"], True
        email = next(one for one in task["holders"] if may(stage, one, task, forward.key))
        player.take(task, email, stage.revision.title(forward, language_of(stage, email)))

    seen = views.round_view(stage.world, stage.round)
    assert "beslutad" == seen["state"]
    assert returned
    assert evidence.prove(stage.world).ok


def language_of(stage: Stage, email: str) -> str:
    """Give the language that somebody reads."""
    return next(one.language for one in stage.people.people if one.email == email)


def may(stage: Stage, email: str, task: dict[str, Any], key: str) -> bool:
    """Say whether somebody can take a step once they have filled in what it needs."""
    lines = views.task_list(stage.world, email=email, case=task["case"])
    codes = {
        code
        for line in lines
        for one in line["transitions"]
        if one["key"] == key
        for code in one["codes"]
    }
    return bool(lines) and codes <= {"complete", "questions"}
