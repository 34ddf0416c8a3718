"""Message-IDs are legal whatever a region calls its units."""

import re
from datetime import UTC, datetime

import pytest
from sqlmodel import select

from workflow.core.facts import MessageKind
from workflow.store import outbox
from workflow.store.database import Database
from workflow.store.tables import Message

AT = datetime(2009, 2, 16, 6, 30, tzinfo=UTC)
DOMAIN = "a1b2c3.region.example"
ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
LEGAL = re.compile(rf"{ATOM}(\.{ATOM})*@{ATOM}(\.{ATOM})*")
"""RFC 5322 3.6.4, dot-atom on both sides."""
ODD = (
    "prov-2010.underlag.öron_näsa#1",
    "prov-2010.underlag.a@b#1",
    "prov-2010.underlag.a..b#1",
    ".a.",
    "a b\r\nBcc: c@d.example",
    '<a>,"b";(c)\\\u2028',
    "å" * 400,
    "a" * 400,
    "a" * 399 + "b",
)


@pytest.mark.parametrize("ref", ODD, ids=lambda ref: ref[:24].encode("unicode_escape").decode())
def test_it_is_legal(ref: str) -> None:
    """Letters beyond ASCII, signs, dots in a row and great length all come to something legal."""
    name = outbox.name_of(ref, DOMAIN)

    assert LEGAL.fullmatch(name)
    assert len(name) < 300


def test_it_is_as_readable_as_before() -> None:
    """What needs no change is not changed."""
    ref = "prioritering-2010.underlag.ortopedi#1.reminder.7.20090216063000"

    assert f"{ref}@{DOMAIN}" == outbox.name_of(ref, DOMAIN)


def test_different_things_have_different_names() -> None:
    """Nothing falls together by what is done to it."""
    refs = [*ODD, "a=40b", "a@b", "a_b", "a.b", "a=2E.b", "a..b"]

    assert len(refs) == len({outbox.name_of(ref, DOMAIN) for ref in refs})


@pytest.mark.parametrize("ref", ODD, ids=lambda ref: ref[:24].encode("unicode_escape").decode())
def test_every_way_into_the_outbox_goes_by_it(database: Database, ref: str) -> None:
    """A mail to an address, and one put anew after it, bear legal names."""
    with database.write() as connection:
        put = outbox.put_to_address(
            connection, "r@region.example", MessageKind.CHECKPOINT, ref, {}, AT, DOMAIN
        )
        anew = outbox.put_anew(connection, 1, AT, DOMAIN)

    with database.read() as connection:
        names = [row[0] for row in connection.execute(select(Message.message_id))]
    assert put
    assert anew in names
    assert all(LEGAL.fullmatch(name) for name in names)
