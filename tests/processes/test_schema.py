"""The published schema and the reference are the vocabulary, and nothing else."""

import json
import tomllib
from pathlib import Path
from typing import get_args, get_origin

import pytest
from pydantic import ValidationError

from processes import reference, schema
from processes.examples import EXAMPLES
from processes.reference import SECTIONS
from workflow.core.definition import Section
from workflow.core.validation.validate import check_data
from workflow.core.validation.vocabulary import keys_of

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "language.md").read_text(encoding="utf-8")

KEYS = {
    "Definition": "title key about year example_year leader registrar auditor language zone roll"
    " keep uses unit body role milestone plan ladder scale case table",
    "Unit": "title help under facts example",
    "Body": "title help under facts example quorum all_parties_of minutes",
    "Role": "title help at superior sees external holders example",
    "Milestone": "title help on at roll meeting invites",
    "Plan": "title help on",
    "Ladder": "help holder superior leader",
    "Case": "title help per choose every ahead until opened_by missing_by withdraw_by ends tells"
    " state",
    "State": "title help by helpers body due roll ladder extension edits opens wait_for next starts"
    " at_due tells transition",
    "Transition": "title done help to by guards asks other_than signatures due reopens begins",
    "Begins": "process plan state",
    "Table": "title help column check form rows rows_per each secret from where due_rows ordered"
    " min_rows totals publish carries keep",
    "Column": "title help type type_from of required min max several personal years visible_to"
    " suggest means sent",
    "Check": "title help sum share count of where at_least at_most equals tolerance otherwise",
    "Scale": "title help levels tones source unverified",
}
"""The keys of the language as it was decided."""


def test_published_schema_is_the_vocabulary():
    """The file that editors read is made from the models, byte for byte."""
    published = (ROOT / "processes" / "schema.json").read_text(encoding="utf-8")

    assert schema.as_text() == published


def test_schema_names_every_section_and_key():
    """What the models take the schema knows, under the name it is written with."""
    made = schema.schema()
    known = {"Definition": made, **made["$defs"]}

    assert {section.__name__: set(keys_of(section)) for section in SECTIONS.values()} == {
        name: set(known[name]["properties"]) for name in KEYS
    }


def test_schema_refuses_unknown_keys():
    """An editor that follows the schema marks a misspelt key."""
    made = schema.schema()

    assert all(made["$defs"][name]["additionalProperties"] is False for name in KEYS
               if name != "Definition")  # fmt: skip
    assert made["additionalProperties"] is False
    json.dumps(made)


def test_vocabulary_is_the_language():
    """Every key that was decided can be written, and no other."""
    assert {name: keys.split() for name, keys in KEYS.items()} == {
        section.__name__: keys_of(section) for section in SECTIONS.values()
    }


def test_reference_is_the_vocabulary():
    """The tables of the reference are made from the models."""
    assert reference.renewed(PAGE) == PAGE


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_is_documented(heading):
    """Every key has a row in its section's table, with a meaning."""
    table = PAGE.split(f"### {heading}\n")[1].split("###")[0]
    rows = {
        line.split("`")[1]: line.split(" | ")[2].strip()
        for line in table.splitlines()
        if line.startswith("| `")
    }

    assert keys_of(SECTIONS[heading]) == list(rows)
    assert all(rows.values())


def test_page_without_a_place_for_tables_is_refused():
    """The tables are never put where nobody asked for them."""
    with pytest.raises(ValueError, match="the page has no"):
        reference.renewed("# Another page")


def test_example_of_the_reference_checks():
    """The definition that the reference shows is right as it stands."""
    example = PAGE.split("```toml\n")[1].split("```")[0]

    definition, problems = check_data(tomllib.loads(example), year=2026)

    assert [] == [one for one in problems if one.severity == "error"]
    assert "remiss" == definition.key_


@pytest.mark.parametrize("section", list(EXAMPLES), ids=lambda one: one.__name__)
def test_every_key_has_an_example_that_can_be_read(section):
    """What the reference shows beside a key is TOML, and what the vocabulary takes."""
    known = {field.alias or name: field for name, field in section.model_fields.items()}
    needless = {"title", "help"}
    for key, example in EXAMPLES[section].items():
        (value,) = tomllib.loads(f"{key} = {example}").values()
        try:
            section.model_validate({key: value})
        except ValidationError as error:
            assert [] == [one for one in error.errors() if one["loc"][0] == key], (key, example)

    sections = {key for key, field in known.items() if _holds_sections(field.annotation)}
    assert set(known) - needless - sections <= set(EXAMPLES[section])
    assert set(EXAMPLES[section]) <= set(known)


def _holds_sections(annotation):
    return any(
        isinstance(one, type) and issubclass(one, Section) and get_origin(annotation) is dict
        for one in get_args(annotation)
    )
