"""A process as a picture, in the text form of Mermaid (https://mermaid.js.org)."""

from collections.abc import Iterator

from workflow.core.definition import Case, Definition
from workflow.core.phrases import fill

__all__ = ["mermaid"]


def mermaid(definition: Definition) -> str:
    """Draw every kind of case with its states, buttons and what it opens."""
    return "\n".join(_lines(definition)) + "\n"


def _lines(definition: Definition) -> Iterator[str]:
    yield "stateDiagram-v2"
    for kind in definition.case.values():
        yield f'    state "{_plain(kind.title)}" as {kind.key} {{'
        yield from (f"        {line}" for line in _inside(kind))
        yield "    }"
    for kind in definition.case.values():
        for state in kind.state.values():
            for child in state.opens:
                yield f"    {kind.key}.{state.key} --> {child} : öppnar".replace(".", "__")
            for child in state.starts:
                yield f"    {kind.key}.{state.key} --> {child} : startar".replace(".", "__")


def _inside(kind: Case) -> Iterator[str]:
    for state in kind.state.values():
        yield f'state "{_plain(state.title)}" as {kind.key}__{state.key}'
    for end, title in kind.ends.items():
        yield f'state "{_plain(title)}" as {kind.key}__{end}'
    yield f"[*] --> {kind.key}__{kind.first}"
    for state in kind.state.values():
        here = f"{kind.key}__{state.key}"
        for transition in state.transition.values():
            yield f"{here} --> {kind.key}__{transition.to} : {_plain(transition.title)}"
        if state.next:
            yield f"{here} --> {kind.key}__{state.next} : när alla är klara"
        if state.at_due:
            yield f"{here} --> {kind.key}__{state.at_due} : när tiden har gått ut"
    for end in kind.ends:
        yield f"{kind.key}__{end} --> [*]"


def _plain(title: str) -> str:
    """Take away what Mermaid would read as its own."""
    words = fill(title.replace("{year", "{year"), year=0, unit="…", occasion="…").strip()
    return words.replace('"', "'").replace(":", " ").replace(";", ",").replace(" 0", "")
