"""Every place where something becomes so is one where the program is killed, once before
and once after: commits, mails handed over, files written."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("workflow", "notifications", "beredning")
COMMITS = ("write", "migrating")
"""What opens a transaction that is committed at the end of its block."""
FILES = ("write_bytes", "write_text", "touch", "rename", "copyfile")
"""What writes a file. `replace` of a path is found with the file's first name."""
ASIDE = {
    "beredning.practice.example.write_csv": "an invented organisation, for practice",
    "beredning.practice.simulate": "an exercise in a folder of its own",
    "beredning.practice.demo": "another",
    "beredning.practice.memory": "part of it; tests/web/test_demo.py cuts a day off",
}


def functions() -> Iterator[tuple[str, ast.AST]]:
    """Give every function of the program with its full name."""
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    yield f"{module}.{node.name}", node


def calls(node: ast.AST, names: tuple[str, ...]) -> bool:
    """Say whether a function calls a method of one of these names."""
    return any(
        isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in names
        for one in ast.walk(node)
    )


def committing() -> set[str]:
    """Give the functions that open a transaction to be committed."""
    found = set()
    for name, node in functions():
        for one in ast.walk(node):
            if isinstance(one, ast.With) and any(
                calls(item.context_expr, COMMITS) for item in one.items
            ):
                found.add(name)
    return found


def writing() -> set[str]:
    """Give the functions that write a file."""
    return {
        name
        for name, node in functions()
        if calls(node, FILES) and not any(name.startswith(aside) for aside in ASIDE)
    }


@pytest.mark.slow
def test_every_point_is_survived(tmp_path: Path) -> None:
    """Killed at each point, the database is as before or as after and nothing between; the
    log explains it; and doing it again ends where an undisturbed run ends. No function
    commits or writes a file that was not killed at it."""
    command = [sys.executable, "-W", "error", "-m", "tests.crash.points", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    told = json.loads(done.stdout)

    hit = set(told["hit"])
    ends = {"before commit", "after commit"}
    missed = {f"{name}: {end}" for name in committing() for end in ends} - hit
    unwritten = {name for name in writing() if not any(x.startswith(f"{name}:") for x in hit)}
    print(f"\n{len(hit)} points, all hit: {sorted(hit)}")  # noqa: T201 - shown by -rP
    assert [] == told["wrong"]
    assert set() == missed
    assert set() == unwritten
    assert {"notifications.post: before send", "notifications.post: after send"} <= hit
