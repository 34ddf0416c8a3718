"""One round in every state of its life, played by those who have a part in it."""

from datetime import date

from tests.service.worlds import Stage
from workflow.service import clockwork, extending, leading

__all__ = [
    "all_in",
    "close",
    "decide",
    "fall_behind",
    "finish_groundwork",
    "propose",
    "reject",
    "weigh",
]


def fall_behind(stage: Stage) -> dict[str, str]:
    """Leave the groundwork half done on 3 March; gives one unit of each sort.

    returned: answers a question. extended: has more days. asked: has asked for some.
    missing: is carried as missing. approved, handed_in: are in. The others are late.
    """
    units = stage.units("verksamhet")
    names = ("returned", "extended", "asked", "missing", "approved", "handed_in", "late")
    chosen = dict(zip(names, units, strict=False))
    stage.put("2009-02-20")
    for name in ("approved", "returned"):
        stage.hand_in(chosen[name])
    stage.approve(chosen["approved"])
    stage.put("2009-02-26")
    _extend(stage, chosen["extended"], "2009-03-06")
    _ask(stage, chosen["asked"], "2009-03-09")
    stage.put("2009-03-02")
    stage.hand_in(chosen["handed_in"])
    stage.act(
        stage.case("underlag", chosen["returned"]),
        "aterlamna",
        stage.boss(chosen["returned"]),
        data={"questions": ["Hur många patienter?"]},
    )
    leading.end_unit(
        stage.world, stage.round, chosen["missing"], "missing", reason="Sjuk.", email=stage.leader
    )
    stage.put("2009-03-03")
    return chosen


def _task(stage: Stage, unit: str) -> str:
    return str(
        stage.rows(
            "SELECT id FROM tasks WHERE closed_at IS NULL AND case_id = :case",
            case=stage.case("underlag", unit),
        )[0][0]
    )


def _extend(stage: Stage, unit: str, day: str) -> None:
    extending.grant(
        stage.world,
        _task(stage, unit),
        date.fromisoformat(day),
        reason="Mer tid.",
        email=stage.boss(unit),
    )


def _ask(stage: Stage, unit: str, day: str) -> None:
    extending.ask(
        stage.world,
        _task(stage, unit),
        date.fromisoformat(day),
        reason="Mer tid.",
        email=stage.chief(unit),
    )


def all_in(stage: Stage) -> None:
    """Have every underlag handed in and none approved."""
    stage.put("2009-02-20")
    for unit in stage.units("verksamhet"):
        stage.hand_in(unit)


def finish_groundwork(stage: Stage) -> None:
    """Have everything approved and every driftenhet reported: the round goes on."""
    all_in(stage)
    for unit in stage.units("verksamhet"):
        stage.approve(unit)
    stage.put("2009-03-12")
    for unit in stage.units("driftenhet"):
        stage.act(stage.case("avstamning", unit), "redovisa", stage.holder("driftenhetschef", unit))


def weigh(stage: Stage) -> None:
    """Go on to where the committee weighs it all."""
    finish_groundwork(stage)
    stage.put("2009-03-31")
    director = stage.holder("landstingsdirektor")
    stage.act(stage.case("omgang"), "uppdra_vardering", director, data={"choose": []})


def propose(stage: Stage) -> None:
    """Go on to where the proposal is made."""
    weigh(stage)
    stage.put("2009-04-14")
    for unit in stage.units("medicinska_kommitten"):
        stage.weigh(stage.case("vardering", unit))


def _to_council(stage: Stage) -> None:
    propose(stage)
    stage.put("2009-04-22")
    director = stage.holder("landstingsdirektor")
    stage.fill(stage.case("omgang"), "gemensam_lista", director, forslag="genomfors")
    stage.act(stage.case("omgang"), "faststall", director)
    stage.act(stage.case("omgang"), "samverkat", director)
    secretary = stage.holder("sekreterare", stage.units("politisk_styrgrupp")[0])
    stage.put("2009-05-20")
    stage.act(stage.case("omgang"), "till_budget", secretary)
    stage.put("2009-06-16")


def decide(stage: Stage) -> None:
    """Go on to where it is decided and the minutes are written."""
    _to_council(stage)
    council = stage.units("fullmaktige")[0]
    stage.fill(
        stage.case("omgang"), "beslut", stage.holder("sekreterare", council), utfall="bifall"
    )
    stage.act(
        stage.case("omgang"),
        "bifall",
        stage.holder("sekreterare", council),
        data={"decision": {"meeting_on": "2009-06-16", "paragraph": "74"}},
    )


def reject(stage: Stage) -> None:
    """Have the council say no: the round has ended before its last steps."""
    _to_council(stage)
    stage.act(
        stage.case("omgang"),
        "avslag",
        stage.holder("sekreterare", stage.units("fullmaktige")[0]),
        comment="Inte i år.",
        data={"decision": {"meeting_on": "2009-06-16", "paragraph": "74"}},
    )


def close(stage: Stage) -> None:
    """Have the minutes gain legal force, by time alone: the round has ended."""
    decide(stage)
    minutes = stage.case("protokoll")
    secretary = stage.holder("sekreterare", stage.units("fullmaktige")[0])
    stage.put("2009-06-22")
    stage.act(minutes, "lamna_till_justering", secretary)
    for one in stage.holders("justerare"):
        stage.act(minutes, "justera", one)
    stage.put("2009-06-26")
    stage.act(minutes, "ansla", stage.holder("registrator"))
    stage.put("2009-07-20")
    clockwork.tick(stage.world)
