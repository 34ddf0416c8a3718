"""Passwords: written so that they cannot be read back, compared, and chosen well.

Argon2id with the second recommended option of RFC 9106, section 4: three passes over
64 MiB in four lanes, a salt of 128 bits, a tag of 256.

What is demanded of a new one follows NIST SP 800-63B, 5.1.1.2: length, and that it is
not the first that somebody would guess; no demands on which signs it is made of.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore
from typing import Final
from unicodedata import normalize

from argon2 import PasswordHasher, exceptions
from argon2.profiles import RFC_9106_LOW_MEMORY

from workflow.core.errors import BadInput, Locked, Reason

__all__ = [
    "LONGEST",
    "SHORTEST",
    "check_choice",
    "is_dated",
    "make_temporary",
    "matches",
    "write",
]

SHORTEST: Final = 12
LONGEST: Final = 256
REMAINS: Final = 6
"""So many signs have to be left without names and the words that everybody chooses."""

HASHER: Final = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
NOBODYS: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$MDAwMDAwMDAwMDAwMDAwMA"
    "$Jojkh6Wcdas6ie8apRdksWjxLIGN8DxPaseCkK9M5xY"
)
"""What is compared with when there is no account, so that it takes as long."""
AT_ONCE: Final = BoundedSemaphore(4)
"""Each comparison takes 64 MiB: no more of them at a time than a small machine has."""
PATIENCE_S: Final = 3.0
"""How long one waits for one's turn: those who only want a page need the threads."""

LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of a made password: none that is taken for another when read from paper."""
COMMON: Final = frozenset(
    "0123456789 1234567890 123456789 12345678 1234567 123456 12345 1234 123 987654321 87654321"
    " 654321 54321 4321 321 abcdefgh abcdef abcd abc qwertyuiop qwertyui qwerty asdfghjkl asdfgh"
    " asdf zxcvbnm 1q2w3e4r5t 1q2w3e4r 1qaz2wsx qazwsx password passw0rd passwort losenord"
    " lösenord losen lösen hemligt hemlig secret welcome valkommen välkommen letmein changeme"
    " admin administrator root test tester testing user användare anvandare login inloggning"
    " sommar sommaren vinter vintern host hösten höst hosten var våren vår varen summer winter"
    " autumn spring januari februari mars april maj juni juli augusti september oktober november"
    " december mandag måndag tisdag onsdag torsdag fredag lordag lördag sondag söndag hejhej hejsan"
    " hej hello iloveyou jagälskardig monkey dragon football fotboll hockey master shadow sunshine"
    " princess superman batman beredning region regionen sverige sweden stockholm"
    " goteborg göteborg malmo malmö sjukhus sjukhuset".split()
)
"""The commonest, in Swedish and English, and what they are put together of."""


def write(password: str, salt: str) -> str:
    """Write a password so that it can be compared but not read; `salt` is 32 hexadecimal
    digits of chance.

    Raises: Locked when too many are at it.
    """
    with _taking_turns():
        return HASHER.hash(_bytes(password), salt=bytes.fromhex(salt))


def matches(written: str | None, password: str) -> bool:
    """Say whether a password is the written one. Without one it is not, and takes as long.

    Raises: Locked when too many are at it.
    """
    with _taking_turns():
        try:
            HASHER.verify(written or NOBODYS, _bytes(password))
        except exceptions.VerifyMismatchError:
            return False
    return written is not None


def is_dated(written: str) -> bool:
    """Say whether a password was written with other parameters than today's."""
    return HASHER.check_needs_rehash(written)


def check_choice(password: str, own: Iterable[str]) -> None:
    """See that a password may be chosen by somebody; `own` is their name, address and such.

    Raises: BadInput.
    """
    plain = normalize("NFKC", password)
    if len(plain) < SHORTEST:
        raise _unfit(
            "short",
            f"Lösenordet har {len(plain)} tecken. Ta minst {SHORTEST}, till exempel fyra ord som"
            " inte hör ihop.",
            f"The password has {len(plain)} characters. Take at least {SHORTEST}, for example"
            " four words that do not belong together.",
        )
    if len(plain) > LONGEST:
        raise _unfit(
            "long",
            f"Lösenordet har {len(plain)} tecken. Högst {LONGEST} går.",
            f"The password has {len(plain)} characters. The limit is {LONGEST}.",
        )
    if len(_rest(plain, own)) < REMAINS:
        raise _unfit(
            "common",
            "Lösenordet är för lätt att gissa: det är mest ditt namn, din adress eller sådant"
            " som många väljer. Ta till exempel fyra ord som inte hör ihop.",
            "The password is too easy to guess: it is mostly your name, your address or what"
            " many people choose. Take for example four words that do not belong together.",
        )


def make_temporary(salt: str) -> str:
    """Make a password of 79 bits of chance, to be read from paper; `salt` as in `write`."""
    chance, drawn = int(salt, 16), []
    for _ in range(16):
        chance, place = divmod(chance, len(LETTERS))
        drawn.append(LETTERS[place])
    return "-".join("".join(drawn[first : first + 4]) for first in range(0, 16, 4))


def _rest(plain: str, own: Iterable[str]) -> str:
    """Give what is left of a password without names, common words and repetitions."""
    rest = _squeeze(plain)
    words = {word for text in own for word in (_squeeze(text), *_words(text)) if len(word) > 2}
    for word in sorted(words | COMMON, key=lambda word: (-len(word), word)):
        rest = rest.replace(word, " ")
    return re.sub(r"(.{1,3}?)\1+", r"\1", rest.replace(" ", ""))


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", normalize("NFKC", text).casefold())


def _squeeze(text: str) -> str:
    """Give letters and digits alone; signs for letters (p@ssw0rd) are known by crackers too."""
    return "".join(sign for sign in normalize("NFKC", text).casefold() if sign.isalnum())


def _bytes(password: str) -> bytes:
    """Give what is hashed: equal however a keyboard composes its letters."""
    return normalize("NFKC", password).encode("utf-8", "surrogatepass")


@contextmanager
def _taking_turns() -> Iterator[None]:
    if not AT_ONCE.acquire(timeout=PATIENCE_S):
        raise Locked(
            "Många loggar in just nu. Försök igen om en stund.",
            "Many people are signing in right now. Try again in a moment.",
        )
    try:
        yield
    finally:
        AT_ONCE.release()


def _unfit(code: str, sv: str, en: str) -> BadInput:
    return BadInput(sv, en, reasons=[Reason(code, sv, en)])
