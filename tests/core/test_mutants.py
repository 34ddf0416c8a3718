"""Three hundred definitions made from the shipped one by named operators.

Each operator says what verdict its mutants must get: an error at a place, a warning
at a place, or nothing that the original does not get. None may be accepted wrongly,
none may end in a traceback.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

import processes
from processes.source import read_source
from workflow.core.definition import Definition, Section
from workflow.core.validation.validate import check_data

SHIPPED = Path(processes.__file__).parent
MOST = 13
"""Mutants of one operator."""


@cache
def original():
    """Give the shipped definition with all it uses."""
    folder = SHIPPED / "prioritering"
    return read_source(folder / "process.toml", folder, [SHIPPED / "gemensamt"]).data


@cache
def definition():
    """Give the shipped definition as values."""
    return Definition.model_validate(original())


@cache
def judged():
    """Give what the shipped definition itself is told."""
    return check_data(original(), year=2010)[1]


@dataclass(frozen=True)
class Mutant:
    """A mutated definition and the verdict it must get."""

    operator: str
    site: str
    change: Callable[[dict], object]
    verdict: str
    """error, warning or valid."""
    places: tuple[str, ...] = ()
    """Where, one of them at least."""


OPERATORS: list[Callable[[], Iterator[Mutant]]] = []


def operator(function):
    """Keep an operator; it yields its mutants in the order of the file."""
    OPERATORS.append(function)
    return function


def at(data, path):
    """Give the table at a path."""
    for step in path.split("."):
        data = data[step]
    return data


def put(path, key, value):
    """Give the change that sets a key of a table."""
    return lambda data: at(data, path).__setitem__(key, value)


def take(path, *keys):
    """Give the change that removes keys of a table."""

    def change(data):
        for key in keys:
            at(data, path).pop(key, None)

    return change


def states():
    """Give every case with each of its states."""
    return [(c, s) for c in definition().case.values() for s in c.state.values()]


def buttons():
    """Give every case, state and transition."""
    return [(c, s, t) for c, s in states() for t in s.transition.values()]


def sections():
    """Give every section below the top."""
    found: list[Section] = []
    waiting: list[Section] = [definition()]
    while waiting:
        section = waiting.pop(0)
        for name in type(section).model_fields:
            value = getattr(section, name)
            if isinstance(value, dict):
                below = [one for one in value.values() if isinstance(one, Section)]
                found += below
                waiting += below
    return found


def uses_of(name, keys):
    """Give the paths of keys whose value is or holds a name."""
    found: list[str] = []
    waiting: list[tuple[str, object]] = list(original().items())
    while waiting:
        path, value = waiting.pop(0)
        if isinstance(value, dict):
            waiting += [(f"{path}.{key}", one) for key, one in value.items()]
        elif path.split(".")[-1] in keys and (value == name or name in list(value)):
            found.append(path)
    return tuple(found)


# ---- must be refused -------------------------------------------------------------------


@operator
def drop_state():
    """A state that something leads to is gone."""
    for case, state in states():
        here = [e for e in uses_of(state.key, ("to", "next", "at_due")) if f".{case.key}." in e]
        here = [e for e in here if f".state.{state.key}." not in e]
        if here:
            yield Mutant("drop_state", state.path, take(f"{case.path}.state", state.key), "error",
                         (*here, f"{case.path}.state"))  # fmt: skip


@operator
def rename_role():
    """A role has another key, and those who name it do not know."""
    keys = ("by", "helpers", "tells", "invites", "superior", "leader", "registrar", "withdraw_by")
    for role in definition().role.values():

        def change(data, key=role.key):
            data["role"][f"{key}n"] = data["role"].pop(key)

        yield Mutant("rename_role", role.path, change, "error", uses_of(role.key, keys))


@operator
def rename_kind():
    """A kind of unit or body has another key."""
    keys = ("under", "at", "per", "choose", "body", "meeting")
    for kind in (*definition().unit.values(), *definition().body.values()):
        section = kind.path.split(".")[0]

        def change(data, section=section, key=kind.key):
            data[section][f"{key}x"] = data[section].pop(key)

        yield Mutant("rename_kind", kind.path, change, "error", uses_of(kind.key, keys))


@operator
def rename_milestone():
    """A milestone that something is due at has another key."""
    for milestone in definition().milestone.values():
        here = uses_of(milestone.key, ("due",))
        if here:

            def change(data, key=milestone.key):
                data["milestone"][f"{key}en"] = data["milestone"].pop(key)

            yield Mutant("rename_milestone", milestone.path, change, "error", here)


@operator
def dangling_to():
    """A button leads nowhere."""
    for _, _, button in buttons():
        yield Mutant("dangling_to", button.path, put(button.path, "to", "ingenstans"), "error",
                     (f"{button.path}.to",))  # fmt: skip


@operator
def dangling_name():
    """A key names what is declared nowhere."""
    for key, value in (
        ("by", "ingen_alls"),
        ("edits", ["ingen_tabell"]),
        ("due", "ingen_dag"),
        ("ladder", "ingen_stege"),
        ("tells", ["ingen_alls"]),
    ):
        for _, state in [one for one in states() if one[1].by][:3]:
            yield Mutant("dangling_name", f"{state.path}.{key}", put(state.path, key, value),
                         "error", (f"{state.path}.{key}",))  # fmt: skip


@operator
def dangling_in_button():
    """A button asks for a guard or an earlier step that there is none of."""
    for _, _, button in buttons()[:6]:
        for key in ("guards", "other_than"):
            yield Mutant("dangling_in_button", f"{button.path}.{key}",
                         put(button.path, key, ["finns_inte"]), "error",
                         (f"{button.path}.{key}",))  # fmt: skip


@operator
def swap_milestones():
    """Two milestones have changed places."""
    keys = list(definition().milestone)
    for one, two in pairwise(keys):

        def change(data, one=one, two=two):
            order = list(data["milestone"])
            here, there = order.index(one), order.index(two)
            order[here], order[there] = two, one
            data["milestone"] = {key: data["milestone"][key] for key in order}

        yield Mutant("swap_milestones", f"{one}, {two}", change, "error",
                     (f"milestone.{one}", f"milestone.{two}"))  # fmt: skip


@operator
def wrong_year():
    """A milestone is two years late, as a misprint is."""
    for milestone in list(definition().milestone.values())[:-1]:
        if not any(when.anchor for when in milestone.on):
            yield Mutant("wrong_year", milestone.path, put(milestone.path, "on", "{year+2}-01-15"),
                         "error", (milestone.path,))  # fmt: skip


@operator
def impossible_day():
    """A milestone lies on a day that there is not."""
    for milestone in definition().milestone.values():
        yield Mutant("impossible_day", milestone.path, put(milestone.path, "on", "{year}-04-31"),
                     "error", (milestone.path,))  # fmt: skip


@operator
def unreadable_phrase():
    """A phrase is none of the five."""
    for path, key in (
        *((m.path, "on") for m in list(definition().milestone.values())[:6]),
        *((s.path, "due") for _, s in states() if s.due),
    ):
        yield Mutant("unreadable_phrase", f"{path}.{key}", put(path, key, "i god tid"), "error",
                     (f"{path}.{key}",))  # fmt: skip


@operator
def unknown_key():
    """A section has a key that the language has not."""
    every = sections()
    for section in every[:: max(1, len(every) // MOST)]:
        yield Mutant("unknown_key", section.path, put(section.path, "okand", "x"), "error",
                     (f"{section.path}.okand",))  # fmt: skip


@operator
def misspelt_key():
    """A key is written with one letter too many."""
    for _, state in states():
        for key in ("title", "by", "due"):
            if getattr(state, key) is not None:

                def change(data, path=state.path, key=key):
                    here = at(data, path)
                    here[f"{key}s"] = here.pop(key)

                yield Mutant("misspelt_key", f"{state.path}.{key}", change, "error",
                             (f"{state.path}.{key}s",))  # fmt: skip
                break


@operator
def no_title():
    """A section has lost its title."""
    every = [one for one in sections() if hasattr(one, "title")]
    for section in every[:: max(1, len(every) // MOST)]:
        yield Mutant("no_title", section.path, take(section.path, "title"), "error",
                     (f"{section.path}.title",))  # fmt: skip


@operator
def wrong_type():
    """A value is of another type than the key takes."""
    every = [one for one in sections() if hasattr(one, "title")]
    for section, value in zip(every[::14], [7, True, ["x"], {"x": "y"}, "", 1.5] * 9, strict=False):
        yield Mutant("wrong_type", section.path, put(section.path, "title", value), "error",
                     (f"{section.path}.title", f"{section.path}.title.x"))  # fmt: skip


@operator
def yes_for_true():
    """A flag is written as a word."""
    for path, key in (
        *((body.path, "minutes") for body in definition().body.values()),
        *((table.path, "form") for table in definition().table.values()),
    ):
        yield Mutant("yes_for_true", f"{path}.{key}", put(path, key, "ja"), "error",
                     (f"{path}.{key}",))  # fmt: skip


@operator
def drop_exits():
    """A state has no way on."""
    for _, state in states():
        change = take(state.path, "transition", "next", "at_due", "opens")
        yield Mutant("drop_exits", state.path, change, "error", (state.path,))


@operator
def drop_end():
    """An end that a way leads to is gone."""
    for case in definition().case.values():
        for end in case.ends:
            here = tuple(
                path
                for path in uses_of(end, ("to", "next", "at_due"))
                if path.startswith(f"{case.path}.")
            )
            yield Mutant("drop_end", f"{case.path}.{end}", take(f"{case.path}.ends", end), "error",
                         (*here, f"{case.path}.ends"))  # fmt: skip


@operator
def end_nobody_reaches():
    """A case has an end that nothing leads to."""
    for case in definition().case.values():
        yield Mutant("end_nobody_reaches", case.path, put(f"{case.path}.ends", "extra", "Extra"),
                     "error", (f"{case.path}.ends.extra",))  # fmt: skip


@operator
def state_nobody_reaches():
    """A case has a state that nothing leads to."""
    for case in definition().case.values():
        state = {"title": "Ö", "opens": [], "by": "registrator", "transition": {
            "a": {"title": "A", "to": next(iter(case.ends))}}}  # fmt: skip
        yield Mutant("state_nobody_reaches", case.path, put(f"{case.path}.state", "o", state),
                     "error", (f"{case.path}.state.o",))  # fmt: skip


@operator
def nobody_owes():
    """Buttons in a state that nobody owes."""
    for _, state in states():
        if state.by and not all(button.by for button in state.transition.values()):
            first = next(one for one in state.transition.values() if not one.by)
            yield Mutant("nobody_owes", state.path, take(state.path, "by"), "error",
                         (f"{first.path}.by",))  # fmt: skip


@operator
def owed_below():
    """A step of the whole landsting is owed by each of many."""
    for case, state in states():
        if case.key == "omgang" and state.by:
            yield Mutant("owed_below", state.path, put(state.path, "by", "verksamhetschef"),
                         "error", (f"{state.path}.by",))  # fmt: skip


@operator
def next_without_opens():
    """A state goes on by itself and waits for nothing."""
    for case, state in states():
        if state.by:
            yield Mutant("next_without_opens", state.path, put(state.path, "next", case.first),
                         "error", (f"{state.path}.next",))  # fmt: skip


@operator
def silence_decides():
    """A body with minutes decides by letting the day pass."""
    for _, state in states():
        if state.body in ("fullmaktige", "landstingsstyrelse") and state.due:
            yield Mutant("silence_decides", state.path, put(state.path, "at_due", "uppdrag"),
                         "error", (f"{state.path}.at_due",))  # fmt: skip


@operator
def at_due_without_due():
    """The clock moves a case that has no deadline."""
    for case, state in states():
        if not state.due:
            end = next(iter(case.ends))
            yield Mutant("at_due_without_due", state.path, put(state.path, "at_due", end),
                         "error", (f"{state.path}.at_due",))  # fmt: skip


@operator
def forget_a_case():
    """Nobody opens a kind of case."""
    for _, state in states():
        for name in state.opens:
            yield Mutant("forget_a_case", state.path, take(state.path, "opens", "next"), "error",
                         (f"case.{name}", state.path))  # fmt: skip


@operator
def second_parent():
    """A kind of case is opened by two others."""
    for name in ("avstamning", "underlag", "vardering"):
        for place in ("case.protokoll.state.skrivs", "case.underlag.state.inlamnat"):
            if name != "underlag" or "underlag" not in place:
                yield Mutant("second_parent", f"{name}, {place}", put(place, "opens", [name]),
                             "error", (f"{place}.opens", f"case.{name}", "case.avstamning",
                                       "case.avstamning.state.insamling.opens",
                                       "case.omgang.state.grundarbete.opens",
                                       "case.omgang.state.vardering.opens"))  # fmt: skip


@operator
def reopen_elsewhere():
    """What is reopened is not opened where the button leads."""
    for _, _, button in buttons():
        if button.reopens:
            change = put(button.path, "reopens", {"protokoll": "skrivs"})
            yield Mutant("reopen_elsewhere", button.path, change, "error",
                         (f"{button.path}.reopens",))  # fmt: skip


@operator
def too_many_signatures():
    """More must sign than there are."""
    for _, state, button in buttons():
        if state.by:
            yield Mutant("too_many_signatures", button.path, put(button.path, "signatures", 40),
                         "error", (f"{button.path}.signatures",))  # fmt: skip


@operator
def own_superior():
    """A role is above itself."""
    for role in definition().role.values():
        yield Mutant("own_superior", role.path, put(role.path, "superior", role.key), "error",
                     (f"{role.path}.superior",))  # fmt: skip


@operator
def unknown_column_type():
    """A column is of no type."""
    for table in definition().table.values():
        for column in list(table.column.values())[:1]:
            yield Mutant("unknown_column_type", column.path, put(column.path, "type", "belopp"),
                         "error", (f"{column.path}.type",))  # fmt: skip


@operator
def rename_level():
    """A level that a column asks for has another key."""
    for level in ("bortval", "begransning"):

        def change(data, level=level):
            levels = data["scale"]["typ"]["levels"]
            levels[f"{level}et"] = levels.pop(level)

        yield Mutant("rename_level", level, change, "error",
                     ("table.objekt.column.motivering.required",))  # fmt: skip


@operator
def reserved_name():
    """A name is taken that means something in the language."""
    for word in ("nobody", "occasion", "opened"):
        for section in ("role", "milestone", "unit"):

            def change(data, section=section, word=word):
                data[section][word] = copy.deepcopy(next(reversed(data[section].values())))

            yield Mutant("reserved_name", f"{section}.{word}", change, "error",
                         (f"{section}.{word}",))  # fmt: skip


# ---- must be told, and let through -----------------------------------------------------


@operator
def unused_role():
    """A role that nothing uses."""
    for kind in (*definition().unit, *definition().body):
        change = put("role", "vilande", {"title": "Vilande", "at": kind})
        yield Mutant("unused_role", kind, change, "warning", ("role.vilande",))


@operator
def misspelt_placeholder():
    """A placeholder that is not replaced."""
    for case in definition().case.values():
        yield Mutant("misspelt_placeholder", case.path, put(case.path, "title", "{enhet}"),
                     "warning", (f"{case.path}.title",))  # fmt: skip


@operator
def day_off():
    """A deadline on a day off."""
    for day in ("{year-1}-04-25", "{year-1}-04-26"):
        yield Mutant("day_off", day, put("milestone.forslag", "on", day), "warning",
                     ("milestone.forslag",))  # fmt: skip


# ---- must be valid ---------------------------------------------------------------------


@operator
def change_title():
    """A title is another."""
    every = [one for one in sections() if hasattr(one, "title")]
    for section in every[:: max(1, len(every) // MOST)]:
        yield Mutant("change_title", section.path, put(section.path, "title", "Något annat"),
                     "valid")  # fmt: skip


@operator
def add_help():
    """A section explains itself."""
    every = [one for one in sections() if hasattr(one, "help")]
    for section in every[5 :: max(1, len(every) // MOST)]:
        yield Mutant("add_help", section.path, put(section.path, "help", "Så här är det."),
                     "valid")  # fmt: skip


@operator
def reorder_buttons():
    """The buttons of a state stand in another order."""
    for _, state in states():
        if len(state.transition) > 1:

            def change(data, path=state.path):
                here = at(data, path)
                here["transition"] = dict(reversed(here["transition"].items()))

            yield Mutant("reorder_buttons", state.path, change, "valid")


@operator
def reorder_sections():
    """What has no order of its own stands in another."""
    for name in ("role", "body", "unit", "table", "scale"):

        def change(data, name=name):
            data[name] = dict(reversed(data[name].items()))

        yield Mutant("reorder_sections", name, change, "valid")


@operator
def add_button():
    """A state has one more button, to where another leads already."""
    for _, state, button in buttons()[::3]:
        extra = {"title": "En till", "to": button.to, "by": list(button.by or state.by or ())}
        change = put(f"{state.path}.transition", "en_till", extra)
        yield Mutant("add_button", button.path, change, "valid")


@operator
def one_name_or_a_list():
    """One name stands alone or in a list; it is the same."""
    for _, state in states():
        if state.by and len(state.by) == 1:
            yield Mutant("one_name_or_a_list", state.path, put(state.path, "by", list(state.by)),
                         "valid")  # fmt: skip


MUTANTS = [mutant for make in OPERATORS for mutant in list(make())[:MOST]]


def test_there_are_three_hundred():
    """Every operator has mutants, and together they are three hundred at least."""
    empty = [make.__name__ for make in OPERATORS if not list(make())]

    assert [] == empty
    assert 300 <= len(MUTANTS)
    assert len(MUTANTS) == len({(one.operator, one.site) for one in MUTANTS})


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: f"{one.operator}({one.site})")
def test_mutant_gets_its_verdict(mutant):
    """A mutant is refused at its place, told of at its place, or as good as the original."""
    data = copy.deepcopy(original())
    mutant.change(data)

    after = [one for one in check_data(data, year=2010)[1] if one not in judged()]

    severities = {"error": {"error"}, "warning": {"warning"}, "valid": set()}[mutant.verdict]
    errors = [one for one in after if one.severity == "error"]
    assert bool(errors) == (mutant.verdict == "error"), after
    assert severities <= {one.severity for one in after}
    if mutant.verdict == "valid":
        assert [] == after
    else:
        wanted = [one.place for one in after if one.severity == mutant.verdict]
        assert set(wanted) & set(mutant.places), (mutant.places, after)
