"""The invented organisation fits whatever definition it is made for."""

import csv
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from beredning.practice.example import ExampleOrganisation, example_organisation, write_csv
from processes.registry import Registry
from workflow.core.definition import Definition
from workflow.core.errors import BadInput
from workflow.core.guards import NAMED

ROOT = Path(__file__).parents[2]

SMALL: dict[str, Any] = {
    "title": "Prov {year}",
    "key": "prov",
    "leader": "ledare",
    "unit": {
        "landsting": {"title": "Landsting"},
        "driftenhet": {"title": "Driftenhet", "under": "landsting"},
        "verksamhet": {"title": "Verksamhet", "under": "driftenhet"},
        "kontor": {"title": "Kontor", "under": "landsting"},
    },
    "body": {
        "fullmaktige": {"title": "Fullmäktige", "minutes": True},
        "kommitte": {"title": "Kommittén"},
        "styrgrupp": {"title": "Styrgrupp"},
        "rad": {"title": "Rådet", "under": "driftenhet"},
    },
    "role": {
        "ledare": {"title": "Ledare", "at": "landsting"},
        "chef": {"title": "Chef", "at": ["driftenhet", "verksamhet", "kontor"]},
        "ordforande": {"title": "Ordförande", "at": ["kommitte", "styrgrupp"]},
        "ledamot": {"title": "Ledamot", "at": ["kommitte", "styrgrupp", "rad"]},
        "fortroendevald": {"title": "Förtroendevald", "at": "fullmaktige"},
        "sekreterare": {"title": "Sekreterare", "at": "fullmaktige"},
        "justerare": {"title": "Justerare", "at": "fullmaktige", "holders": 2},
        "vittne": {"title": "Vittne", "at": "rad"},
    },
    "case": {
        "omgang": {
            "title": "Omgång",
            "ends": {"klar": "Klar"},
            "tells": ["fortroendevald", "vittne"],
            "state": {
                "start": {
                    "title": "Start",
                    "by": "sekreterare",
                    "body": "fullmaktige",
                    "transition": {"oppna": {"title": "Öppna", "to": "vardering"}},
                },
                "vardering": {"title": "Värdering", "opens": ["vardering"], "next": "protokoll"},
                "protokoll": {
                    "title": "Protokoll",
                    "by": "justerare",
                    "transition": {
                        "justera": {"title": "Justera", "to": "klar", "signatures": "all"}
                    },
                },
            },
        },
        "vardering": {
            "title": "Värdering",
            "per": ["kommitte", "styrgrupp"],
            "choose": ["styrgrupp"],
            "ends": {"klar": "Klar"},
            "state": {
                "bedoms": {
                    "title": "Bedöms",
                    "by": "ledamot",
                    "transition": {
                        "klar": {"title": "Klar", "to": "vags", "signatures": "all"},
                        "stang": {"title": "Stäng", "to": "vags", "by": "ordforande"},
                    },
                },
                "vags": {
                    "title": "Vägs",
                    "by": "ordforande",
                    "transition": {"lamna": {"title": "Lämna", "to": "klar"}},
                },
            },
        },
    },
}


def _read(file: Path) -> Definition:
    definition = Registry(guards=frozenset(NAMED)).examine_path(file, year=2010).definition
    assert definition is not None
    return definition


FILES = sorted(
    [
        *ROOT.glob("processes/*/process.toml"),
        *ROOT.glob("tests/definitions/**/process.toml"),
    ]
)
DEFINITIONS = ["small", *(str(file.relative_to(ROOT)) for file in FILES)]


@pytest.fixture(params=DEFINITIONS)
def definition(request: pytest.FixtureRequest) -> Definition:
    """Give each definition that lies in the tree, and a small one that strains the rules."""
    if request.param == "small":
        return Definition.model_validate(SMALL)
    return _read(ROOT / request.param)


@pytest.fixture
def small() -> Definition:
    """Give the small definition."""
    return Definition.model_validate(SMALL)


def _held(organisation: ExampleOrganisation) -> Counter[tuple[str, str]]:
    return Counter((grant.role, grant.unit) for grant in organisation.grants)


def test_every_kind_has_a_unit(definition: Definition) -> None:
    """There is a unit of every kind of unit and a body of every kind of body."""
    organisation = example_organisation(definition)

    kinds = {unit.kind for unit in organisation.units}

    assert {*definition.unit, *definition.body} == kinds


def test_every_unit_hangs_under_one_of_the_right_kind(definition: Definition) -> None:
    """One unit is at the top; every other stands after its parent, of the declared kind."""
    organisation = example_organisation(definition)
    kind_of: dict[str | None, str | None] = {None: None}

    for unit in organisation.units:
        declared = {**definition.unit, **definition.body}[unit.kind].under
        above = declared or (None if unit.kind == definition.top else definition.top)
        assert above == kind_of[unit.parent]
        kind_of[unit.key] = unit.kind


def test_every_role_has_its_holders_wherever_it_is_held(definition: Definition) -> None:
    """Nobody's role is empty when a round opens: no unit starts with an incident."""
    organisation = example_organisation(definition)
    held = _held(organisation)

    missing = [
        (role.key, unit.key)
        for role in definition.role.values()
        for unit in organisation.units
        if unit.kind in role.at and held[role.key, unit.key] < role.holders
    ]

    assert [] == missing


def test_nothing_is_held_where_it_cannot_be(definition: Definition) -> None:
    """A grant names a person and a unit of the organisation, and a kind the role allows."""
    organisation = example_organisation(definition)
    kind_of = {unit.key: unit.kind for unit in organisation.units}
    people = {person.email for person in organisation.people}

    wrong = [
        grant
        for grant in organisation.grants
        if grant.email not in people or kind_of[grant.unit] not in definition.role[grant.role].at
    ]

    assert [] == wrong


def test_keys_and_addresses_are_unique_and_plain(definition: Definition) -> None:
    """Keys are a-z, 0-9 and underscore; addresses are ASCII under a domain that is nobody's."""
    organisation = example_organisation(definition, units=3000)
    keys = [unit.key for unit in organisation.units]
    people = [person.key for person in organisation.people]
    addresses = [person.email for person in organisation.people]

    assert len(keys) == len(set(keys))
    assert len(people) == len(set(people))
    assert len(addresses) == len(set(addresses))
    assert [] == [key for key in keys + people if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", key)]
    assert [] == [one for one in addresses if not re.fullmatch(r"[a-z0-9.]+@alvmark\.example", one)]


def test_same_seed_gives_same_bytes(definition: Definition, tmp_path: Path) -> None:
    """The files are equal byte for byte for the same seed, and differ for another."""
    for folder, seed in (("one", 3), ("two", 3), ("other", 4)):
        write_csv(example_organisation(definition, seed=seed), tmp_path / folder)

    kinds = (*definition.unit.values(), *definition.body.values())
    figures = ["facts.csv"] if any(kind.facts for kind in kinds) else []
    files = ["README.txt", *figures, "grants.csv", "people.csv", "units.csv"]
    one, two, other = (
        [(tmp_path / folder / file).read_bytes() for file in files]
        for folder in ("one", "two", "other")
    )

    assert files == sorted(path.name for path in (tmp_path / "one").iterdir())
    assert one == two
    assert one != other


def test_every_unit_has_the_figures_of_its_kind(definition: Definition) -> None:
    """A unit above others with the same figure has what they have together."""
    units = example_organisation(definition).units
    kinds = {**definition.unit, **definition.body}

    assert [list(kinds[unit.kind].facts) for unit in units] == [list(unit.facts) for unit in units]
    for unit in units:
        for fact, value in unit.facts.items():
            below = [
                one.facts[fact] for one in units if one.parent == unit.key and fact in one.facts
            ]
            assert isinstance(value, int)
            assert value >= 18_000
            assert value == sum(below) or not below


@pytest.mark.parametrize(
    ("units", "above"), [(1, 1), (7, 1), (10, 1), (90, 12), (150, 20), (1000, 133)]
)
def test_units_says_how_many_are_at_the_bottom(small: Definition, units: int, above: int) -> None:
    """Ninety verksamheter belong to twelve driftenheter and one top, and so on."""
    organisation = example_organisation(small, units=units)
    count = Counter(unit.kind for unit in organisation.units)

    assert (1, above, units, 3) == tuple(count[kind] for kind in small.unit)


def test_size_does_not_rename_people(small: Definition) -> None:
    """The same seat has the same person in a small and a large organisation."""
    few, many = (
        {(grant.role, grant.unit): grant.email for grant in organisation.grants}
        for organisation in (example_organisation(small, units=size) for size in (8, 90))
    )

    assert few["ledare", "alvmark"] == many["ledare", "alvmark"]
    assert few["sekreterare", "fullmaktige"] == many["sekreterare", "fullmaktige"]


@pytest.mark.parametrize("units", [0, -1, 10_001])
def test_impossible_size_is_refused(small: Definition, units: int) -> None:
    """A size that makes no organisation is refused in words."""
    with pytest.raises(BadInput, match=r"antalet enheter"):
        example_organisation(small, units=units)


def test_bodies_to_choose_among_are_three(small: Definition) -> None:
    """Where somebody chooses there is something to choose; other bodies are one each."""
    organisation = example_organisation(small)
    count = Counter(unit.kind for unit in organisation.units)

    assert (1, 1, 3, 12) == tuple(count[kind] for kind in small.body)


def test_many_share_what_nobody_does_alone(small: Definition) -> None:
    """Members are five; who moves a case alone is one; justerare are as many as they must be."""
    organisation = example_organisation(small)
    unit_of = {unit.kind: unit.key for unit in organisation.units}
    held = _held(organisation)

    size = {
        role: held[role, unit_of[small.role[role].at[0]]]
        for role in ("ledamot", "fortroendevald", "vittne", "justerare", "ordforande", "ledare")
    }

    assert {
        "ledamot": 5,
        "fortroendevald": 5,
        "vittne": 5,
        "justerare": 2,
        "ordforande": 1,
        "ledare": 1,
    } == size


def test_elected_have_a_party_and_officials_none(small: Definition) -> None:
    """Elected representatives bear an invented party; the secretary of the body does not."""
    organisation = example_organisation(small)
    people = {person.email: person for person in organisation.people}

    partied = {grant.role for grant in organisation.grants if people[grant.email].party}

    assert {"fortroendevald", "justerare"} == partied


def test_who_prepares_is_not_who_approves(small: Definition) -> None:
    """A chief has that role at one unit only, so that separation of duties never blocks."""
    organisation = example_organisation(small)

    most = Counter(grant.email for grant in organisation.grants if grant.role == "chef")

    assert {1} == set(most.values())


def test_some_read_english(small: Definition) -> None:
    """Most get their mail in Swedish, a few in English."""
    organisation = example_organisation(small)
    count = Counter(person.language for person in organisation.people)

    assert 0 < count["en"] < count["sv"] / 10


def test_files_are_as_import_reads_them(small: Definition, tmp_path: Path) -> None:
    """Three files in UTF-8 with commas and the agreed columns; the folder says it is invented."""
    write_csv(example_organisation(small), tmp_path / "new" / "folder")

    heads = {}
    for file in sorted((tmp_path / "new" / "folder").glob("*.csv")):
        with file.open(encoding="utf-8", newline="") as opened:
            heads[file.name] = next(csv.reader(opened))
    readme = (tmp_path / "new" / "folder" / "README.txt").read_text(encoding="utf-8")

    assert {
        "grants.csv": ["email", "role", "unit", "from", "to"],
        "people.csv": ["key", "email", "name", "language", "party"],
        "units.csv": ["key", "name", "kind", "parent", "from", "to"],
    } == heads
    assert "påhittat" in readme
    assert "invented" in readme


def test_folder_that_cannot_be_written_is_refused(small: Definition, tmp_path: Path) -> None:
    """A file in the way is named in one sentence."""
    (tmp_path / "taken").write_text("")

    with pytest.raises(BadInput, match=r"taken: mappen går inte att skriva i"):
        write_csv(example_organisation(small), tmp_path / "taken")
