"""A ZIP archive in memory: looked through by its headers, and unpacked a little at a time.

Written for archives that somebody may have made to do harm. Everything is known of them
before a byte is unpacked: how many parts there are, where each lies, how large it says
that it is; parts that share bytes, headers that contradict each other and anything before,
between or after that a reader might take for something else are turned down. What is
unpacked afterwards is held to what the headers said. After PKWARE's APPNOTE 6.3.10; the
sections are given in brackets.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from workflow.core.files.unfit import say_size, unfit

__all__ = ["MOST_UNPACKED", "SIGNATURE", "Member", "open_archive", "unpack"]

SIGNATURE: Final = b"PK\x03\x04"
MOST_UNPACKED: Final = 200_000_000
"""Bytes, of all parts together; what nested documents unpack to counts too."""
MOST_MEMBERS: Final = 5000
DENSEST: Final = 150
"""How many bytes one packed byte may stand for, over a whole archive."""
_SMALL: Final = 10_000_000
"""Below this, density is no danger: a large sheet of zeros packs very well."""
_STEP: Final = 65_536

_END: Final = struct.Struct("<4s4H2LH")
"""[4.3.16] End of the central directory."""
_FAR_LOCATOR: Final = struct.Struct("<4sLQL")
"""[4.3.15]"""
_FAR_END: Final = struct.Struct("<4sQ2H2L4Q")
"""[4.3.14] The same for archives in the ZIP64 form."""
_CENTRAL: Final = struct.Struct("<4s6H3L5H2L")
"""[4.3.12]"""
_LOCAL: Final = struct.Struct("<4s5H3L2H")
"""[4.3.7]"""
_SHORT_FULL: Final = 0xFFFF
_LONG_FULL: Final = 0xFFFF_FFFF
_ENCRYPTED: Final = 0x2041
"""[4.4.4] Bits 0, 6 and 13: encrypted, strongly, its directory too."""
_SIZES_AFTER: Final = 0x8
_UTF8: Final = 0x800
_STORED: Final = 0
_DEFLATED: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A part of an archive, as its headers tell of it."""

    name: str
    stored: bool
    """It is not packed at all."""
    starts: int
    """Where its header lies."""
    begins: int
    """Where its packed bytes lie."""
    ends: int
    size: int
    """Unpacked."""
    crc: int


@dataclass(frozen=True, slots=True)
class _Directory:
    """Where an archive's list of its parts lies."""

    begins: int
    ends: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """What the directory says of a part."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    starts: int
    ends: int
    """Where the line itself ends."""


def open_archive(content: bytes, *, most: int = MOST_UNPACKED) -> list[Member]:
    """Give the parts of an archive, by where they lie; nothing is unpacked.

    `most` is how many bytes they may unpack to together.

    Raises: BadInput when it is damaged, locked, or larger than what can be opened.
    """
    try:
        return _open(content, most)
    except (struct.error, OverflowError) as error:  # something lies beyond the end
        raise unfit("damaged") from error


def unpack(content: bytes, member: Member) -> Iterator[bytes]:
    """Unpack a part, a little at a time, and never more than it said.

    Raises: BadInput when it is not what its headers say.
    """
    size = crc = 0
    for piece in _stored(content, member) if member.stored else _inflated(content, member):
        size += len(piece)
        if size > member.size:
            raise unfit("damaged")
        crc = zlib.crc32(piece, crc)
        yield piece
    if (size, crc) != (member.size, member.crc):
        raise unfit("damaged")


# ---- headers ---------------------------------------------------------------------------


def _open(content: bytes, most: int) -> list[Member]:
    directory = _find_directory(content)
    if directory.count > MOST_MEMBERS:
        raise unfit("members", count=directory.count, most=MOST_MEMBERS)
    members, at = [], directory.begins
    for _ in range(directory.count):
        line = _read_line(content, at, directory)
        members.append(_read_member(content, line, directory))
        at = line.ends
    if at != directory.ends or not members:
        raise unfit("damaged")
    _check_size(sum(one.size for one in members), len(content), most)
    members.sort(key=lambda one: one.starts)
    _check_apart(members)
    return members


def _find_directory(content: bytes) -> _Directory:
    """Find the directory by the archive's end, behind which there may be nothing."""
    at = len(content) - _END.size
    if at < 0 or not content.startswith(SIGNATURE):
        raise unfit("damaged")
    sign, disk, first, here, count, size, begins, comment = _END.unpack_from(content, at)
    if sign != b"PK\x05\x06" or comment:
        raise unfit("damaged")
    if _SHORT_FULL in (disk, count) or _LONG_FULL in (size, begins):
        return _find_far_directory(content, at)
    if disk or first or here != count or begins + size != at:
        raise unfit("damaged")
    return _Directory(begins, at, count)


def _find_far_directory(content: bytes, end: int) -> _Directory:
    at = end - _FAR_LOCATOR.size
    sign, _, where, _ = _FAR_LOCATOR.unpack_from(content, max(at, 0))
    if at < 0 or sign != b"PK\x06\x07":
        raise unfit("damaged")
    sign, length, *_, here, count, size, begins = _FAR_END.unpack_from(content, where)
    whole = where + length + 12 == at and begins + size == where
    if sign != b"PK\x06\x06" or here != count or not whole:
        raise unfit("damaged")
    return _Directory(begins, where, count)


def _read_line(content: bytes, at: int, directory: _Directory) -> _Line:
    read = _CENTRAL.unpack_from(content, at)
    sign, flags, method, crc, packed, size = read[0], read[3], read[4], *read[7:10]
    name_length, extra_length, comment_length, disk, starts = *read[10:14], read[16]
    named = at + _CENTRAL.size + name_length
    ends = named + extra_length + comment_length
    name = content[named - name_length : named]
    if sign != b"PK\x01\x02" or ends > directory.ends or disk not in (0, _SHORT_FULL):
        raise unfit("damaged")
    if flags & _ENCRYPTED:
        raise unfit("locked")
    if method not in (_STORED, _DEFLATED) or b"\0" in name:
        raise unfit("damaged")
    wide = _far(content[named : named + extra_length], [size, packed, starts])
    size, packed, starts = wide
    return _Line(
        name=name,
        flags=flags,
        method=method,
        crc=crc,
        packed=packed,
        size=size,
        starts=starts,
        ends=ends,
    )


def _read_member(content: bytes, line: _Line, directory: _Directory) -> Member:
    """Read a part's own header, which must say what the directory says of it."""
    read = _LOCAL.unpack_from(content, line.starts)
    sign, flags, method, *sizes = read[0], read[2], read[3], *read[7:9]
    named = line.starts + _LOCAL.size
    begins = named + read[9] + read[10]
    ends = begins + line.packed
    known = [[line.packed, line.size], [_LONG_FULL, _LONG_FULL]]
    if flags & _SIZES_AFTER:
        known.append([0, 0])
    agrees = (
        sign == SIGNATURE
        and method == line.method
        and content[named : named + read[9]] == line.name
        and not (flags ^ line.flags) & (_ENCRYPTED | _SIZES_AFTER)
        and sizes in known
    )
    stored = method == _STORED
    if not agrees or ends > directory.begins or (stored and line.packed != line.size):
        raise unfit("damaged")
    return Member(
        name=line.name.decode("utf-8" if line.flags & _UTF8 else "cp437", "replace"),
        stored=stored,
        starts=line.starts,
        begins=begins,
        ends=ends,
        size=line.size,
        crc=line.crc,
    )


def _far(extra: bytes, values: list[int]) -> list[int]:
    """Replace values that are too large for their fields by those in the extra field [4.5.3]."""
    if _LONG_FULL not in values:
        return values
    at = 0
    while at + 4 <= len(extra):
        kind, length = struct.unpack_from("<2H", extra, at)
        if kind == 1:
            wide = iter(struct.unpack_from(f"<{length // 8}Q", extra, at + 4))
            return [next(wide, one) if one == _LONG_FULL else one for one in values]
        at += 4 + length
    raise unfit("damaged")


def _check_size(size: int, packed: int, most: int) -> None:
    if size > most:
        raise unfit("unpacks", size=say_size(size), most=say_size(MOST_UNPACKED))
    if size > _SMALL and size > packed * DENSEST:
        raise unfit("dense")


def _check_apart(members: list[Member]) -> None:
    """See that no two parts share bytes, nor a name, and that nothing lies before the first.

    Parts that overlap make an archive of any size unpack to any other: D. Fifield, "A
    better zip bomb", WOOT 2019.
    """
    free = 0
    for one in members:
        if one.starts < free or (not free and one.starts):
            raise unfit("damaged")
        free = one.ends
    if len({one.name.casefold() for one in members}) != len(members):
        raise unfit("damaged")


# ---- bytes -----------------------------------------------------------------------------


def _stored(content: bytes, member: Member) -> Iterator[bytes]:
    for at in range(member.begins, member.ends, _STEP):
        yield content[at : min(at + _STEP, member.ends)]


def _inflated(content: bytes, member: Member) -> Iterator[bytes]:
    """Inflate a part in steps of equal size, however much they would give."""
    engine = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for piece in _stored(content, member):
            left = piece
            while left and not engine.eof:
                yield engine.decompress(left, _STEP)
                left = engine.unconsumed_tail
        while not engine.eof and (more := engine.decompress(b"", _STEP)):
            yield more
    except zlib.error as error:
        raise unfit("damaged") from error
    if not engine.eof or engine.unused_data:
        raise unfit("damaged")
