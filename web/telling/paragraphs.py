"""A text that somebody wrote, as paragraphs and lists: a blank line parts them, `- ` begins an
item. Nothing in it is markup."""

from dataclasses import dataclass

__all__ = ["Part", "parts_of"]


@dataclass(frozen=True, slots=True)
class Part:
    """A paragraph, and the list that follows it."""

    said: str
    """Empty when there is a list alone."""
    items: tuple[str, ...]


def parts_of(text: str) -> list[Part]:
    """Give the parts of a text in order."""
    found = []
    for chunk in text.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in chunk.split("\n") if line.strip()]
        items = tuple(line[2:].strip() for line in lines if line.startswith("- "))
        said = "\n".join(line for line in lines if not line.startswith("- "))
        if said or items:
            found.append(Part(said, items))
    return found
