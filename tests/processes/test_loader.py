"""A process's folder becomes a revision, or a list of what is wrong and where."""

from pathlib import Path

import pytest

from processes.loader import examine, load
from processes.scan import scan
from workflow.core.errors import DefinitionError

SMALL = """\
key = "liten"
title = "Liten {year}"
leader = "chef"

[unit]
region = { title = "Region" }

[role]
chef = { title = "Chef", at = "region" }

[case.omgang]
title = "Omgång"
ends = { klar = "Klar" }

[case.omgang.state.arbete]
title = "Arbete"
by = "chef"
transition.klar = { title = "Klar", to = "klar" }
"""


@pytest.fixture
def folder(tmp_path):
    """A folder with a small process in it."""
    place = tmp_path / "liten"
    place.mkdir()
    (place / "process.toml").write_text(SMALL, encoding="utf-8")
    return place


def _write(folder, **files):
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")


def _main(folder, text):
    (folder / "process.toml").write_text(text, encoding="utf-8")


def _only(folder):
    problems = examine(folder, year=2026).problems
    assert 1 == len(problems), problems
    return problems[0]


def test_folder_becomes_a_revision(folder):
    """Definition, translations and mail texts are one revision under one digest."""
    _write(folder, en='title = "Small {year}"\n[case.omgang]\ntitle = "Round"\nends.klar = "Done"')
    (folder / "mail").mkdir()
    (folder / "mail" / "omgang.arbete.md").write_text("Börja nu.", encoding="utf-8")
    (folder / "mail" / "omgang.arbete.en.md").write_text("Begin now.", encoding="utf-8")

    revision = load(folder, year=2026)

    assert "liten" == revision.definition.key_
    assert "Round" == revision.title(revision.definition.case["omgang"], "en")
    assert "Done" == revision.text("case.omgang.ends.klar", "Klar", "en")
    assert {"omgang.arbete": "Börja nu.", "omgang.arbete.en": "Begin now."} == dict(revision.mail)


def test_digest_follows_the_text(folder):
    """The same folder gives the same digest; a change anywhere in it gives another."""
    first = load(folder, year=2026).digest
    again = load(folder, year=2026).digest
    _write(folder, en='title = "Small"')

    assert first == again
    assert first != load(folder, year=2026).digest


def test_problem_has_file_and_line(folder):
    """A problem points into the file, inside a table on one line too."""
    _main(folder, SMALL.replace('to = "klar"', 'to = "klart"'))

    problem = _only(folder)

    assert "case.omgang.state.arbete.transition.klar.to" == problem.place
    assert str(folder / "process.toml") == problem.file
    assert 18 == problem.line


def test_problem_about_what_is_missing_points_at_its_section(folder):
    """What is not there has no line; the section that lacks it has."""
    _main(folder, SMALL.replace('title = "Arbete"\n', ""))

    problem = _only(folder)

    assert "case.omgang.state.arbete.title" == problem.place
    assert 15 == problem.line


def test_syntax_error_has_its_line(folder):
    """What is no TOML is said with the parser's words and its line."""
    _main(folder, SMALL.replace("[role]", "[role"))

    problem = _only(folder)

    assert problem.message.startswith("is not TOML: ")
    assert 8 == problem.line


def test_load_raises_with_all_errors(folder):
    """`load` gives a definition without errors or raises; warnings do not count."""
    _main(folder, SMALL.replace('by = "chef"', 'by = "chefen"'))

    with pytest.raises(DefinitionError) as caught:
        load(folder, year=2026)

    assert ["error"] == [one.severity for one in caught.value.problems]
    assert "bad_input" == caught.value.code


def test_unknown_translation_names_the_nearest(folder):
    """A translated path that is not in the definition is an error with the nearest one."""
    _write(folder, en='[case.omgang.state.arbetet]\ntitle = "Work"')

    problem = _only(folder)

    assert "case.omgang.state.arbetet.title" == problem.place
    assert (
        "there is no text 'case.omgang.state.arbetet.title' to translate; did you mean "
        "'case.omgang.state.arbete.title'?" == problem.message
    )
    assert (str(folder / "en.toml"), 2) == (problem.file, problem.line)


@pytest.mark.parametrize("value", ["7", "[1]", '""', "true"])
def test_translation_must_be_a_text(folder, value):
    """A translation is a text and nothing else."""
    _write(folder, en=f"title = {value}")

    assert "must be a text in quotes" == _only(folder).message


def test_own_language_is_not_translated(folder):
    """The definition's own language stands in the definition alone."""
    _write(folder, sv='title = "Liten"')

    assert "the definition is written in 'sv' itself; its texts stand there" == (
        _only(folder).message
    )


def test_mail_text_names_a_state_or_an_end(folder):
    """A mail text for a step that there is not is an error with the nearest one."""
    (folder / "mail").mkdir()
    (folder / "mail" / "omgang.arbeta.en.md").write_text("x", encoding="utf-8")
    (folder / "mail" / "omgang.klar.md").write_text("x", encoding="utf-8")

    problem = _only(folder)

    assert "there is no state or end 'omgang.arbeta'; did you mean 'omgang.arbete'?" == (
        problem.message
    )


def test_stray_file_is_a_warning(folder):
    """A TOML file that nothing reads is told of: perhaps a misspelt language."""
    _write(folder, eng='title = "Small"')

    problem = _only(folder)

    assert "warning" == problem.severity
    assert str(folder / "eng.toml") == problem.file


def test_used_file_stands_as_if_written_there(folder):
    """What is used adds sections, and keys to a section that is there."""
    _main(folder, 'uses = ["mer"]\n' + SMALL)
    _write(folder, mer='[role]\nvakt = { title = "Vakt", at = "region" }\n[case.omgang]\n'
           'tells = ["vakt"]')  # fmt: skip

    definition = load(folder, year=2026).definition

    assert ["chef", "vakt"] == list(definition.role)
    assert ("vakt",) == definition.case["omgang"].tells


def test_own_file_is_used_before_the_common_one(folder):
    """A file to use is looked for in the own folder, then in `gemensamt` beside it."""
    common = folder.parent / "gemensamt"
    common.mkdir()
    _main(folder, 'uses = ["egen", "annan"]\n' + SMALL)
    _write(folder, egen='[scale.a]\ntitle = "egen"\nlevels = { a = "a" }')
    _write(common, egen='[scale.a]\ntitle = "gemensam"\nlevels = { a = "a" }')
    _write(common, annan='[scale.b]\ntitle = "gemensam"\nlevels = { a = "a" }')

    definition = load(folder, year=2026).definition

    assert ["egen", "gemensam"] == [scale.title for scale in definition.scale.values()]


def test_shipped_files_can_be_used_from_anywhere(folder):
    """A region's process may use what is shipped with the program."""
    _main(folder, 'uses = ["nationella_modellen"]\n' + SMALL)

    assert "svarighetsgrad" in load(folder, year=2026).definition.scale


def test_unknown_used_file_names_the_nearest(folder):
    """A file that is not there is an error with the nearest that is."""
    _main(folder, 'uses = ["nationella_modelen"]\n' + SMALL)

    problem = _only(folder)

    assert "there is no file 'nationella_modelen.toml' to use; did you mean " in problem.message
    assert "'nationella_modellen'?" in problem.message


def test_value_written_twice_names_both_files(folder):
    """What is used never changes: a value in both is an error that names both."""
    _main(folder, 'uses = ["mer"]\n' + SMALL)
    _write(folder, mer='[case.omgang]\ntitle = "Något annat"')

    problem = _only(folder)

    assert "case.omgang.title" == problem.place
    assert "is written in process.toml and in mer.toml; what is used adds and never changes" == (
        problem.message
    )
    assert (str(folder / "mer.toml"), 2) == (problem.file, problem.line)


def test_problem_in_a_used_file_points_there(folder):
    """A mistake in a used file is reported in that file."""
    _main(folder, 'uses = ["mer"]\n' + SMALL)
    _write(folder, mer='[role.vakt]\ntitle = "Vakt"\nat = "regionen"')

    problems = [p for p in examine(folder, year=2026).problems if p.severity == "error"]

    assert [(str(folder / "mer.toml"), 3)] == [(one.file, one.line) for one in problems]


def test_lone_file_is_a_definition(folder):
    """A definition may be one file anywhere; it then has no translations."""
    lone = folder / "ensam.toml"
    lone.write_text(SMALL, encoding="utf-8")

    assert "liten" == load(lone, year=2026).definition.key_
    assert {} == load(lone, year=2026).texts


def test_path_of_the_file_means_its_folder(folder):
    """`process.toml` and the folder that it stands in are the same process."""
    _write(folder, en='title = "Small"')

    assert load(folder, year=2026).digest == load(folder / "process.toml", year=2026).digest


@pytest.mark.parametrize("name", ["finns_inte", "finns_inte.toml"])
def test_path_to_nothing_is_said(tmp_path, name):
    """A path where nothing is gives one problem, not a traceback."""
    loaded = examine(tmp_path / name, year=2026)

    assert 1 == len(loaded.problems)
    assert loaded.problems[0].message.startswith("cannot be read: ")


def test_lines_of_every_way_to_write_a_key():
    """Headers, dotted keys, inline tables, arrays and texts over lines keep their lines."""
    text = (
        '# "not" = [a, key]\n'
        "[a.b] # header\n"
        "c.d = 1\n"
        'e = { f = [1, 2, { g = "x" }], "h" = 3 }\n'
        'i = """\n'
        "[not.a.header]\n"
        '"""\n'
        "j = [\n"
        "  1, # one\n"
        "  { k = 2 },\n"
        "]\n"
        "'l' = '''x\n"
        "y'''\n"
        "m = 1979-05-27 07:32:00\n"
        "[n]\n"
        "o = true\n"
    )

    seen = scan(text)

    lines = {"a.b": 2, "a.b.c": 3, "a.b.c.d": 3, "a.b.e": 4, "a.b.e.f": 4, "a.b.e.f.g": 4,
             "a.b.e.h": 4, "a.b.i": 5, "a.b.j": 8, "a.b.j.k": 10, "a.b.l": 12, "a.b.m": 14,
             "n": 15, "n.o": 16}  # fmt: skip
    assert "" == seen.fault
    assert not seen.is_lost
    assert lines.items() <= seen.lines.items()
    assert "not" not in seen.lines


def test_every_shipped_file_is_scanned_to_its_end():
    """The scan follows every definition there is without losing its way."""
    root = Path(__file__).parents[2]
    files = [*(root / "processes").rglob("*.toml"), *(root / "tests").rglob("*.toml")]

    lost = [file for file in files if scan(file.read_text(encoding="utf-8")).is_lost]

    assert 9 < len(files)
    assert [] == lost
