"""A stored definition as a file again: what a region wrote, its comments left out."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["write_toml"]


def write_toml(definition: Mapping[str, Any]) -> str:
    """Write a definition as TOML (https://toml.io/en/v1.0.0) that reads back as the same.

    `definition` holds what was read from such a file: texts, numbers, truths, lists and
    mappings.
    """
    return "\n".join(_section("", definition)).strip() + "\n"


def _section(path: str, section: Mapping[str, Any]) -> Iterator[str]:
    """Write a section: first what stands on a line of its own, then the sections below."""
    later: list[tuple[str, Mapping[str, Any]]] = []
    for key, value in section.items():
        name = _key(key)
        if not isinstance(value, Mapping):
            yield f"{name} = {_value(value)}"
        elif _depth(value) <= 2 and (path or not value):
            yield from _lines(name, value)
        elif _depth(value) <= 2 or not _is_group(value):
            later.append((name, value))
        else:
            later += [(f"{name}.{_key(sub)}", below) for sub, below in value.items()]
    for name, below in later:
        whole = f"{path}.{name}" if path else name
        yield ""
        yield f"[{whole}]"
        yield from _section(whole, below)


def _lines(name: str, value: Mapping[str, Any]) -> Iterator[str]:
    """Write a mapping on one line, or one of mappings on a line for each."""
    if value and _is_group(value):
        for key, below in value.items():
            yield f"{name}.{_key(key)} = {_value(below)}"
    else:
        yield f"{name} = {_value(value)}"


def _is_group(value: Mapping[str, Any]) -> bool:
    """Say whether a mapping holds nothing but mappings."""
    return all(isinstance(below, Mapping) for below in value.values())


def _depth(value: Any) -> int:
    """Give how many mappings lie within one another."""
    if not isinstance(value, Mapping):
        return 0
    return 1 + max((_depth(below) for below in value.values()), default=0)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(key)} = {_value(below)}" for key, below in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(below) for below in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else json.dumps(key, ensure_ascii=False)
