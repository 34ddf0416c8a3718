"""The way in for a file: its name made plain, its bytes looked through, its digest taken."""

from dataclasses import dataclass
from hashlib import sha256

from workflow.core.errors import BadInput
from workflow.core.files.kinds import KINDS, Kind, family_of, recognise
from workflow.core.files.names import clean_name, ending_of, with_ending
from workflow.core.files.unfit import say_size, unfit

__all__ = ["FileFact", "Limits", "accept", "check_room"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much may be attached."""

    file_bytes: int
    """Of one file."""
    case_bytes: int
    """Of all files of one case together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFact:
    """A file that may be attached."""

    name: str
    media_type: str
    size: int
    digest: str
    """sha-256 of its bytes, as 64 hexadecimal digits."""


def accept(name: str, content: bytes, limits: Limits) -> FileFact:
    """Look through a file that somebody wants to attach.

    Its name says nothing of what it is, but it may not contradict it; one without an ending
    gets the right one.

    Raises: BadInput that says what is wrong, and what to do.
    """
    plain = clean_name(name)
    ending = ending_of(plain)
    if not content:
        raise unfit("empty")
    if len(content) > limits.file_bytes:
        raise _too_large(len(content), limits.file_bytes, ending)
    kind = recognise(content, ending)
    if ending not in kind.endings:
        plain = _with_right_ending(plain, ending, kind)
    return FileFact(
        name=plain,
        media_type=kind.media_type,
        size=len(content),
        digest=sha256(content).hexdigest(),
    )


def check_room(size: int, used: int, limits: Limits) -> None:
    """See that a file has room among those that a case has.

    Raises: BadInput.
    """
    if used + size > limits.case_bytes:
        raise unfit(
            "quota",
            size=say_size(size),
            used=say_size(used),
            most=say_size(limits.case_bytes),
        )


def _too_large(size: int, most: int, ending: str) -> BadInput:
    why = "large_pdf" if ending == "pdf" else "large"
    return unfit(why, size=say_size(size), most=say_size(most))


def _with_right_ending(name: str, ending: str, kind: Kind) -> str:
    """Give a name without an ending the one it lacks.

    Raises: BadInput when it has another.
    """
    if not ending:
        return with_ending(name, kind.endings[0])
    family = family_of(ending)
    if family and ending not in KINDS:
        raise unfit(family)
    raise unfit("contradicts", ending=ending, what=(kind.sv, kind.en), right=kind.endings[0])
