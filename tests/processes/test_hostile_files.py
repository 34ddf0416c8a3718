"""A file that somebody made to hurt is refused at once, in one sentence."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from processes.loader import examine

SMALL = """
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
SECONDS = 2.0
MEGABYTES = 200


def _big(folder):
    with (folder / "process.toml").open("wb") as file:
        file.write(SMALL.encode())
        file.truncate(50 * 1024 * 1024)


def _text(text):
    def write(folder):
        (folder / "process.toml").write_text(text, encoding="utf-8")

    return write


def _bytes(content):
    def write(folder):
        (folder / "process.toml").write_bytes(content)

    return write


def _link_out(folder):
    outside = folder.parent / "hemlig.toml"
    outside.write_text(SMALL, encoding="utf-8")
    (folder / "process.toml").symlink_to(outside)


def _link_loop(folder):
    (folder / "process.toml").symlink_to(folder / "b.toml")
    (folder / "b.toml").symlink_to(folder / "process.toml")


def _pipe(folder):
    os.mkfifo(folder / "process.toml")


def _folder(folder):
    (folder / "process.toml").mkdir()


def _uses(**files):
    def write(folder):
        (folder / "process.toml").write_text('uses = ["a"]\n' + SMALL, encoding="utf-8")
        for name, text in files.items():
            (folder / f"{name}.toml").write_text(text, encoding="utf-8")

    return write


def _used_link(folder):
    _text('uses = ["a"]\n' + SMALL)(folder)
    (folder / "a.toml").symlink_to("/etc/passwd")


def _translated(text):
    def write(folder):
        _text(SMALL)(folder)
        (folder / "en.toml").write_text(text, encoding="utf-8")

    return write


def _mail(count, size):
    def write(folder):
        _text(SMALL)(folder)
        (folder / "mail").mkdir()
        for number in range(count):
            name = "omgang.arbete.md" if count == 1 else f"omgang.s{number}.md"
            (folder / "mail" / name).write_text("x" * size, encoding="utf-8")

    return write


REFUSED = {
    "fifty megabytes": (_big, "is 51200 kB; a file of a process is at most 256 kB"),
    "key of a megabyte": (_text("k" * 1_000_000 + " = 1\n"), "is 976 kB"),
    "long key": (_text(SMALL + "k" * 200_000 + " = 1\n"), "holds a name of 200000 characters"),
    "long quoted key": (_text(f'"{"k" * 200_000}" = 1\n'), "holds a name of 200000 characters"),
    "deep arrays": (_text("x = " + "[" * 1000 + "]" * 1000), "is nested deeper than 20 names"),
    "deep tables": (_text("x = " + "{a=" * 1000 + "1" + "}" * 1000), "is nested deeper than 20"),
    "deep dotted key": (_text("a." * 1000 + "a = 1"), "is nested deeper than 20 names"),
    "deep header": (_text("[" + "a." * 100_000 + "a]"), "is nested deeper than 20 names"),
    "deep behind a stray quote": (_text("x = 'a\ny = " + "[" * 10_000), "is not TOML"),
    "Latin-1": (_bytes(SMALL.encode("latin-1")), "is not UTF-8; save the file again as UTF-8"),
    "UTF-16": (_bytes(SMALL.encode("utf-16")), "is not UTF-8"),
    "zeros": (_bytes(b"\0" * 1000), "is not TOML"),
    "no TOML": (_text("[case.omgang\ntitle = 1"), "is not TOML"),
    "key twice": (_text('key = "a"\nkey = "b"\n'), "is not TOML: Cannot overwrite a value"),
    "huge number": (_text("x = " + "9" * 200_000), "is not TOML"),
    "no such day": (_text("x = 2009-02-31"), "is not TOML"),
    "many open quotes": (_text('"""' + '""' * 100_000), "is not TOML"),
    "many backslashes": (_text('x = "' + "\\" * 200_001), "is not TOML"),
    "link out of the folder": (_link_out, "is a link out of its folder"),
    "links in a circle": (_link_loop, "cannot be read"),
    "a pipe": (_pipe, "is no ordinary file"),
    "a folder": (_folder, "cannot be read"),
    "nothing": (lambda _: None, "cannot be read: No such file or directory"),
    "uses itself": (_text('uses = "process"\n' + SMALL), "reads itself in, in a circle: process"),
    "uses in a circle": (
        _uses(a='uses = ["b"]', b='uses = ["a"]'),
        "reads itself in, in a circle: a -> b -> a",
    ),
    "uses a link out": (_used_link, "is a link out of its folder"),
    "uses a path": (_text('uses = ["../../etc/passwd"]\n' + SMALL), "is no name: names are"),
    "uses without end": (
        _uses(**{chr(97 + n): f'uses = ["{chr(98 + n)}"]' for n in range(24)}),
        "more than 20 files are read in",
    ),
    "deep translation": (_translated("a." * 1000 + "a = 1"), "is nested deeper than 20 names"),
    "large mail": (_mail(1, 40_000), "is 39 kB; a file of a process is at most 32 kB"),
    "many mails": (_mail(301, 1), "holds 301 texts; 300 are the most"),
}

STATE = '{{ title = "x", by = "chef", transition.a = {{ title = "x", to = "{}" }} }}'
CASE = '[case.{}]\ntitle = "x"\nends = {{ a = "a" }}\nstate.s = {{ title = "x", {} }}\n'
SLOW = {
    "unknown keys": _text("".join(f"a{n} = 1\n" for n in range(20_000)) + SMALL),
    "unknown names": _text(
        SMALL
        + "".join(f'[case.omgang.state.s{n}]\ntitle="x"\nby="{"r" * 55}{n}"\n' for n in range(1500))
    ),
    "long chain of states": _text(
        SMALL
        + "[case.lang]\ntitle='x'\nends={a='a'}\n[case.lang.state]\n"
        + "".join(f"s{n} = {STATE.format(f's{n + 1}')}\n" for n in range(2500))
    ),
    "every state to every state": _text(
        SMALL
        + "[case.tat]\ntitle='x'\nends={a='a'}\n[case.tat.state]\n"
        + "".join(
            f"s{n} = {{ title='x', by='chef', transition = {{ "
            + ", ".join(f"t{m} = {{title='x',to='s{m}'}}" for m in range(70))
            + " } }\n"
            for n in range(70)
        )
    ),
    "long chain of cases": _text(
        SMALL + "".join(CASE.format(f"c{n}", f"opens='c{n + 1}', next='a'") for n in range(2000))
    ),
    "long chain of milestones": _text(
        SMALL
        + "[milestone]\n"
        + "".join(f"m{n} = {{title='x',on='9 days after m{n + 1}'}}\n" for n in range(3000))
    ),
    "far away": _text(SMALL + "[milestone]\nm = {title='x',on='9999-12-31'}\n"
                      "n = {title='x',on='9999 years after m'}\n"),
    "many milestones": _text(
        SMALL
        + "[milestone]\n"
        + "".join(f"m{n} = {{title='x',on='{{year}}-0{n % 9 + 1}'}}\n" for n in range(5000))
    ),
    "long line of superiors": _text(
        SMALL
        + "".join(
            f"[role.r{n}]\ntitle='x'\nat='region'\nsuperior='r{n + 1}'\n" for n in range(3000)
        )
    ),
    "long line of tables": _text(
        SMALL
        + "".join(f"[table.t{n}]\ntitle='x'\nfrom='t{n + 1}'\n" for n in range(4000))
    ),
    "long line of kinds": _text(
        SMALL + "".join(f"[unit.u{n}]\ntitle='x'\nunder='u{n + 1}'\n" for n in range(4000))
        + "[role.y]\ntitle='x'\nat='u0'\n[case.omgang.state.z]\ntitle='x'\nby='y'\n"
    ),
    "unknown translations": lambda folder: (
        _text(SMALL)(folder),
        (folder / "en.toml").write_text("".join(f"a{n} = 'x'\n" for n in range(20_000))),
    ),
}  # fmt: skip


def _examined(write, folder):
    folder = folder / "process"
    folder.mkdir()
    write(folder)
    began = time.process_time()
    loaded = examine(folder, year=2026)
    return loaded, time.process_time() - began


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_file_is_refused_in_one_sentence(name, tmp_path):
    """What cannot be read as a process is one problem, found within two seconds."""
    write, message = REFUSED[name]

    loaded, seconds = _examined(write, tmp_path)

    assert loaded.revision is None
    assert 1 == len([p for p in loaded.problems if p.severity == "error"]), loaded.problems
    assert message in loaded.problems[0].message
    assert Path(loaded.problems[0].file).is_relative_to(tmp_path)
    assert "\n" not in loaded.problems[0].message
    assert 400 > len(loaded.problems[0].message)
    assert seconds < SECONDS


@pytest.mark.parametrize("name", SLOW)
def test_large_definition_is_judged_in_time(name, tmp_path):
    """A definition as large as a file may be, and wrong all over, answers in two seconds."""
    loaded, seconds = _examined(SLOW[name], tmp_path)

    assert loaded.revision is None
    assert 201 >= len(loaded.problems)
    assert seconds < SECONDS


def test_hostile_files_take_little_memory(tmp_path):
    """All of them one after the other stay under 200 MB, the program itself included."""
    writers = [write for write, _ in REFUSED.values()] + list(SLOW.values())
    for number, write in enumerate(writers):
        folder = tmp_path / str(number) / "process"
        folder.mkdir(parents=True)
        write(folder)

    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys\n"
            "from pathlib import Path\n"
            "from processes.loader import examine\n"
            "for folder in Path(sys.argv[1]).glob('*/process'):\n"
            "    examine(folder, year=2026)\n"
            # ru_maxrss would count what the parent had when it forked
            "status = Path('/proc/self/status').read_text()\n"
            "print(status.partition('VmHWM:')[2].split()[0])\n",
            str(tmp_path),
        ],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )

    assert int(run.stdout) / 1024 < MEGABYTES


@pytest.mark.parametrize(
    ("name", "content"),
    {
        "byte order mark": b"\xef\xbb\xbf" + SMALL.encode(),
        "tabs": SMALL.replace(" = ", "\t=\t").encode(),
        "line ends of Windows": SMALL.replace("\n", "\r\n").encode(),
    }.items(),
)
def test_what_an_editor_leaves_behind_is_read(name, content, tmp_path):
    """What Windows and editors do to a text file does not make it another definition."""
    loaded, _ = _examined(_bytes(content), tmp_path)

    assert [] == [p for p in loaded.problems if p.severity == "error"], name
    assert loaded.revision is not None


def test_link_inside_the_folder_is_followed(tmp_path):
    """A link may point to another file of the same folder."""

    def write(folder):
        (folder / "riktig.toml").write_text(SMALL, encoding="utf-8")
        (folder / "process.toml").symlink_to("riktig.toml")

    loaded, _ = _examined(write, tmp_path)

    assert loaded.revision is not None


def test_nothing_in_the_folder_is_run(tmp_path):
    """Python in a process's folder is never imported, whatever its name."""

    def write(folder):
        _text(SMALL)(folder)
        for name in ("guards.py", "__init__.py", "process.py", "conftest.py"):
            (folder / name).write_text(
                f"open({str(tmp_path / 'ran')!r}, 'w').close()\n", encoding="utf-8"
            )

    loaded, _ = _examined(write, tmp_path)

    assert loaded.revision is not None
    assert not (tmp_path / "ran").exists()
