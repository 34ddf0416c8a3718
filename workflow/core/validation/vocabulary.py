"""What the vocabulary's own check answers, said in the words of the house."""

from collections.abc import Sequence
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from workflow.core import definition as words
from workflow.core.errors import Problem
from workflow.core.validation.findings import SHOWN, Findings, listed, nearest

__all__ = ["explain", "keys_of"]

MOST_READ = 2000
"""Refusals that are looked at; of a file that is wrong all over, enough to say so."""
ARTICLES: dict[type[words.Section], str] = {
    words.Definition: "a process",
    words.Unit: "a unit",
    words.Body: "a body",
    words.Role: "a role",
    words.Milestone: "a milestone",
    words.Plan: "a plan",
    words.Ladder: "a ladder",
    words.Scale: "a scale",
    words.Case: "a case",
    words.State: "a state",
    words.Transition: "a transition",
    words.Begins: "begins",
    words.Table: "a table",
    words.Column: "a column",
    words.Check: "a check",
}
WANTED = {
    "string_type": "a text",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "tuple_type": "a name or a list of names",
    "list_type": "a list",
    "dict_type": "a section",
    "model_type": "a section",
}


def explain(error: ValidationError) -> list[Problem]:
    """Turn the vocabulary's refusals into problems, at the path of their key."""
    chosen: dict[str, tuple[ErrorDetails, type[words.Section]]] = {}
    for one in error.errors(include_url=False):
        place, section = locate(one["loc"])
        # Of a value that fits none of several forms, the last form says most.
        chosen[place] = (one, section)
        if len(chosen) > MOST_READ:
            break
    findings = Findings()
    for place, (one, section) in chosen.items():
        findings.error(place, _sentence(dict(one), section, findings.is_full))
    return findings.result()


def keys_of(section: type[words.Section]) -> list[str]:
    """Give the keys that may be written in a section, in order."""
    return [field.alias or name for name, field in section.model_fields.items()]


def locate(loc: Sequence[int | str]) -> tuple[str, type[words.Section]]:
    """Give the path of a key and the section that it stands in."""
    section: type[words.Section] = words.Definition
    path: list[str] = []
    parts = [part for part in loc if isinstance(part, str) and part != "[key]"]
    while parts:
        name = parts.pop(0)
        path.append(name[:SHOWN])
        child, is_named = _child(section, name)
        if child is None:
            path += [part[:SHOWN] for part in parts if not _is_form(part)]
            break
        if is_named:
            if not parts:
                break
            path.append(parts.pop(0)[:SHOWN])
        if not parts and not is_named:
            break
        section = child
    return ".".join(path), section


def _child(section: type[words.Section], name: str) -> tuple[type[words.Section] | None, bool]:
    """Say what stands under a key: sections with names of their own, one, or none."""
    for key, field in section.model_fields.items():
        if (field.alias or key) == name:
            inner = [one for one in get_args(field.annotation) if isinstance(one, type)]
            for one in inner:
                if issubclass(one, words.Section):
                    return one, getattr(field.annotation, "__origin__", None) is dict
    return None, False


def _is_form(part: str) -> bool:
    """Say whether a part names a form that was tried, not a key."""
    return part in ("bool", "float", "int", "str") or "[" in part


def _sentence(one: dict[str, Any], section: type[words.Section], is_full: bool) -> str:
    kind, value = one["type"], one["input"]
    last = str(one["loc"][-1])[:SHOWN]
    known = keys_of(section)
    match kind:
        case "extra_forbidden":
            near = None if is_full else nearest(last, known)
            hint = f"did you mean '{near}'? Allowed" if near else "allowed"
            return f"{ARTICLES[section]} has no '{last}'; {hint}: {listed(known)}"
        case "missing":
            return f"{ARTICLES[section]} needs '{last}'"
        case "value_error":
            return str(one["ctx"]["error"])
        case "literal_error":
            return f"{_shown(value)} is not among {one['ctx']['expected']}"
        case _ if kind in WANTED:
            return f"must be {WANTED[kind]}, not {_shown(value)}"
        case _:
            return _bound(kind, value, one.get("ctx", {}), one["msg"])


def _bound(kind: str, value: object, context: dict[str, Any], message: str) -> str:
    shown = _shown(value)
    match kind:
        case "string_pattern_mismatch" if ":" in str(context.get("pattern")):
            return f'{shown} is no clock time; write e.g. "16:00"'
        case "string_pattern_mismatch":
            return (
                f"{shown} is no name: names are small letters a-z, digits and _, "
                "and begin with a letter"
            )
        case "string_too_long":
            return f"is longer than {context['max_length']} characters: {shown}"
        case "string_too_short" | "too_short":
            return "is empty"
        case "greater_than_equal" | "less_than_equal":
            word = "least" if "ge" in context else "most"
            return f"must be at {word} {context.get('ge', context.get('le'))}, not {shown}"
        case _:
            return f"cannot be {shown}: {message}"


def _shown(value: object) -> str:
    """Give a value as somebody wrote it, cut when it is long."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "a section"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    text = text if len(text) <= SHOWN else text[:SHOWN] + "..."
    return f"'{text}'"
