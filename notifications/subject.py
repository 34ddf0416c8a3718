"""The subject line: told in a list of mails, filtered by, and never without its day."""

__all__ = ["SUBJECT_LENGTH", "cut", "subject_line"]

SUBJECT_LENGTH = 72
"""About what a list of mails shows."""
ROUND_LENGTH = 22
"""What the round keeps at least when the case's title needs room."""
HEAD_LENGTH = 9
"""What must be left of the beginning to keep the last word as well."""
ABOUT_LENGTH = 18
"""What the case's title keeps, whatever else there is."""


def cut(text: str, length: int) -> str:
    """Shorten a text to `length` characters, at a space when one is near, with an ellipsis."""
    if len(text) <= length:
        return text
    head = text[: max(length - 1, 1)]
    space = head.rfind(" ")
    if text[len(head)] != " " and space >= length * 0.6:
        head = head[:space]
    return head.rstrip(" ,.:;-–") + "…"


def cut_inside(text: str, length: int) -> str:
    """Shorten a text but keep a short last word, often a year or a place's name."""
    last = text.rpartition(" ")[2]
    if len(text) <= length or length - len(last) < HEAD_LENGTH:
        return cut(text, length)
    return f"{cut(text[: -len(last) - 1], length - len(last) - 1)} {last}"


def subject_line(round_title: str, about: str, tail: str, *, separator: str = ": ") -> str:
    """Write round, what it is about, and a tail with the day.

    The tail is never cut. The round gives way first, since all mails of the round have
    it, then what it is about.
    """
    first, about = round_title.strip(), about.strip()
    if first and not about:
        about, first = first, ""
    room = SUBJECT_LENGTH - len(tail) - len(separator) - (2 if first else 0)
    first = cut_inside(first, max(room - len(about), ROUND_LENGTH))
    about = cut_inside(about, max(room - len(first), ABOUT_LENGTH))
    head = ", ".join(filter(None, (first, about)))
    return f"{head}{separator}{tail}" if head else tail
