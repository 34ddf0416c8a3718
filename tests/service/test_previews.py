"""What is shown beforehand is what is done: previews change nothing, and tell all of it."""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

import pytest

from tests.service.threads import together
from tests.service.worlds import ROUND, Stage
from workflow.core.errors import BadInput, NoRight, NotFound, Refused, Stale, WorkflowError
from workflow.core.facts import MessageKind
from workflow.core.preview import Preview
from workflow.service import clockwork, extending, leading
from workflow.service.mail import letters
from workflow.service.moving import move_milestone
from workflow.service.previewing import Deed, perform, preview
from workflow.service.running import evidence

Rows = dict[str, list[tuple[Any, ...]]]


def task_of(stage: Stage, unit: str) -> str:
    """Give the id of the task that opened with the assignment."""
    return f"{stage.case('underlag', unit)}#1"


def asked(stage: Stage) -> None:
    """Let the first chief ask for more days."""
    unit = stage.units("verksamhet")[0]
    extending.ask(
        stage.world,
        task_of(stage, unit),
        date(2009, 3, 6),
        reason="Sjukdom",
        email=stage.chief(unit),
    )


def late(stage: Stage) -> None:
    """Come to the first working day after the last day, with all reminders out."""
    stage.put("2009-03-02", "08:00")
    clockwork.tick(stage.world)


def last_left(stage: Stage) -> None:
    """Let one unit be late, and all others below the same driftenhet be approved."""
    first, *_ = stage.units("verksamhet")
    for unit in stage.units("verksamhet"):
        if unit != first and stage.parent(unit) == stage.parent(first):
            stage.hand_in(unit)
            stage.approve(unit)
    late(stage)


def withdrawn(stage: Stage) -> None:
    """Let the first unit be out of the round."""
    unit = stage.units("verksamhet")[0]
    leading.end_unit(
        stage.world, ROUND, unit, "withdraw", reason="Läggs ned", email=stage.boss(unit)
    )


def _grant(stage: Stage) -> Deed:
    unit = stage.units("verksamhet")[0]
    return partial(
        extending.grant,
        task=task_of(stage, unit),
        on=date(2009, 3, 6),
        reason="Gärna",
        email=stage.boss(unit),
    )


def _refuse(stage: Stage) -> Deed:
    unit = stage.units("verksamhet")[0]
    return partial(
        extending.refuse, task=task_of(stage, unit), reason="Mötet", email=stage.boss(unit)
    )


def _end(stage: Stage, way: str, who: str) -> Deed:
    unit = stage.units("verksamhet")[0]
    return partial(
        leading.end_unit, round_id=ROUND, unit=unit, transition=way, reason="Inget kom", email=who
    )


def _missing(stage: Stage) -> Deed:
    return _end(stage, "missing", stage.leader)


def _withdraw(stage: Stage) -> Deed:
    return _end(stage, "withdraw", stage.boss(stage.units("verksamhet")[0]))


def _add(stage: Stage) -> Deed:
    unit = stage.units("verksamhet")[0]
    return partial(
        leading.add_unit, round_id=ROUND, unit=unit, reason="Åter i drift", email=stage.leader
    )


def _move(stage: Stage) -> Deed:
    return partial(
        move_milestone,
        round_id=ROUND,
        key="grundarbete",
        to=date(2009, 3, 6),
        reason="Sjukdom",
        email=stage.leader,
    )


DEEDS: dict[str, tuple[Callable[[Stage], object], Callable[[Stage], Deed]]] = {
    "grant": (lambda _: None, _grant),
    "grant_asked": (asked, _grant),
    "grant_late": (late, _grant),
    "refuse": (asked, _refuse),
    "missing": (late, _missing),
    "missing_last": (last_left, _missing),
    "withdraw": (lambda _: None, _withdraw),
    "withdraw_last": (last_left, _withdraw),
    "add": (withdrawn, _add),
    "move": (lambda _: None, _move),
    "move_late": (late, _move),
}


def told(shown: Preview) -> dict[str, object]:
    """Give what a preview says, in the form in which `done` gives what was written."""
    return {
        "milestones": {one.milestone: one.to_on for one in shown.milestones},
        "cases": {one.case: one.ended for one in shown.cases},
        "tasks": {one.task: (one.change, one.to_on) for one in shown.tasks},
        "mails": Counter((one.kind.value, one.to_email) for one in shown.mails),
        "withdrawn": {one.message_id for one in shown.withdrawn},
        "reminders": len(shown.reminders),
        "incidents": Counter(one.kind for one in shown.incidents),
        "settled": Counter(one.kind for one in shown.settled),
    }


def done(stage: Stage, before: Rows) -> dict[str, object]:
    """Give what is another in the tables, found out past the program."""
    old = {name: {row["id"]: row for row in stage_rows} for name, stage_rows in _keyed(before)}
    new = {
        name: {row["id"]: row for row in stage_rows} for name, stage_rows in _keyed(_rows(stage))
    }
    people = {row["id"]: row["email"] for row in new["people"].values()}
    put = [row for key, row in new["messages"].items() if key not in old["messages"]]
    gone = {
        row["message_id"]
        for key, row in old["messages"].items()
        if row["state"] == "queued" and new["messages"][key]["state"] == "withdrawn"
    }
    replaced = {row["message_id"] for row in old["messages"].values() if _is_anew(row, put)}
    cases = {
        key: row["ended_at"] is not None
        for key, row in new["cases"].items()
        if key not in old["cases"] or old["cases"][key]["state"] != row["state"]
    }
    incidents_before = {key: row["closed_at"] for key, row in old["incidents"].items()}
    return {
        "milestones": {
            row["key"]: _date(row["last_on"])
            for key, row in new["milestones"].items()
            if old["milestones"][key] != row
        },
        "cases": cases,
        "tasks": dict(_tasks(old["tasks"], new["tasks"])),
        "mails": Counter((row["kind"], people[row["person_id"]]) for row in put),
        "withdrawn": gone - replaced,
        "reminders": sum(
            1
            for key, row in new["reminders"].items()
            if row["dropped_at"]
            and key in old["reminders"]
            and not old["reminders"][key]["dropped_at"]
        ),
        "incidents": Counter(
            row["kind"] for key, row in new["incidents"].items() if key not in old["incidents"]
        ),
        "settled": Counter(
            row["kind"]
            for key, row in new["incidents"].items()
            if row["closed_at"] and key in incidents_before and not incidents_before[key]
        ),
    }


def _is_anew(row: dict[str, Any], put: list[dict[str, Any]]) -> bool:
    first = f'"first": "{row["message_id"]}"'
    return any(first in one["content"] for one in put)


def _tasks(old: dict[Any, dict[str, Any]], new: dict[Any, dict[str, Any]]) -> Any:
    for key, row in new.items():
        before = old.get(key)
        on = row["due_at"] and _date(row["due_at"] - timedelta(hours=12))
        if row["closed_at"]:
            if before and not before["closed_at"]:
                yield key, ("closed", None)
        elif before is None:
            yield key, ("opened", on)
        elif any(before[name] != row[name] for name in ("due_at", "role", "unit")):
            yield key, ("moved", on)


def _date(value: Any) -> Any:
    return value.date() if hasattr(value, "hour") else value


def _rows(stage: Stage) -> Rows:
    from workflow.store.tables import metadata  # noqa: PLC0415 - for this alone

    with stage.world.database.read() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(table.select())]  # type: ignore[misc]
            for table in metadata.sorted_tables
        }


def _keyed(rows: Any) -> Any:
    for name, found in rows.items():
        key = {"milestones": "key"}.get(name, "id")
        yield name, [{**row, "id": row.get(key, number)} for number, row in enumerate(found)]


@pytest.mark.parametrize("name", DEEDS)
def test_a_preview_changes_nothing(groundwork: Stage, name: str) -> None:
    """Not a row of any table is another afterwards: no entry, mail, reminder or incident."""
    prepare, make = DEEDS[name]
    prepare(groundwork)
    before = groundwork.everything()

    shown = preview(groundwork.world, ROUND, make(groundwork))

    assert shown.mails
    assert before == groundwork.everything()


@pytest.mark.parametrize("name", DEEDS)
def test_what_was_shown_is_done(groundwork: Stage, name: str) -> None:
    """The verb itself, run by itself at the same instant, writes what the preview said."""
    prepare, make = DEEDS[name]
    prepare(groundwork)
    before = _rows(groundwork)
    shown = preview(groundwork.world, ROUND, make(groundwork))

    make(groundwork)(groundwork.world)

    assert told(shown) == done(groundwork, before)
    assert True is evidence.prove(groundwork.world).ok


@pytest.mark.parametrize("name", DEEDS)
def test_it_is_performed_as_seen(groundwork: Stage, name: str) -> None:
    """Confirmed with its seal, exactly that is written, and the log explains it."""
    prepare, make = DEEDS[name]
    prepare(groundwork)
    before = _rows(groundwork)
    shown = preview(groundwork.world, ROUND, make(groundwork))

    got = perform(groundwork.world, ROUND, make(groundwork), seen=shown.seal)

    assert told(shown) == told(got) == done(groundwork, before)
    assert True is evidence.prove(groundwork.world).ok


def test_it_names_what_it_shows(groundwork: Stage) -> None:
    """Titles, names and days are those that a page can show."""
    unit = groundwork.units("verksamhet")[0]
    names = {one.email: one.name for one in groundwork.people.people}

    shown = preview(groundwork.world, ROUND, _grant(groundwork))

    (task,) = shown.tasks
    assert (names[groundwork.chief(unit)],) == task.owed_by
    assert task.title.endswith(task.unit)
    assert ("moved", date(2009, 2, 28), date(2009, 3, 6)) == (
        task.change,
        task.from_on,
        task.to_on,
    )
    assert [(names[groundwork.chief(unit)], (task.title,))] == [
        (one.to_name, one.about) for one in shown.mails
    ]
    assert [(MessageKind.EXTENSION, date(2009, 3, 6))] == [
        (one.kind, one.until_on) for one in shown.samples
    ]


def test_titles_come_in_the_readers_language(groundwork: Stage) -> None:
    """The same changes in English have the same seal."""
    swedish = preview(groundwork.world, ROUND, _missing_late(groundwork))

    english = preview(groundwork.world, ROUND, _missing_late(groundwork), language="en")

    assert swedish.seal == english.seal
    assert swedish.cases != english.cases


def _missing_late(stage: Stage) -> Deed:
    late(stage)
    return _missing(stage)


def test_follow_ups_up_the_tree_are_shown(groundwork: Stage) -> None:
    """The last that is missing lets the driftenhet go on: a task for its chief is shown."""
    last_left(groundwork)
    unit = groundwork.units("verksamhet")[0]

    shown = preview(groundwork.world, ROUND, _missing(groundwork))

    moved = {one.case for one in shown.cases}
    assert {
        groundwork.case("underlag", unit),
        groundwork.case("avstamning", groundwork.parent(unit)),
    } == moved
    assert {"closed", "opened"} == {one.change for one in shown.tasks}


def test_a_written_mail_is_put_anew(groundwork: Stage) -> None:
    """A finished mail that waits and tells of the old day is shown as one that takes its place,
    and not as one that is taken back."""
    groundwork.put("2009-02-24", "08:00")
    clockwork.tick(groundwork.world)
    claimed = letters.claim(groundwork.world)
    held = letters.freeze(groundwork.world, [(one, "x@region.example", b"-") for one in claimed])
    letters.give_back(groundwork.world, held)
    before = _rows(groundwork)

    shown = preview(groundwork.world, ROUND, _move(groundwork))

    digests = [one for one in shown.mails if one.kind is MessageKind.REMINDER]
    units = len(groundwork.units("verksamhet"))
    assert {(True, 1)} == {(one.anew, len(one.about)) for one in digests}
    assert (units, ()) == (len(digests), shown.withdrawn)
    _move(groundwork)(groundwork.world)
    assert told(shown) == done(groundwork, before)


def test_reasons_are_not_part_of_the_seal(groundwork: Stage) -> None:
    """To say it better is not to do something else."""
    shown = preview(groundwork.world, ROUND, _grant(groundwork))
    better = partial(_grant(groundwork).func, **{**_grant(groundwork).keywords, "reason": "Ja"})  # type: ignore[attr-defined]

    got = perform(groundwork.world, ROUND, better, seen=shown.seal)

    assert shown.seal == got.seal


def test_what_has_changed_meanwhile_is_not_done(groundwork: Stage) -> None:
    """Somebody handed in between preview and deed: fewer mails would go, so none goes."""
    shown = preview(groundwork.world, ROUND, _move(groundwork))
    groundwork.hand_in(groundwork.units("verksamhet")[0])
    before = groundwork.everything()

    with pytest.raises(Stale) as stale:
        perform(groundwork.world, ROUND, _move(groundwork), seen=shown.seal)

    assert before == groundwork.everything()
    anew = preview(groundwork.world, ROUND, _move(groundwork))
    assert {"round": ROUND, "seal": anew.seal} == stale.value.current
    assert len(shown.mails) != len(anew.mails)


def test_what_changes_elsewhere_does_not_disturb(groundwork: Stage) -> None:
    """Another unit's handing in is nothing to one unit's extension."""
    shown = preview(groundwork.world, ROUND, _grant(groundwork))
    groundwork.hand_in(groundwork.units("verksamhet")[1])

    got = perform(groundwork.world, ROUND, _grant(groundwork), seen=shown.seal)

    assert shown.tasks == got.tasks


def test_a_double_click_is_one_deed(groundwork: Stage) -> None:
    """The second of two that saw the same is told that it has changed, or is refused."""
    shown = preview(groundwork.world, ROUND, _move(groundwork))
    confirm = partial(perform, groundwork.world, ROUND, _move(groundwork), seen=shown.seal)

    answers = together(*[confirm] * 8)

    assert Counter({Preview: 1, Stale: 7}) == Counter(type(one) for one in answers)
    assert Counter(groundwork.chief(u) for u in groundwork.units("verksamhet")) == Counter(
        groundwork.mails("dates")
    )
    assert True is evidence.prove(groundwork.world).ok


def test_what_is_refused_is_refused_beforehand(groundwork: Stage) -> None:
    """A preview says no where the deed would, in the same words, and writes no refusal."""
    before = groundwork.everything()

    with pytest.raises(Refused) as shown:
        preview(groundwork.world, ROUND, _missing(groundwork))

    assert before == groundwork.everything()
    with pytest.raises(Refused) as done_:
        _missing(groundwork)(groundwork.world)
    assert done_.value.sv == shown.value.sv


def test_a_refused_deed_leaves_its_refusal(groundwork: Stage) -> None:
    """What is turned down at the confirmation is kept, as after any command."""
    refusals = groundwork.counts()["refusals"]

    with pytest.raises(Refused):
        perform(groundwork.world, ROUND, _act_late(groundwork), seen="")

    assert refusals + 1 == groundwork.counts()["refusals"]


def _act_late(stage: Stage) -> Deed:
    """Give an act that separation of duties refuses: who handed in does not approve."""
    from workflow.service.acts import Wish, act  # noqa: PLC0415 - for this alone

    unit = stage.units("verksamhet")[1]
    wish = Wish(case=stage.case("underlag", unit), transition="godkann", email=stage.chief(unit))
    return lambda world: act(world, wish)


@pytest.mark.parametrize(("who", "error"), [("verksamhetschef", NoRight), ("registrator", NoRight)])
@pytest.mark.parametrize("name", ["grant", "withdraw", "move"])
def test_who_may_not_do_it_may_not_look(
    groundwork: Stage, name: str, who: str, error: type[WorkflowError]
) -> None:
    """A preview asks for the right that the deed asks for."""
    deed = DEEDS[name][1](groundwork)
    wrong = partial(deed.func, **{**deed.keywords, "email": groundwork.holders(who)[-1]})  # type: ignore[attr-defined]

    with pytest.raises(error):
        preview(groundwork.world, ROUND, wrong)


def test_an_unknown_round_is_not_found(groundwork: Stage) -> None:
    """So is one of another name."""
    with pytest.raises(NotFound):
        preview(groundwork.world, "prioritering-1999", _move(groundwork))


def test_an_empty_reason_is_bad_input(groundwork: Stage) -> None:
    """What the verb wants to know it wants to know beforehand."""
    deed = partial(_grant(groundwork).func, **{**_grant(groundwork).keywords, "reason": " "})  # type: ignore[attr-defined]

    with pytest.raises(BadInput):
        preview(groundwork.world, ROUND, deed)


def test_previews_and_deeds_at_once(groundwork: Stage) -> None:
    """Whoever looks waits for nobody long, and sees the round before or after, never between."""
    units = groundwork.units("verksamhet")

    answers = together(
        *[partial(preview, groundwork.world, ROUND, _move(groundwork))] * 6,
        *[partial(groundwork.hand_in, unit) for unit in units[:6]],
    )

    shown = [one for one in answers if isinstance(one, Preview)]
    assert 6 == len(shown)
    assert all(6 <= len(one.mails) <= len(units) for one in shown)
    assert all(len(one.mails) == len(one.tasks) for one in shown)
    assert 6 == sum(1 for unit in units if _state(groundwork, unit) == "inlamnat")


def _state(stage: Stage, unit: str) -> object:
    return stage.rows(
        "SELECT state FROM cases WHERE id = :case", case=stage.case("underlag", unit)
    )[0][0]


# ---- at random -------------------------------------------------------------------------


def wander(stage: Stage, chance: Random) -> None:
    """Let a while pass in which people do this and that, and mail goes or stays."""
    for unit in stage.units("verksamhet"):
        what = chance.choice(["in", "approve", "return", "ask", "none", "none"])
        try:
            if what != "none":
                _one(stage, unit, what)
        except WorkflowError:
            continue
    stage.at[0] += timedelta(days=chance.randrange(25), hours=chance.randrange(9))
    clockwork.tick(stage.world)
    if chance.random() < 0.5:
        stage.post()


def _one(stage: Stage, unit: str, what: str) -> None:
    if what == "ask":
        day = stage.world.today(stage.at[0]) + timedelta(days=90)
        extending.ask(
            stage.world, stage.case("underlag", unit), day, reason="x", email=stage.chief(unit)
        )
        return
    stage.hand_in(unit)
    if what == "approve":
        stage.approve(unit)
    if what == "return":
        stage.act(
            stage.case("underlag", unit), "aterlamna", stage.boss(unit), data={"questions": ["?"]}
        )


def random_deed(stage: Stage, chance: Random) -> Deed:
    """Give something that the leader, or a chief, might do now."""
    unit = chance.choice(stage.units("verksamhet"))
    day = stage.world.today(stage.at[0]) + timedelta(days=chance.randrange(1, 40))
    more = {"reason": "x", "email": chance.choice([stage.leader, stage.boss(unit)])}
    case = stage.case("underlag", unit)
    key = chance.choice(["grundarbete", "avstamning", "forslag"])
    return chance.choice(
        [
            partial(extending.grant, task=case, on=day, **more),
            partial(extending.grant, task=case, on=None, **more),
            partial(extending.refuse, task=case, **more),
            partial(leading.end_unit, round_id=ROUND, unit=unit, transition="missing", **more),
            partial(leading.end_unit, round_id=ROUND, unit=unit, transition="withdraw", **more),
            partial(leading.add_unit, round_id=ROUND, unit=unit, **more),
            partial(move_milestone, round_id=ROUND, key=key, to=day, **more),
        ]
    )


@pytest.mark.parametrize("seed", range(4))
def test_what_is_shown_is_done_in_any_round(groundwork: Stage, seed: int) -> None:
    """Wherever a round has come to, deeds of every kind do what their previews said; and one
    that is refused afterwards was refused beforehand, in the same words."""
    chance = Random(seed)
    tried = 0
    for _ in range(3):
        wander(groundwork, chance)
        for _ in range(12):
            deed = random_deed(groundwork, chance)
            before, exact = _rows(groundwork), groundwork.everything()
            try:
                shown: Preview | str = preview(groundwork.world, ROUND, deed)
            except WorkflowError as error:
                shown = error.sv
            assert exact == groundwork.everything()
            try:
                deed(groundwork.world)
            except WorkflowError as error:
                assert error.sv == shown
                continue
            assert isinstance(shown, Preview)
            assert told(shown) == done(groundwork, before)
            tried += 1

    assert tried > 3
    assert True is evidence.prove(groundwork.world).ok
