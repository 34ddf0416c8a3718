"""E-mail addresses: what every mail server takes, and what is refused on the way in."""

import pytest

from workflow.core.addresses import read_address
from workflow.core.errors import BadInput


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("anna@region.example", "anna@region.example"),
        (" Anna.Ek+prio@Region.Example ", "Anna.Ek+prio@region.example"),
        ("anna@växjö.example", "anna@xn--vxj-qla6g.example"),
    ],
)
def test_what_every_server_takes(written: str, read: str) -> None:
    """An address is given as it can be sent to: a domain with å, ä and ö in its ASCII form."""
    assert read == read_address(written)


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("åsa.öberg@region.example", "före @ står å, ö; skriv adressen utan å, ä, ö"),
        ("аnna@region.example", "före @ står а"),
        ("anna", "skriv namn@domän.se"),
        ("anna@region", "skriv namn@domän.se"),
        ("", "skriv namn@domän.se"),
        ("a" * 65 + "@region.example", "skriv namn@domän.se"),
        ('"anna ek"@region.example', "skriv namn@domän.se"),
        ("anna@region.example\nBcc: bo@region.example", "skriv namn@domän.se"),
        ("anna@region.example, bo@region.example", "skriv namn@domän.se"),
        ("@" * 10_000, "skriv namn@domän.se"),
    ],
)
def test_what_some_server_refuses(written: str, says: str) -> None:
    """An address that needs SMTPUTF8, or is none, is refused with what to write instead."""
    with pytest.raises(BadInput) as refused:
        read_address(written)

    assert says in refused.value.sv
    assert len(refused.value.sv) < 250
