"""Reading changes nothing: every link that anybody can reach, with GET and HEAD."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest

from tests.web import rights
from tests.web.everyone import NOBODY, PERSONAS, Everyone

ALIKE: Final = 1
"""Of addresses that differ in their query or ids alone, so many are asked for."""
FAR: Final = {"medicinsk_radgivare": 3, "verksamhetschef": 3, "revisor": 2, NOBODY: 2}
"""So many links away from the first page; one where nothing is said."""


@pytest.mark.parametrize("who", PERSONAS)
def test_following_every_link_changes_nothing(everyone: Everyone, who: str) -> None:
    """From the first page on, some links away: not a row is otherwise, no session begins or
    ends, nothing is put in the log or the outbox. What every address does when it is asked
    for by itself stands in `test_rights`."""
    before = everyone.picture()

    asked = dict(_walk(everyone, who))

    after = everyone.picture()
    assert [] == [name for name in before if before[name] != after[name]]
    assert [] == [path for path, status in asked.items() if status >= 500]
    assert len(asked) > (2 if who == NOBODY else 8)


def _walk(everyone: Everyone, who: str) -> Iterator[tuple[str, int]]:
    """Follow links as somebody; gives each with its status."""
    ahead = [("/", 0)]
    seen: set[str] = set()
    alike: Counter[str] = Counter()
    while ahead:
        path, far = ahead.pop(0)
        kind = _kind(path)
        if path in seen or (far and alike[kind] >= ALIKE):
            continue
        seen.add(path)
        alike[kind] += 1
        head = everyone.get(who, path, method="HEAD")
        answer = everyone.get(who, path)
        yield path, max(answer.status_code, head.status_code)
        onward = {answer.headers["location"]} if answer.status_code == 303 else set()
        if far < FAR.get(who, 1):
            ahead += [(link, far + 1) for link in sorted(rights.links_on(answer) | onward)]


def _kind(path: str) -> str:
    """Give what addresses of the same kind have in common."""
    plain, _, query = path.partition("?")
    parts = [part if part.isalpha() or "-" in part else "*" for part in plain.split("/")]
    names = "&".join(sorted({one.partition("=")[0] for one in query.split("&")}))
    return f"{'/'.join(parts)}?{names}"
