"""Local accounts: made, signed in with, waited for, changed; nobody learns who has one."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import perf_counter
from typing import Any

import pytest
from argon2 import PasswordHasher
from pyotp import TOTP

from tests.service.threads import together
from tests.service.worlds import Stage
from tests.support.clock import Clock
from workflow.core.errors import (
    BadInput,
    Locked,
    NotFound,
    Refused,
    TooSoon,
    WorkflowError,
)
from workflow.service.running import disposal, evidence
from workflow.service.signing_in import accounts, local, own_account, passwords, sessions
from workflow.service.signing_in.local import Attempt
from workflow.service.signing_in.own_account import Choice
from workflow.service.signing_in.sessions import Arrival, SignedIn

NOW = datetime(2026, 11, 22, 12, 0, 10, tzinfo=UTC)
"""The machine's own clock; the world's stands in 2008. 13.00 in Stockholm."""
GIVEN = "molnfri hästvagn 7"
CHOSEN = "tegelsten under bron"
NEW = "kastanjer i regnväder"
OWN = ("Tove Asp", "tove.asp@alvmark.example", "p1")
UNKNOWN = "ingen.alls@alvmark.example"


@dataclass
class Door:
    """Somebody before the sign-in, and their app with codes."""

    stage: Stage
    clock: Clock = field(default_factory=lambda: Clock(NOW))
    browser: str = "Firefox"

    @property
    def email(self) -> str:
        """Who it is."""
        return self.stage.leader

    def give(self, email: str | None = None, password: str | None = GIVEN) -> accounts.AccountSet:
        """Let the operator make an account."""
        return accounts.set_account(
            self.stage.world, email or self.email, self.clock, password=password
        )

    def sign_in(self, password: str = GIVEN, email: str | None = None, code: str = "") -> str:
        """Sign in; gives the secret."""
        attempt = Attempt(email=email or self.email, password=password, code=code)
        arrival = Arrival(mode="local", browser=self.browser, hours=10)
        return local.sign_in(self.stage.world, attempt, arrival, self.clock)

    def refusal(self, *given: Any, **named: Any) -> WorkflowError:
        """Sign in, which must be refused; gives with what."""
        with pytest.raises(WorkflowError) as refused:
            self.sign_in(*given, **named)
        return refused.value

    def whose(self, secret: str) -> SignedIn | None:
        """Say who has a secret."""
        return sessions.whose(self.stage.world, secret, 60, self.clock)

    def change(self, secret: str, present: str = GIVEN, new: str = CHOSEN) -> None:
        """Change the password."""
        choice = Choice(present=present, new=new)
        own_account.change_password(self.stage.world, self.email, choice, self.clock, secret=secret)

    def prepare(self, secret: str) -> own_account.Preparation:
        """Ask for what the app needs."""
        return own_account.prepare_code(
            self.stage.world, self.email, "Region Alvmark", secret=secret
        )

    def confirm(self, secret: str, code: str) -> None:
        """Confirm the second factor."""
        own_account.confirm_code(self.stage.world, self.email, code, self.clock, secret=secret)

    def code(self, app: str, steps: int = 0) -> str:
        """Give the app's code now, or some steps of 30 seconds from now."""
        return TOTP(app).at(self.clock.now + timedelta(seconds=30 * steps))

    def with_code(self) -> str:
        """Set up the second factor and wait for the next code; gives the app's secret."""
        secret = self.sign_in()
        app = self.prepare(secret).secret
        self.confirm(secret, self.code(app))
        self.clock.forward(seconds=30)
        return app

    def told(self) -> list[tuple[Any, ...]]:
        """Give what the log says of accounts: actor, and the payload."""
        return [
            (actor, json.loads(body))
            for actor, body in self.stage.rows(
                "SELECT actor, body FROM entries JOIN entry_payloads USING (chain, number)"
                " WHERE kind = 'account' ORDER BY number"
            )
        ]

    def person(self) -> int:
        """Give the person's number."""
        return int(
            self.stage.rows("SELECT id FROM people WHERE email = :who", who=self.email)[0][0]
        )


@pytest.fixture
def door(bare: Stage) -> Door:
    """Somebody who has no account yet; on each kind of database."""
    return Door(bare)


# ---- the operator ----------------------------------------------------------------------


def test_a_made_password_opens_once_it_is_told(door: Door) -> None:
    """Made by chance, shown once, kept nowhere; whoever signs in with it must change it."""
    told = door.give(password=None)

    who = door.whose(door.sign_in(told.password))

    assert (door.email, True, 0) == (told.email, told.made, told.sessions_ended)
    assert NOW + timedelta(days=7) == told.until
    assert 19 == len(told.password)
    assert told.password not in repr(door.stage.everything())
    assert told.password not in repr(told)
    assert who is not None
    assert (True, False, "local") == (who.temporary, who.second_factor, who.mode)


def test_a_renewed_password_shuts_what_the_old_one_opened(door: Door) -> None:
    """The old one opens nothing, and its sessions are over."""
    door.give()
    before = door.sign_in()

    told = door.give(password=NEW)

    assert (False, 1) == (told.made, told.sessions_ended)
    assert door.whose(before) is None
    assert isinstance(door.refusal(GIVEN), Refused)
    assert door.whose(door.sign_in(NEW)) is not None


def test_only_people_in_the_register_get_an_account(door: Door) -> None:
    """An unknown address is refused, and nothing written."""
    with pytest.raises(NotFound, match=r"org import"):
        door.give(UNKNOWN)

    assert [] == accounts.account_list(door.stage.world)


def test_the_operators_password_is_weighed_too(door: Door) -> None:
    """A short one is refused with what to do."""
    with pytest.raises(BadInput, match=r"minst 12"):
        door.give(password="kort")

    assert [] == accounts.account_list(door.stage.world)


def test_accounts_are_listed_without_secrets(door: Door) -> None:
    """By address: since when, whether the password is temporary, whether there is a code."""
    other = door.stage.holder("registrator")
    door.give(other)
    door.give()
    door.change(door.sign_in())

    told = accounts.account_list(door.stage.world)

    want = {
        other: (True, NOW + timedelta(days=7), False),
        door.email: (False, None, False),
    }
    assert want == {one.email: (one.temporary, one.until, one.second_factor) for one in told}
    assert sorted(want) == [one.email for one in told]
    assert "argon2" not in repr(told)


def test_an_account_that_is_taken_away_opens_nothing(door: Door) -> None:
    """Its sessions end, its password fails, and there is none to take away again."""
    door.give()
    secret = door.sign_in()

    ended = accounts.remove(door.stage.world, door.email, door.clock)

    assert 1 == ended
    assert door.whose(secret) is None
    assert isinstance(door.refusal(), Refused)
    with pytest.raises(NotFound, match="inget konto"):
        accounts.remove(door.stage.world, door.email, door.clock)


def test_signing_somebody_out_ends_all_their_sessions(door: Door) -> None:
    """And leaves the account as it is."""
    door.give()
    secrets = [door.sign_in(), door.sign_in()]

    ended = accounts.sign_out(door.stage.world, door.email, door.clock)

    assert 2 == ended
    assert [None, None] == [door.whose(one) for one in secrets]
    assert door.whose(door.sign_in()) is not None


def test_the_log_tells_what_was_done_and_no_secrets(door: Door) -> None:
    """Who and what, in the installation's own chain, which still verifies."""
    door.give()
    secret = door.sign_in()
    door.change(secret)
    app = door.prepare(secret).secret
    door.confirm(secret, door.code(app))
    door.give(password=NEW)
    accounts.reset_code(door.stage.world, door.email, door.clock)
    accounts.remove(door.stage.world, door.email, door.clock)

    me = door.person()
    assert [
        (None, {"person": me, "what": "made"}),
        (me, {"person": me, "what": "chosen"}),
        (me, {"person": me, "what": "code_set"}),
        (None, {"person": me, "what": "renewed"}),
        (None, {"person": me, "what": "code_reset"}),
        (None, {"person": me, "what": "removed"}),
    ] == door.told()
    with door.stage.world.database.read() as connection:
        assert evidence.examine(connection).ok


def test_a_person_who_is_disposed_of_loses_the_account(door: Door) -> None:
    """Account and sessions go with the name, those of others stay."""
    door.give()
    door.sign_in()
    other = door.stage.holder("registrator")
    door.give(other)
    kept = door.sign_in(email=other)
    door.stage.change(
        "UPDATE grants SET to_on = '2001-01-01' WHERE person_id = :me", me=door.person()
    )
    wish = disposal.Wish(
        before=datetime(2008, 1, 1, tzinfo=UTC).date(),
        kinds=frozenset({disposal.Kind.ADDRESSES}),
        decision="dnr 1",
    )

    counts = disposal.dispose(door.stage.world, wish).chains["installation"]

    assert (1, 1, 1) == (counts["accounts"], counts["sessions"], counts["people"])
    assert [other] == [one.email for one in accounts.account_list(door.stage.world)]
    assert door.whose(kept) is not None


# ---- what is kept ----------------------------------------------------------------------


def test_a_password_is_kept_as_rfc_9106_says(door: Door) -> None:
    """Argon2id, 64 MiB, three passes, four lanes, salt of 128 bits, tag of 256."""
    door.give()

    ((kept,),) = door.stage.rows("SELECT password FROM accounts")

    kind, version, figures, salt, tag = kept.removeprefix("$").split("$")
    assert ("argon2id", "v=19", "m=65536,t=3,p=4") == (kind, version, figures)
    assert (22, 43) == (len(salt), len(tag))  # base64 of 16 and 32 bytes
    assert GIVEN not in repr(door.stage.everything())


def test_two_with_the_same_password_are_kept_apart(door: Door) -> None:
    """Each has a salt of their own."""
    door.give()
    door.give(door.stage.holder("registrator"))

    kept = [row[0] for row in door.stage.rows("SELECT password FROM accounts")]

    assert 2 == len(set(kept))


def test_a_dated_password_is_written_anew_at_sign_in(door: Door) -> None:
    """With today's parameters, and it stays the same password, temporary or not."""
    door.give()
    old = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(GIVEN)
    door.stage.change("UPDATE accounts SET password = :old", old=old)

    who = door.whose(door.sign_in())

    ((kept, temporary),) = door.stage.rows("SELECT password, temporary FROM accounts")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert temporary
    assert who is not None and who.temporary
    assert door.whose(door.sign_in()) is not None


def test_what_nobody_has_is_compared_at_todays_cost() -> None:
    """The stand-in for a missing account was written with today's parameters."""
    assert not passwords.is_dated(passwords.NOBODYS)


def test_letters_are_the_same_however_they_are_composed(door: Door) -> None:
    """One keyboard sends `ä` as one sign, another as two, a third in full width."""
    door.give(password="hästvagn på månen")

    found = [
        door.whose(door.sign_in(typed))
        for typed in ("ha\u0308stvagn pa\u030a ma\u030anen", "ｈästvagn på månen")
    ]

    assert all(found)


@pytest.mark.parametrize("password", ["\udce4" * 20, "\x00" * 20, "x" * 100_000])
def test_what_no_keyboard_sends_is_simply_wrong(door: Door, password: str) -> None:
    """Half signs, zeros and a hundred thousand letters break nothing."""
    door.give()

    error = door.refusal(password)

    assert ["wrong"] == [one.code for one in error.reasons]


def test_only_so_many_are_compared_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes when all places are taken is asked to come again, soon; the places are
    given back, also after a wrong password."""
    monkeypatch.setattr(passwords, "PATIENCE_S", 0.05)
    for _ in range(4):
        assert passwords.AT_ONCE.acquire(blocking=False)
    try:
        with pytest.raises(Locked, match="Många loggar in just nu"):
            passwords.matches(None, GIVEN)
    finally:
        passwords.AT_ONCE.release(4)

    assert [False] * 5 == [passwords.matches(None, GIVEN) for _ in range(5)]


# ---- nobody learns who has an account --------------------------------------------------


def no_account(door: Door) -> WorkflowError:
    return door.refusal(email=door.stage.holder("registrator"))


def no_person(door: Door) -> WorkflowError:
    return door.refusal(email=UNKNOWN)


def no_address(door: Door) -> WorkflowError:
    return door.refusal(email="' OR '1'='1")


def no_text(door: Door) -> WorkflowError:
    return door.refusal(email=f"{door.email}\x00\udce4")


def wrong_password(door: Door) -> WorkflowError:
    return door.refusal("fel men långt nog")


def wrong_code(door: Door) -> WorkflowError:
    door.stage.change("UPDATE accounts SET totp_secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'")
    return door.refusal(code="000000")


def no_code(door: Door) -> WorkflowError:
    door.stage.change("UPDATE accounts SET totp_secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'")
    return door.refusal()


ALL_WRONG: list[Callable[[Door], WorkflowError]] = [
    no_account,
    no_person,
    no_address,
    no_text,
    wrong_password,
    wrong_code,
    no_code,
]


@pytest.mark.parametrize("fail", ALL_WRONG, ids=lambda one: one.__name__)
def test_every_failure_sounds_the_same(door: Door, fail: Callable[[Door], WorkflowError]) -> None:
    """Whatever is wrong: the same words, the same reason, no session."""
    door.give()

    error = fail(door)

    assert "Adressen, lösenordet eller koden stämmer inte. Försök igen." == error.sv
    assert "The address, the password or the code is not right. Try again." == error.en
    assert (Refused, None, ["wrong"]) == (
        type(error),
        error.current,
        [one.code for one in error.reasons],
    )
    assert [(0,)] == door.stage.rows("SELECT count(*) FROM sessions")


@pytest.mark.parametrize("fail", [no_account, no_person, wrong_password])
def test_every_failure_leaves_the_same_trace(
    door: Door, fail: Callable[[Door], WorkflowError]
) -> None:
    """One failure counted, whether or not somebody has the address."""
    door.give()

    fail(door)

    assert [(1,)] == door.stage.rows("SELECT failures FROM sign_in_delays")


def test_every_failure_does_the_same_work(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """One comparison of the same cost, also where there is nothing to compare with."""
    door.give()
    compared: list[str] = []
    verify = PasswordHasher.verify

    def counting(self: PasswordHasher, written: str, password: bytes) -> bool:
        compared.append(written.rpartition("$")[0].rpartition("$")[0])
        return verify(self, written, password)

    monkeypatch.setattr(PasswordHasher, "verify", counting)
    for fail in (no_account, no_person, wrong_password):
        fail(door)

    assert ["$argon2id$v=19$m=65536,t=3,p=4"] * 3 == compared


def test_nobody_gets_in_by_the_stand_in() -> None:
    """Even its own password opens no account that is not there."""
    right = [passwords.matches(None, word) for word in ("abc", "", passwords.NOBODYS, "0" * 16)]

    assert [False] * 4 == right
    assert passwords.matches(passwords.NOBODYS, "abc")


# ---- waiting ---------------------------------------------------------------------------


def test_the_wait_grows_from_none_to_a_quarter_of_an_hour(door: Door) -> None:
    """Three failures are free; then 1, 2, 4, 8 and at most 15 minutes."""
    waits = []
    for _ in range(9):
        door.refusal(email=UNKNOWN)
        ((failures, retry_at),) = door.stage.rows("SELECT failures, retry_at FROM sign_in_delays")
        again = datetime.fromisoformat(str(retry_at)).replace(tzinfo=UTC)
        waits.append((failures, (again - door.clock.now).total_seconds() / 60))
        door.clock.now = again

    assert [0, 0, 0, 1, 2, 4, 8, 15, 15] == [minutes for _, minutes in waits]
    assert list(range(1, 10)) == [failures for failures, _ in waits]


@pytest.mark.parametrize("known", [True, False])
def test_while_one_waits_nothing_is_tried(door: Door, *, known: bool) -> None:
    """Not even the right password, which is not compared; the page says until when, the
    same for an address that nobody has, and trying does not make it longer."""
    door.give()
    email = door.email if known else UNKNOWN
    for _ in range(4):
        last = door.refusal("fel men långt nog", email)
    began = perf_counter()
    errors = [door.refusal(GIVEN, email) for _ in range(20)]
    took = perf_counter() - began

    assert (
        "Adressen, lösenordet eller koden stämmer inte. Vänta till kl.\u00a013.02 och försök igen."
        == last.sv
    )
    assert {"Det har blivit för många försök. Vänta till kl.\u00a013.02 och försök igen."} == {
        one.sv for one in errors
    }
    assert {TooSoon} == {type(one) for one in errors}
    assert {NOW + timedelta(minutes=1)} == {(one.current or {})["retry_at"] for one in errors}
    assert [(4,)] == door.stage.rows("SELECT failures FROM sign_in_delays")
    assert took < 20 * 0.1, "a comparison takes more than that"


def test_after_the_wait_the_right_password_opens_and_clears(door: Door) -> None:
    """At the very instant that was named, and the next failure is the first again."""
    door.give()
    for _ in range(4):
        door.refusal("fel men långt nog")
    door.clock.forward(minutes=1)

    secret = door.sign_in()

    assert door.whose(secret) is not None
    assert [] == door.stage.rows("SELECT * FROM sign_in_delays")


def test_one_address_waits_for_itself_alone(door: Door) -> None:
    """Somebody else's failures keep nobody out; another spelling is the same address."""
    door.give()
    for _ in range(4):
        door.refusal(email=UNKNOWN)

    spelt = door.refusal(email=f"  {UNKNOWN.upper()} ")

    assert isinstance(spelt, TooSoon)
    assert door.whose(door.sign_in()) is not None


def test_a_hundred_at_once_are_a_hundred(door: Door) -> None:
    """Sent at the same instant they are counted one by one: four are tried, no more."""
    door.give()

    found = together(*[lambda: door.sign_in("fel men långt nog")] * 12)

    kinds = sorted(type(one).__name__ for one in found)
    assert ["Refused"] * 4 + ["TooSoon"] * 8 == kinds


def test_failures_are_forgotten_after_a_day(door: Door) -> None:
    """Then one begins from none, and the rows are swept."""
    for _ in range(4):
        door.refusal(email=UNKNOWN)
    door.clock.forward(days=1, minutes=2)

    door.refusal(email=UNKNOWN)

    assert [(1,)] == door.stage.rows("SELECT failures FROM sign_in_delays")


def test_the_operator_lets_somebody_in_at_once(door: Door) -> None:
    """Who has waited and calls gets a new password, and need not wait more."""
    door.give()
    for _ in range(4):
        door.refusal("fel men långt nog")

    door.give(password=NEW)

    assert door.whose(door.sign_in(NEW)) is not None


# ---- temporary passwords ---------------------------------------------------------------


def test_a_temporary_password_runs_out(door: Door) -> None:
    """After seven days it opens nothing, and says what to do; only to who knows it."""
    door.give()
    door.clock.forward(days=7, seconds=-1)
    before = door.whose(door.sign_in())
    door.clock.forward(seconds=1)

    error = door.refusal()

    assert before is not None
    assert (
        "Det tillfälliga lösenordet gällde till sön 29 nov 2026. Be den som gav dig det om ett"
        " nytt." == error.sv
    )
    assert ["wrong"] == [one.code for one in door.refusal("fel men långt nog").reasons]


def test_a_chosen_password_does_not_run_out(door: Door) -> None:
    """There are no demands to change it by the calendar."""
    door.give()
    door.change(door.sign_in())
    door.clock.forward(days=1000)

    who = door.whose(door.sign_in(CHOSEN))

    assert who is not None
    assert not who.temporary


# ---- another password ------------------------------------------------------------------


def test_changing_the_password_ends_the_other_sessions(door: Door) -> None:
    """The one that asks goes on, no longer with a temporary password; the old one is dead."""
    door.give()
    mine, other = door.sign_in(), door.sign_in()

    door.change(mine)

    who = door.whose(mine)
    assert who is not None
    assert not who.temporary
    assert door.whose(other) is None
    assert isinstance(door.refusal(GIVEN), Refused)
    assert door.whose(door.sign_in(CHOSEN)) is not None


def test_the_present_password_is_demanded(door: Door) -> None:
    """Who sits down at somebody's open browser changes nothing."""
    door.give()
    secret = door.sign_in()

    with pytest.raises(BadInput) as refused:
        door.change(secret, present="något annat helt")

    assert ["present"] == [one.code for one in refused.value.reasons]
    assert door.whose(door.sign_in()) is not None


def test_guessing_the_present_password_has_to_wait_too(door: Door) -> None:
    """As at the door."""
    door.give()
    secret = door.sign_in()
    for _ in range(4):
        with pytest.raises(BadInput):
            door.change(secret, present="något annat helt")

    with pytest.raises(TooSoon):
        door.change(secret)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("", "har 0 tecken"),
        ("elva tecken", "har 11 tecken"),
        ("x" * 257, "Högst 256"),
        ("tove.asp@alvmark.example", "för lätt"),
        ("Tove Asp Tove", "för lätt"),
        ("ToveAsp-Alvmark-2026", "för lätt"),
        ("ｔｏｖｅ　ａｓｐ　１２３４", "för lätt"),
        ("aaaaaaaaaaaaaaaa", "för lätt"),
        ("abababababababab", "för lätt"),
        ("123456789012", "för lätt"),
        ("1234512345123", "för lätt"),
        ("qwertyuiop123", "för lätt"),
        ("Password1234!", "för lätt"),
        ("Lösenord2026!", "för lätt"),
        ("Sommar2026!!!", "för lätt"),
        ("VinterVinter1", "för lätt"),
        ("välkommen123!", "för lätt"),
        ("     1234     ", "för lätt"),
        ("!!!!!!!!!!!!!!", "för lätt"),
    ],
)
def test_what_is_easily_guessed_is_refused(new: str, said: str) -> None:
    """Too short, too long, one's own name, what everybody takes: with what to do instead."""
    with pytest.raises(BadInput, match=said):
        passwords.check_choice(new, OWN)


@pytest.mark.parametrize(
    ("new", "said"),
    [("för kort", "minst 12"), (GIVEN, "ett annat"), ("tove.asp@alvmark.example", "för lätt")],
)
def test_what_is_chosen_badly_is_told_at_its_field(door: Door, new: str, said: str) -> None:
    """The present one, one's own address, a short one; the session is what it was."""
    assert "tove.asp@alvmark.example" == door.email
    door.give()
    secret = door.sign_in()

    with pytest.raises(BadInput, match=said) as refused:
        door.change(secret, new=new)

    assert ["new"] == [one.code for one in refused.value.reasons]
    who = door.whose(secret)
    assert who is not None and who.temporary


@pytest.mark.parametrize(
    "new",
    [
        "tolv tecken.",
        "correct horse battery staple",
        "katten Tove äter gröt",
        "åäö åäö grisarna",
        "x7$Kq!pW0z#m",
        "en mening, som man minns. Med skiljetecken!",
        "🦆🦢🦉🐓 fyra fåglar",
        "sommaren när hunden sprang",
        "åtta ord " * 28,
    ],
)
def test_what_is_long_and_ones_own_is_taken(new: str) -> None:
    """No rules for which signs it is made of; spaces, letters of any kind, 12 to 256."""
    passwords.check_choice(new, OWN)


def test_two_changes_at_once_are_one(door: Door) -> None:
    """The one that comes second no longer has the present password."""
    door.give()
    secret = door.sign_in()

    found = together(lambda: door.change(secret, new=CHOSEN), lambda: door.change(secret, new=NEW))

    assert 1 == sum(one is None for one in found)
    opens = []
    for word in (CHOSEN, NEW):
        try:
            opens.append(door.sign_in(word))
        except Refused:
            continue
    assert 1 == len(opens)


def test_a_password_that_changes_while_it_is_compared_opens_nothing(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who signs in with a stolen password in the very moment its owner changes it, fails."""
    door.give()
    secret = door.sign_in()
    matches = passwords.matches
    hits: list[str] = []

    def slowly(written: str | None, password: str) -> bool:
        right = matches(written, password)
        if not hits:
            hits.append("once")
            door.change(secret)
        return right

    monkeypatch.setattr(passwords, "matches", slowly)

    error = door.refusal(GIVEN)

    assert ["wrong"] == [one.code for one in error.reasons]
    assert [(1,)] == door.stage.rows("SELECT count(*) FROM sessions WHERE ended_at IS NULL")


# ---- the second factor -----------------------------------------------------------------


def test_a_second_factor_is_set_up_by_a_code(door: Door) -> None:
    """Shown as an address for a picture; holds once a code has confirmed it."""
    door.give()
    secret = door.sign_in()
    shown = door.prepare(secret)
    before = door.whose(secret)

    door.confirm(secret, door.code(shown.secret))

    after = door.whose(secret)
    assert shown.uri == (
        f"otpauth://totp/Region%20Alvmark:{door.email.replace('@', '%40')}"
        f"?secret={shown.secret}&issuer=Region%20Alvmark"
    )
    assert 32 == len(shown.secret)  # 160 bits in Base32
    assert before is not None and after is not None
    assert (False, True) == (before.second_factor, after.second_factor)


def test_showing_it_stores_nothing_and_is_the_same_each_time(door: Door) -> None:
    """The page can be loaded again; another session is shown another secret."""
    door.give()
    first, second = door.sign_in(), door.sign_in()
    before = door.stage.everything()
    shown = [door.prepare(one).secret for one in (first, first, second)]

    assert before == door.stage.everything()
    assert shown[0] == shown[1] != shown[2]
    assert not any(one in repr(before) for one in shown)


def test_a_wrong_code_sets_nothing_up(door: Door) -> None:
    """Nor does one from another session's secret."""
    door.give()
    first, second = door.sign_in(), door.sign_in()
    foreign = door.code(door.prepare(second).secret)
    for code in (foreign, "", "123", "abcdef", "½½½½½½", "１２３４５６"):
        with pytest.raises(BadInput, match="Koden stämmer inte") as refused:
            door.confirm(first, code)
        assert ["code"] == [one.code for one in refused.value.reasons]
        door.clock.forward(minutes=20)

    assert [(None,)] == door.stage.rows("SELECT totp_secret FROM accounts")


def test_guessing_codes_has_to_wait(door: Door) -> None:
    """Four are tried, then a minute passes."""
    door.give()
    secret = door.sign_in()
    for _ in range(4):
        with pytest.raises(BadInput):
            door.confirm(secret, "000000")

    with pytest.raises(TooSoon):
        door.confirm(secret, door.code(door.prepare(secret).secret))


def test_setting_it_up_ends_the_other_sessions(door: Door) -> None:
    """What was opened without it is shut."""
    door.give()
    other = door.sign_in()
    door.with_code()

    assert door.whose(other) is None


def test_then_the_code_is_demanded(door: Door) -> None:
    """The password alone opens nothing; with the code it does, spaces and all."""
    door.give()
    app = door.with_code()
    alone = door.refusal()
    typed = door.code(app)

    who = door.whose(door.sign_in(code=f" {typed[:3]} {typed[3:]} "))

    assert ["wrong"] == [one.code for one in alone.reasons]
    assert who is not None and who.second_factor


@pytest.mark.parametrize(
    ("steps", "opens"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_one_step_of_drift_is_forgiven(door: Door, steps: int, *, opens: bool) -> None:
    """30 seconds to either side, no more."""
    door.give()
    app = door.with_code()
    door.clock.forward(minutes=2)
    code = door.code(app, steps)

    if opens:
        assert door.whose(door.sign_in(code=code)) is not None
    else:
        assert ["wrong"] == [one.code for one in door.refusal(code=code).reasons]


def test_no_code_is_taken_twice(door: Door) -> None:
    """Who looks over a shoulder comes too late, also with the step before."""
    door.give()
    app = door.with_code()
    door.clock.forward(minutes=2)
    code, earlier = door.code(app), door.code(app, -1)
    door.sign_in(code=code)

    errors = [door.refusal(code=one) for one in (code, earlier)]
    door.clock.forward(seconds=30)

    assert ["wrong", "wrong"] == [error.reasons[0].code for error in errors]
    assert door.whose(door.sign_in(code=door.code(app))) is not None


def test_the_code_that_set_it_up_is_used_too(door: Door) -> None:
    """It cannot sign in again."""
    door.give()
    secret = door.sign_in()
    app = door.prepare(secret).secret
    code = door.code(app)
    door.confirm(secret, code)

    assert ["wrong"] == [one.code for one in door.refusal(code=code).reasons]


def test_one_code_at_the_same_instant_opens_once(door: Door) -> None:
    """Of two browsers with the same code one gets in."""
    door.give()
    code = door.code(door.with_code())

    found = together(*[lambda: door.sign_in(code=code)] * 2)

    assert 1 == sum(isinstance(one, str) for one in found)


def test_a_wrong_password_does_not_use_up_a_code(door: Door) -> None:
    """The code that was typed with it opens with the right one."""
    door.give()
    code = door.code(door.with_code())
    door.refusal("fel men långt nog", code=code)

    assert door.whose(door.sign_in(code=code)) is not None


def test_a_second_factor_is_not_set_up_over_another(door: Door) -> None:
    """Who sits down at an open browser does not move it to their own telephone."""
    door.give()
    app = door.with_code()
    secret = door.sign_in(code=door.code(app))

    for ask in (door.prepare, lambda one: door.confirm(one, "000000")):
        with pytest.raises(Refused, match="redan en kod") as refused:
            ask(secret)
        assert ["has_code"] == [one.code for one in refused.value.reasons]


def test_the_operator_takes_a_lost_telephone_away(door: Door) -> None:
    """The old app's codes are worth nothing, its sessions end, and another is set up."""
    door.give()
    app = door.with_code()
    old = door.sign_in(code=door.code(app))

    ended = accounts.reset_code(door.stage.world, door.email, door.clock)

    assert 2 == ended  # that which set it up, and the one after
    assert door.whose(old) is None
    secret = door.sign_in()
    who = door.whose(secret)
    assert who is not None and not who.second_factor
    assert app != door.prepare(secret).secret
    with pytest.raises(Refused, match="ingen kod"):
        accounts.reset_code(door.stage.world, door.email, door.clock)


def test_a_clock_that_was_wrong_is_forgotten_with_the_telephone(door: Door) -> None:
    """Codes that were used by a clock in the future do not stand in the way of a new app."""
    door.give()
    door.clock.forward(days=30)
    door.give(password=NEW)
    secret = door.sign_in(NEW)
    door.confirm(secret, door.code(door.prepare(secret).secret))
    door.clock.now = NOW
    accounts.reset_code(door.stage.world, door.email, door.clock)
    door.give()
    secret = door.sign_in()

    door.confirm(secret, door.code(door.prepare(secret).secret))

    who = door.whose(secret)
    assert who is not None and who.second_factor


def test_a_new_password_leaves_the_second_factor(door: Door) -> None:
    """The operator who gives another password does not open the other lock."""
    door.give()
    app = door.with_code()
    door.give(password=NEW)

    assert ["wrong"] == [one.code for one in door.refusal(NEW).reasons]
    assert door.whose(door.sign_in(NEW, code=door.code(app))) is not None


def test_who_signs_in_elsewhere_has_no_password_to_change(door: Door) -> None:
    """Somebody from the region's own sign-in has no account here, and is told so."""
    arrival = Arrival(mode="oidc", browser="", hours=10)
    secret = sessions.begin(door.stage.world, door.email, arrival, door.clock)

    for ask in (door.change, door.prepare, lambda one: door.confirm(one, "000000")):
        with pytest.raises(NotFound, match="inget lösenord"):
            ask(secret)


def test_a_session_from_elsewhere_is_not_bound_by_the_account(door: Door) -> None:
    """Whoever has an account as well and comes by the region's sign-in is asked nothing."""
    door.give()
    arrival = Arrival(mode="oidc", browser="", hours=10)
    secret = sessions.begin(door.stage.world, door.email, arrival, door.clock)

    who = door.whose(secret)

    assert who is not None
    assert (False, False) == (who.temporary, who.second_factor)
