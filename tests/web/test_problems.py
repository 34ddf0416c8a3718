"""When it does not go: what happened, what is saved or not, what to do, whom to call."""

import logging
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Final

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event

from tests.web.browsing import HERE, filled
from tests.web.everyone import ABOUT, NOBODY, Everyone
from web.problems import pages as problems
from web.problems.words import Problem

CHIEF: Final = "verksamhetschef"
NUMBER: Final = re.compile(r"[A-Z0-9]{3}-[A-Z0-9]{3}-[A-Z0-9]{3}")
TYPED: Final = "Det här har jag skrivit länge på."


def main(answer: Any) -> str:
    """Give what is read on a page."""
    found = BeautifulSoup(answer.text, "html.parser").main
    return " ".join(found.get_text(" ").split()) if found else ""


def heading(answer: Any) -> str:
    """Give what a page is called."""
    found = BeautifulSoup(answer.text, "html.parser").h1
    return found.get_text() if found else ""


def in_english(everyone: Everyone, who: str) -> None:
    """Let somebody have chosen English."""
    everyone.raw.execute(
        "UPDATE people SET language = 'en' WHERE email = ?", (f"{who}@alla.example",)
    )


@pytest.fixture(autouse=True)
def as_it_was(everyone: Everyone) -> Iterator[None]:
    """Put everything back after each test."""
    yield
    everyone.restore()


# ---- pages -----------------------------------------------------------------------------


PAGES: Final = {
    "not there": ("GET", "/finns/inte/alls", {}, 404, "Sidan finns inte"),
    "not like that": ("GET", "/logga-ut", {}, 405, "Så går adressen inte att använda"),
    "too large": (
        "POST",
        "/konto",
        {**HERE, "content-length": "99999999"},
        413,
        "Det är för stort",
    ),
    "no form": (
        "POST",
        "/konto",
        {**HERE, "content-type": "application/json"},
        415,
        "Innehållet går inte att ta emot",
    ),
    "unreadable": ("GET", "/sok?q=%00", {}, 400, "Det gick inte att läsa"),
    "foreign": ("POST", "/konto", {}, 403, "Formuläret kom inte härifrån"),
}


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("who", [CHIEF, NOBODY])
def test_each_problem_has_a_page_of_its_own(everyone: Everyone, kind: str, who: str) -> None:
    """A small number, a heading in words, a way on, and whom to call; the frame around it."""
    method, path, headers, status, words = PAGES[kind]
    cookie = {"cookie": f"beredning={everyone.secrets[who]}"} if who != NOBODY else {}
    everyone.client.cookies.clear()

    answer = everyone.client.request(method, path, headers={**headers, **cookie})

    assert (status, words) == (answer.status_code, heading(answer))
    assert main(answer).startswith(str(status))
    assert f"Fråga {ABOUT.contact}, {ABOUT.contact_phone}" in main(answer)
    assert ("Gå till Mitt arbete" if who == CHIEF else "Logga in") in main(answer)
    assert ("Inget är sparat." in main(answer)) == (method == "POST")
    assert ">Tillgänglighet<" in answer.text


@pytest.mark.parametrize("kind", PAGES)
def test_each_problem_is_told_in_english_too(everyone: Everyone, kind: str) -> None:
    """In the language of who is signed in."""
    method, path, headers, status, words = PAGES[kind]
    in_english(everyone, CHIEF)
    cookie = {"cookie": f"beredning={everyone.secrets[CHIEF]}"}

    answer = everyone.client.request(method, path, headers={**headers, **cookie})

    assert status == answer.status_code
    assert '<html lang="en"' in answer.text
    assert words not in answer.text
    assert "Do you need help? Ask" in main(answer)
    assert not re.search(r"[åäöÅÄÖ]", re.sub(ABOUT.contact, "", main(answer)))


def test_every_problem_has_words_in_both_languages() -> None:
    """A heading each, in short sentences, and Swedish is not English."""
    for one in Problem:
        sv, en = one.said("sv"), one.said("en")

        assert sv.heading
        assert en.heading
        assert sv.heading != en.heading
        assert bool(sv.happened) == bool(en.happened)
        assert bool(sv.to_do) == bool(en.to_do)
        assert not re.search(r"[!]|tyvärr|vänligen|please|sorry", f"{sv}{en}", re.I)


def test_what_is_not_there_and_what_one_may_not_see_are_told_alike(everyone: Everyone) -> None:
    """Word for word: nobody learns from the page which of the two it is."""
    hidden = everyone.get(CHIEF, f"/arenden/{everyone.subjects['other'].case}")
    missing = everyone.get(CHIEF, "/arenden/prioritering-2010.underlag.finns_inte")
    nonsense = everyone.get(CHIEF, "/arenden/nonsens")
    other_round = everyone.get(CHIEF, "/omgangar/prioritering-1999")
    file = everyone.get(CHIEF, f"/arenden/{everyone.subjects['other'].case}/filer/1")

    assert {404} == {one.status_code for one in (hidden, missing, nonsense, other_round, file)}
    assert 1 == len({main(one) for one in (hidden, missing, nonsense, other_round, file)})


def test_a_wrong_method_says_which_are_right(everyone: Everyone) -> None:
    """405 names what goes (RFC 9110, 15.5.6)."""
    answer = everyone.get(CHIEF, "/logga-ut")

    assert 405 == answer.status_code
    assert "POST" == answer.headers["allow"]


# ---- what nobody foresaw ---------------------------------------------------------------


def test_an_error_that_nobody_foresaw_gets_a_number(
    everyone: Everyone, caplog: pytest.LogCaptureFixture
) -> None:
    """The page has the number and nothing of what happened; the log has the same number, and
    where it happened."""
    everyone.raw.execute("ALTER TABLE comments RENAME COLUMN text TO words")

    answer = everyone.get(CHIEF, f"/arenden/{everyone.subjects['own'].case}")

    assert (500, "Något gick fel hos oss") == (answer.status_code, heading(answer))
    number = NUMBER.search(main(answer))
    assert number
    assert f"Ringer du, uppge nummer {number[0]} ." in main(answer)
    assert "Försök igen" in main(answer)
    assert [] == [
        word for word in ("Traceback", "sqlite", "comments", ".py", "Error") if word in answer.text
    ]
    told: Any = [one for one in caplog.records if getattr(one, "event", "") == "page_failed"]
    assert [number[0]] == [one.incident for one in told]
    assert "/arenden/{case}" == told[0].route
    assert "sqlite3.OperationalError" == told[0].where[-1]
    assert any(line.startswith("cases/") for line in told[0].where)


def test_a_form_that_breaks_something_says_that_it_is_not_saved(everyone: Everyone) -> None:
    """500 after a form, in English."""
    in_english(everyone, CHIEF)
    everyone.raw.execute("ALTER TABLE comments RENAME COLUMN text TO words")

    answer = everyone.post(
        CHIEF, f"/arenden/{everyone.subjects['own'].case}/kommentarer", {"kommentar": TYPED}
    )

    assert (500, "Something went wrong on our side") == (answer.status_code, heading(answer))
    assert "Nothing is saved." in main(answer)
    assert NUMBER.search(main(answer))


def test_where_no_page_can_be_made_the_number_is_told_all_the_same(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A page without a frame, in both languages."""
    answer = problems.bare("1f" * 16, ValueError("hemligt"))

    text = bytes(answer.body).decode()
    assert 500 == answer.status_code
    assert 2 == len(NUMBER.findall(text))
    assert 'lang="en"' in text
    assert "hemligt" not in text
    told: Any = caplog.records[-1]
    assert told.incident in text
    assert ["builtins.ValueError"] == told.where


@pytest.mark.parametrize("chance", ["0" * 32, "f" * 32, "0123456789abcdef" * 2])
def test_numbers_are_read_out_without_mistakes(chance: str) -> None:
    """No letter that is taken for another: neither 0 nor O, 1 nor I, 5 nor S, 8 nor B."""
    number = problems.new_number(chance)

    assert NUMBER.fullmatch(number)
    assert not set("01258BGIOQSZ") & set(number)


# ---- a database that cannot ------------------------------------------------------------


@contextmanager
def held(everyone: Everyone) -> Iterator[None]:
    """Let another program hold the database for writing."""
    other = sqlite3.connect(everyone.file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


@contextmanager
def told_to(everyone: Everyone, pragma: str) -> Iterator[None]:
    """Let every connection that may write be limited."""

    def limit(connection: Any, *_: object) -> None:
        connection.execute(pragma)

    engine = everyone.stage.world.database.engine
    engine.dispose()
    event.listen(engine, "checkout", limit)
    try:
        yield
    finally:
        event.remove(engine, "checkout", limit)
        engine.dispose()


def comment(everyone: Everyone) -> Any:
    """Send a comment."""
    path = f"/arenden/{everyone.subjects['own'].case}/kommentarer"
    return everyone.post(CHIEF, path, {"kommentar": TYPED})


def aged(everyone: Everyone) -> None:
    """Let every session have been used last some minutes ago, so that its use is to be noted."""
    everyone.raw.execute(
        "UPDATE sessions SET seen_at = strftime('%Y-%m-%d %H:%M:%S.000000', 'now', '-5 minutes')"
    )


def test_a_held_database_is_said_in_time_and_nothing_is_lost(everyone: Everyone) -> None:
    """503 within some seconds, with when to try again, and what was typed comes back."""
    with held(everyone):
        began = perf_counter()
        answer = comment(everyone)
        took = perf_counter() - began

    assert (503, "Det går inte just nu") == (answer.status_code, heading(answer))
    assert "5" == answer.headers["retry-after"]
    assert took < 7
    assert "Inget är sparat, men det du skrev finns kvar här." in main(answer)
    assert TYPED in answer.text
    again = _send_again(everyone, answer)
    assert 303 == again.status_code


@pytest.mark.parametrize(
    "pragma", ["PRAGMA query_only = ON", "PRAGMA max_page_count = 1"], ids=["read-only", "full"]
)
def test_where_nothing_can_be_written_reading_goes_on(
    everyone: Everyone, pragma: str, caplog: pytest.LogCaptureFixture
) -> None:
    """503 for a form, and every page is still there, also when a session's use is to be noted."""
    with told_to(everyone, pragma):
        everyone.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sent = _fill(everyone) if "max_page" in pragma else comment(everyone)
        aged(everyone)
        read = [everyone.get(CHIEF, path).status_code for path in ("/", "/konto", "/omgangar")]

    assert (503, "Det går inte just nu") == (sent.status_code, heading(sent))
    assert "5" == sent.headers["retry-after"]
    assert [200, 200, 200] == read
    events = {getattr(one, "event", "") for one in caplog.records}
    assert "store_failed" in events


def _fill(everyone: Everyone) -> Any:
    """Comment until there is no more room."""
    path = f"/arenden/{everyone.subjects['own'].case}/kommentarer"
    for number in range(60):
        answer = everyone.post(CHIEF, path, {"kommentar": f"{number} {'å' * 3900}"})
        if answer.status_code == 503:
            return answer
    return answer


def test_a_session_is_not_lost_when_its_use_cannot_be_noted(
    everyone: Everyone, caplog: pytest.LogCaptureFixture
) -> None:
    """The page is shown, and the log says what was left out."""
    aged(everyone)
    with told_to(everyone, "PRAGMA query_only = ON"):
        answer = everyone.get(CHIEF, "/konto")

    assert 200 == answer.status_code
    events = [getattr(one, "event", "") for one in caplog.records]
    assert "session_not_noted" in events


def test_a_database_that_cannot_be_read_is_said_too(everyone: Everyone) -> None:
    """503 without a frame that asks it anything."""
    everyone.raw.execute("ALTER TABLE sessions RENAME TO away")
    try:
        answer = everyone.get(CHIEF, "/")
    finally:
        everyone.raw.execute("ALTER TABLE away RENAME TO sessions")

    assert answer.status_code == 503
    assert "retry-after" in answer.headers
    assert "sessions" not in answer.text


# ---- a form of an earlier session ------------------------------------------------------


def test_a_form_sent_after_one_was_signed_out_is_given_back(everyone: Everyone) -> None:
    """Sign in in another tab, send again, read it through, send: it is done, once."""
    path = f"/arenden/{everyone.subjects['own'].case}/kommentarer"
    typed = {"kommentar": f"{TYPED}\n\nMed <två> stycken & tecken.", "val": "a"}

    lost = everyone.post(NOBODY, path, {**typed, "token": everyone.token(CHIEF)})
    back = _send_again(everyone, lost)
    done = _send_again(everyone, back)

    assert (401, "Du är utloggad") == (lost.status_code, heading(lost))
    assert "Inget är sparat, men det du skrev finns kvar här." in main(lost)
    assert 'target="_blank"' in lost.text
    assert (403, "Skicka en gång till") == (back.status_code, heading(back))
    assert "Du har loggat in på nytt, som Vera Verksamhetschef" in main(back)
    assert 303 == done.status_code
    kept = everyone.raw.execute(
        "SELECT text FROM comments WHERE text LIKE ?", (f"{TYPED}%",)
    ).fetchall()
    assert [(typed["kommentar"],)] == kept


def test_secrets_are_never_given_back(everyone: Everyone) -> None:
    """Passwords and codes are neither shown nor carried along; what else was typed is."""
    fields = {"email": "vera@alla.example", "note": TYPED}
    secrets = dict.fromkeys(("password", "present", "new", "again", "code"), "molnfri hästvagn 7")

    answer = everyone.post(NOBODY, "/konto/losenord", {**fields, **secrets, "token": "a" * 64})

    assert 401 == answer.status_code
    assert "hästvagn" not in answer.text
    assert "a" * 64 not in answer.text
    assert TYPED in answer.text
    assert "Lösenord och koder visas aldrig igen. Skriv dem på nytt." in main(answer)


def test_a_file_is_not_given_back_and_that_is_said(everyone: Everyone) -> None:
    """A browser cannot be given a file; one chooses it anew."""
    path = f"/arenden/{everyone.subjects['own'].case}/filer"
    files = {"fil": ("a.txt", b"En fil.", "text/plain")}

    answer = everyone.post(NOBODY, path, {"sekretess": TYPED}, files=files)

    assert 401 == answer.status_code
    assert "Filen du valde följer inte med" in main(answer)


def test_short_values_are_carried_without_being_shown(everyone: Everyone) -> None:
    """What a form carries for itself is sent again as it was, and is nobody's to edit."""
    answer = everyone.post(
        NOBODY,
        f"/arenden/{everyone.subjects['own'].case}/steg/inget",
        {"version": "3", "request": "0f" * 16, "typ": "effektivisering", "inget.comment": TYPED},
    )
    form = BeautifulSoup(answer.text, "html.parser").find("form", class_="sheet")

    assert form is not None
    hidden = {one["name"] for one in form.find_all("input", type="hidden")}
    assert {"token", "version", "typ"} <= hidden
    assert [TYPED] == [one.get_text().strip() for one in form.find_all("textarea")]


def _send_again(everyone: Everyone, answer: Any) -> Any:
    """Press *Skicka igen*, as the chief."""
    form = BeautifulSoup(answer.text, "html.parser").find("form", class_="sheet")
    assert form is not None
    assert "Skicka igen" in form.get_text()
    return everyone.post(CHIEF, str(form["action"]), filled(form))


def test_at_the_same_instant(everyone: Everyone) -> None:
    """Many forms without a session, at once: each gets its own text back, nobody another's."""
    found: dict[int, str] = {}

    def send(number: int) -> None:
        path = f"/arenden/{everyone.subjects['own'].case}/kommentarer"
        headers = {**HERE, "content-type": "application/x-www-form-urlencoded"}
        text = f"kommentar=Text nummer {number} av dem alla".replace(" ", "+")
        found[number] = everyone.client.post(path, content=text.encode(), headers=headers).text

    everyone.client.cookies.clear()
    threads = [threading.Thread(target=send, args=(number,)) for number in range(12)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    assert 12 == len(found)
    for number, text in found.items():
        assert [str(number)] == re.findall(r"Text nummer (\d+) av", text)


def test_the_log_is_quiet_about_what_people_may_do(
    everyone: Everyone, caplog: pytest.LogCaptureFixture
) -> None:
    """A page that is not there, or a form that is refused, is no error of the program's."""
    caplog.set_level(logging.WARNING)
    caplog.clear()

    everyone.get(CHIEF, "/finns-inte")
    everyone.post("revisor", f"/arenden/{everyone.subjects['own'].case}/steg/inget", {})

    assert [] == [one for one in caplog.records if one.name.startswith("web")]
