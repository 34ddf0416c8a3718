"""Mail about mail: what returned, delayed and automatic answers are read as.

The samples in `bounces/` are invented, in the forms that mail servers use.
"""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.bounce import LARGEST, Bounce, UnreadableMail, read_bounce

SAMPLES = {file.stem: file.read_bytes() for file in Path(__file__).parent.glob("bounces/*.eml")}
OURS = "prioritering-2010.underlag.ortopedi#1.assignment.17.20081203080000@5f2c.region.example"
ANNA = "anna.lindqvist@region.example"

FAILED = {
    "postfix-unknown": ("5.1.1", "User unknown"),
    "exchange-online": ("5.1.10", "RecipientNotFound"),
    "exchange-svenska": ("5.2.2", ""),
    "exim-report": ("5.0.0", ""),
    "exim-old": ("5.7.1", "relaying denied"),
    "qmail": ("5.1.1", "no mailbox here by that name"),
    "gmail": ("5.1.1", "does not exist"),
    "sendmail-full": ("5.2.2", "Mailbox full"),
    "forwarded": ("5.4.4", "Host or domain name not found"),
    "spam-refused": ("5.7.1", "refused by policy"),
    "several-recipients": ("5.1.6", "Recipient has moved"),
    "international-report": ("5.1.1", "Okänd användare"),
    "report-in-base64": ("5.1.1", "no such user"),
    "groupwise-svenska": ("", "Användaren finns inte här"),
    "only-references": ("5.1.2", "Host unknown"),
}
"""Status, and what the other side's answer holds."""
DELAYED = {
    "postfix-delayed": ("4.4.1", "Connection timed out"),
    "sendmail-delayed": ("4.2.0", "Greylisted"),
}
OTHERS = {
    "vacation": "automatic",
    "outlook-franvaro": "automatic",
    "challenge": "automatic",
    "read-receipt": "automatic",
    "arrived": "arrived",
    "a-person-answers": "other",
}


def told(bounce: Bounce) -> tuple[str, str, str]:
    """Give verdict, status and answer for Anna."""
    one = bounce.recipient(ANNA)
    return (one.verdict, one.status, one.answer) if one else ("", "", "")


@pytest.mark.parametrize("name", FAILED)
def test_what_failed_is_read(name: str) -> None:
    """A returned mail names ours, the recipient, the status and the other side's answer."""
    status, words = FAILED[name]

    found = read_bounce(SAMPLES[name])

    assert ("failed", OURS) == (found.verdict, found.message_ids[0])
    assert ("failed", status) == told(found)[:2]
    assert words in told(found)[2]


@pytest.mark.parametrize("name", DELAYED)
def test_what_is_delayed_is_no_failure(name: str) -> None:
    """A warning that the other side goes on trying is told from a failure."""
    status, words = DELAYED[name]

    found = read_bounce(SAMPLES[name])

    assert ("delayed", OURS) == (found.verdict, found.message_ids[0])
    assert ("delayed", status) == told(found)[:2]
    assert words in told(found)[2]


@pytest.mark.parametrize("name", OTHERS)
def test_what_is_no_bounce_is_none(name: str) -> None:
    """Holiday answers, requests to confirm, receipts and people are not taken for bounces."""
    found = read_bounce(SAMPLES[name])

    assert OTHERS[name] == found.verdict


def test_every_sample_is_expected() -> None:
    """No sample lies there without a test that says what it is."""
    expected = {*FAILED, *DELAYED, *OTHERS, "of-another-system"}

    assert expected == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_line_ends_make_no_difference(name: str) -> None:
    """The same mail with the other line ends is read alike."""
    found = read_bounce(SAMPLES[name].replace(b"\n", b"\r\n"))

    assert read_bounce(SAMPLES[name]) == found


def test_each_recipient_has_a_fate_of_its_own() -> None:
    """Of several recipients one may have failed, one wait and one have the mail."""
    found = read_bounce(SAMPLES["several-recipients"])

    fates = {
        address: one.verdict
        for address in ("bo.alm@region.example", ANNA, "karin.ek@region.example")
        if (one := found.recipient(address))
    }
    assert {
        "bo.alm@region.example": "delayed",
        ANNA: "failed",
        "karin.ek@region.example": "arrived",
    } == fates


def test_whom_it_was_not_sent_to_is_not_told_of() -> None:
    """A bounce says nothing about an address that it does not name."""
    found = read_bounce(SAMPLES["forwarded"])

    assert None is found.recipient("bo.alm@region.example")
    assert None is not found.recipient(ANNA)
    assert None is not found.recipient("anna.privat@elsewhere.example")


HEAD = b"From: MAILER-DAEMON@x.example\nSubject: Undeliverable\n"
REPORT = b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
HOSTILE = {
    "nothing": b"",
    "fifty_megabytes": HEAD + b"\n" + b"x" * 50_000_000,
    "fifty_megabytes_of_lines": HEAD + b"\n" + b"\n" * 50_000_000,
    "parts_in_parts": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(20_000)
    ),
    "as_deep_as_allowed": b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(6)
    )
    + b"\n" * LARGEST,
    "mails_in_mails": b"Content-Type: message/rfc822\n\n" * 30_000,
    "hidden_by_a_bare_return": b"".join(
        b"A: b\rContent-Type: multipart/mixed; boundary=b%d\r\r--b%d\r" % (n, n)
        for n in range(20_000)
    ),
    "many_fields": b"".join(b"X-%d: a\n" % n for n in range(300_000)),
    "a_long_field": b"Subject: " + b"=?utf-8?q?a?= " * 100_000 + b"\n\n",
    "a_folded_field": b"Subject: a\n" + b" b\n" * 300_000 + b"\n",
    "endless_parameters": b"Content-Type: multipart/report; " + b'a="b";' * 200_000 + b"\n\n",
    "half_an_address": HEAD + b"\n" + b"a@" * 500_000,
    "a_long_word": HEAD + b"\n" + b"a" * 1_000_000,
    "dots": HEAD + b"\n" + b"a." * 30_000 + b"@" + b"b." * 30_000,
    "half_ids": HEAD + b"\n" + b"message-id: <" * 100_000,
    "spaces": HEAD + b"\n" + b" " * 1_000_000,
    "quotes": HEAD + b"\n" + b"> > > > " * 100_000,
    "numbers": HEAD + b"\na@b.example " + b"5.1.1." * 100_000,
    "all_bytes": bytes(range(256)) * 4_000,
    "no_such_charset": HEAD + b"Content-Type: text/plain; charset=klingon\n\n\xff\xfe",
    "a_charset_that_is_none": HEAD + b"Content-Type: text/plain; charset=hex_codec\n\nzz",
    "a_slow_charset": HEAD + b"Content-Type: text/plain; charset=punycode\n\na-" + b"9" * 90_000,
    "a_slow_charset_in_a_field": b"Subject: =?punycode?q?a-" + b"9" * 90_000 + b"?=\n\n",
    "many_recipients": HEAD
    + REPORT
    + b"Content-Type: message/delivery-status\n\n"
    + b"Action: failed\nFinal-Recipient: rfc822; a@b.example\n\n" * 18_000,
    "bad_base64": HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"=Q=U\n" * 100_000,
    "surrogates": "From: \udcff\udcfe <MAILER-DAEMON>\n\n".encode("utf-8", "surrogateescape"),
    "zeros": b"From: a\n\x00Content-Type\x00: multipart/mixed\n\n" + b"\x00" * 100_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_made_to_harm_does_none(name: str) -> None:
    """Whatever comes, in less than a second it is read or refused, and marks nothing of ours."""
    began = process_time()

    try:
        found = read_bounce(HOSTILE[name])
    except UnreadableMail:
        found = None

    assert 1 > process_time() - began
    assert None is (found and found.recipient(ANNA))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(raw=st.binary(max_size=2_000))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """There are no bytes that the parser trips over."""
    try:
        found = read_bounce(raw)
    except UnreadableMail:
        found = None

    assert found is None or isinstance(found, Bounce)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_torn_sample_is_read_or_refused(data: st.DataObject) -> None:
    """A real form with bytes lost, doubled or put elsewhere is no trap either, and never
    tells of an address that does not stand in it."""
    raw = SAMPLES[data.draw(st.sampled_from(sorted(SAMPLES)))]
    for _ in range(data.draw(st.integers(1, 6))):
        start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(raw))] * 2)))
        piece = data.draw(st.sampled_from([b"", raw[start:end] * 2, b"\r", b"\n\n", b"--b\n"]))
        raw = raw[:start] + piece + raw[end:]

    try:
        found = read_bounce(raw)
    except UnreadableMail:
        found = None

    for one in found.recipients if found else ():
        for address in one.addresses:
            assert address.encode().partition(b"@")[0] in raw.lower() or b"base64" in raw.lower()
