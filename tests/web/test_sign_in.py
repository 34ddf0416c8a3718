"""Signing in with a password, and one's own account: in a browser without scripts."""

import re
from urllib.parse import quote

import pytest
from pyotp import TOTP

from beredning.clock import utc_now
from tests.service.worlds import Stage
from tests.web.browsing import Guest, Page
from tests.web.doors import GIVEN, OWN, Door
from workflow.service.signing_in import sessions

UNKNOWN = "ingen.alls@alvmark.example"
WRONG = "Adressen, lösenordet eller koden stämmer inte. Försök igen."


@pytest.fixture
def door(groundwork: Stage) -> Door:
    """Pages where people sign in by password, without a second factor."""
    return Door.of(groundwork)


@pytest.fixture
def email(groundwork: Stage) -> str:
    """Somebody who owes something."""
    return groundwork.chief(groundwork.units("verksamhet")[0])


def try_in(guest: Guest, email: str, password: str, code: str = "") -> Page:
    page = guest.get("/logga-in")
    return guest.send(page, "Logga in", email=email, password=password, code=code)


def cookie_of(guest: Guest) -> str:
    return guest.client.cookies.get("beredning", "")


def is_in(guest: Guest) -> bool:
    return guest.get("/konto").url == "/konto"


def code_of(app: str, steps: int = 0) -> str:
    return TOTP(app).at(int(utc_now().timestamp()) + 30 * steps)


# ---- the door --------------------------------------------------------------------------


def test_one_signs_in_and_comes_to_ones_work(door: Door, email: str) -> None:
    """With address and password, when one has chosen one."""
    door.settle(email)

    guest = door.browser()
    page = try_in(guest, email.upper(), OWN)

    assert (200, "/") == (page.status, page.url)


def test_one_comes_to_where_one_was_going(door: Door, email: str) -> None:
    """The page that was asked for, with its query, waits behind the door."""
    door.settle(email)
    guest = door.browser()
    path = "/konto?klart=val"
    shown = guest.get(path)

    page = guest.send(shown, "Logga in", email=email, password=OWN)

    assert "Logga in" == shown.heading
    assert path == page.url


@pytest.mark.parametrize(
    "till", ["//nagon.example", "https://nagon.example", "/\\nagon.example", "/%2Fnagon.example"]
)
def test_nobody_is_sent_elsewhere(door: Door, email: str, till: str) -> None:
    """Neither by the address of the page nor by its form."""
    door.settle(email)
    first, second = door.browser(), door.browser()
    by_link = first.get(f"/logga-in?till={quote(till, safe='')}")
    one = first.send(by_link, "Logga in", email=email, password=OWN)
    two = second.post("/logga-in", {"email": email, "password": OWN, "till": till})

    assert ["/", "/"] == [one.url, two.url]
    assert "nagon.example" not in by_link.text


def test_what_was_typed_is_kept_but_for_the_secrets(door: Door, email: str) -> None:
    """The address stands there again; password and code do not."""
    page = try_in(door.browser(), email, "hemligt och fel", "123456")

    assert 403 == page.status
    assert WRONG in page.words
    values = {str(one["name"]): one.get("value") for one in page.soup.main.find_all("input")}
    assert (email, "", "") == (values["email"], values["password"], values["code"])
    assert "hemligt och fel" not in page.text
    assert "123456" not in page.text


def test_the_answer_never_says_who_is_known(door: Door, email: str) -> None:
    """An address that is unknown, one without an account, a wrong password: byte for byte the
    same page, but for the address."""
    door.give(email)
    other = door.stage.leader

    pages = [
        try_in(door.browser(), who, "fel men långt nog").text.replace(who, "X")
        for who in (email, other, UNKNOWN)
    ]

    assert 1 == len(set(pages))


@pytest.mark.parametrize("known", [True, False])
def test_it_is_told_how_long_to_wait(door: Door, email: str, *, known: bool) -> None:
    """429, the clock time, and Retry-After for programs; the same for unknown addresses."""
    door.give(email)
    who = email if known else UNKNOWN
    guest = door.browser()
    for _ in range(4):
        last = try_in(guest, who, "fel men långt nog")

    page = try_in(guest, who, GIVEN)

    wait = r"Vänta till kl\.\s\d{1,2}\.\d\d och försök igen\."
    assert re.search(wait, last.words)
    assert 429 == page.status
    assert re.search(f"Det har blivit för många försök. {wait}", page.words)
    assert 1 <= int(page.headers["retry-after"]) <= 60


@pytest.mark.parametrize("field", ["email", "password", "code"])
def test_a_hostile_field_is_simply_wrong(door: Door, email: str, field: str) -> None:
    """Zeros, markup, half letters and long texts are neither shown nor believed."""
    for value in (
        "\x00",
        "<script>alert(1)</script>",
        "å" * 50_000,
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "' OR 1=1 --",
    ):
        fields = {"email": email, "password": GIVEN, "code": "", field: value}
        page = door.browser().post("/logga-in", fields)

        assert page.status in {400, 403, 429}
        assert "<script>alert" not in page.text


def test_a_get_signs_nobody_in(door: Door, email: str) -> None:
    """Whatever stands in the address: a link in a mail is only a link."""
    door.give(email)
    before = door.stage.everything()
    for path in (
        f"/logga-in?email={email}&password={quote(GIVEN)}",
        f"/?email={email}",
        "/logga-in/svar?code=x&state=y",
    ):
        guest = door.browser()
        guest.get(path)
        guest.head(path)
        assert "" == cookie_of(guest)

    assert before == door.stage.everything()


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": "https://nagon.example"},
        {"origin": "null"},
        {},
    ],
)
def test_another_page_signs_nobody_in(door: Door, email: str, headers: dict[str, str]) -> None:
    """A form on somebody else's page puts nobody into somebody else's account."""
    door.give(email)
    guest = door.browser()

    answer = guest.client.post(
        "/logga-in", data={"email": email, "password": GIVEN}, headers=headers
    )

    assert 403 == answer.status_code
    assert "" == cookie_of(guest)


def test_the_cookie_is_kept_from_scripts_and_other_sites(door: Door, email: str) -> None:
    """HttpOnly, SameSite=Lax, the whole host and nothing wider; gone with the browser."""
    door.give(email)
    guest = door.browser()
    fields = {"email": email, "password": GIVEN}
    answer = guest.client.post(
        "/logga-in", data=fields, headers={"sec-fetch-site": "same-origin"}, follow_redirects=False
    )

    parts = [one.strip().lower() for one in answer.headers["set-cookie"].split(";")]
    assert parts[0].startswith("beredning=")
    assert {"httponly", "samesite=lax", "path=/"} == set(parts[1:])


def test_each_sign_in_has_a_new_secret_and_ends_the_old(door: Door, email: str) -> None:
    """A secret that was planted before opens nothing afterwards (session fixation)."""
    door.settle(email)
    guest = door.browser()
    planted = "0" * 64
    guest.client.cookies.set("beredning", planted, domain="localhost.local")
    try_in(guest, email, OWN)
    first = cookie_of(guest)
    again = guest.post("/logga-in", {"email": email, "password": OWN, "token": guest.token})
    thief = door.browser()
    thief.client.cookies.set("beredning", first)

    assert 3 == len({planted, first, cookie_of(guest)})
    assert 200 == again.status
    assert is_in(guest)
    assert not is_in(thief)


def test_signing_out_is_for_good(door: Door, email: str) -> None:
    """The cookie goes, and a copy of it is worth nothing."""
    guest = door.settle(email)
    copy = cookie_of(guest)
    guest.send(guest.get("/konto"), "Logga ut")
    thief = door.browser()
    thief.client.cookies.set("beredning", copy)

    assert "" == cookie_of(guest)
    assert [False, False] == [is_in(guest), is_in(thief)]


def test_a_get_signs_nobody_out(door: Door, email: str) -> None:
    """Nor a form from elsewhere, nor one without the session's token."""
    guest = door.settle(email)
    answers = [
        guest.client.get("/logga-ut").status_code,
        guest.client.post(
            "/logga-ut", data={"token": guest.token}, headers={"sec-fetch-site": "cross-site"}
        ).status_code,
        guest.post("/logga-ut", {"token": "x"}).status,
        guest.post("/logga-ut", {}).status,
    ]

    assert [405, 403, 403, 403] == answers
    assert is_in(guest)


def test_who_is_in_is_not_asked_again(door: Door, email: str) -> None:
    """The page for signing in leads on."""
    guest = door.settle(email)

    assert "/konto" == guest.get("/logga-in?till=/konto").url


def test_a_session_of_another_way_in_is_not_taken(door: Door, groundwork: Stage) -> None:
    """What was opened while the settings said demo is shut when they say passwords."""
    arrival = sessions.Arrival(mode="demo", browser="", hours=10)
    secret = sessions.begin(groundwork.world, groundwork.leader, arrival, door.app.clock)
    guest = door.browser()
    guest.client.cookies.set("beredning", secret)

    assert not is_in(guest)


def test_a_role_that_is_taken_back_is_gone_at_the_next_request(
    door: Door, email: str, groundwork: Stage
) -> None:
    """The session goes on; what the role showed is not there any more."""
    guest = door.settle(email)
    unit = groundwork.units("verksamhet")[0]
    path = f"/arenden/{groundwork.case('underlag', unit)}"
    before = guest.get(path).status
    groundwork.change(
        "UPDATE grants SET to_on = '2001-01-01' WHERE person_id ="
        " (SELECT id FROM people WHERE email = :who)",
        who=email,
    )

    assert (200, 404) == (before, guest.get(path).status)
    assert is_in(guest)


def test_addresses_of_other_ways_in_are_not_there(door: Door, email: str) -> None:
    """Where passwords are kept here the region's sign-in has no addresses, nor the demo."""
    guest = door.settle(email)
    statuses = [
        guest.post(path, {"token": guest.token, "email": email}).status
        for path in ("/logga-in/regionen", "/demo/jag-ar")
    ]

    assert [404, 404] == statuses
    assert 404 == guest.get("/logga-in/svar?code=x&state=y").status


# ---- a password of one's own -----------------------------------------------------------


def test_a_temporary_password_has_to_be_changed_first(door: Door, email: str) -> None:
    """Every page leads there, and afterwards to where one was going."""
    door.give(email)
    guest = door.enter(email, till="/konto")
    asked = guest.get("/konto?klart=val")
    done = guest.send(asked, "Byt lösenord", present=GIVEN, new=OWN, again=OWN)

    assert "Välj ett lösenord" == asked.heading
    assert "/konto?klart=val" == done.url


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_until_then_nothing_else_is_done(
    door: Door, email: str, groundwork: Stage, method: str
) -> None:
    """Not by going around the page: nothing is shown, nothing changes, what was typed stays."""
    door.give(email)
    guest = door.enter(email)
    unit = groundwork.units("verksamhet")[0]
    case = groundwork.case("underlag", unit)
    token = guest.token
    before = groundwork.rows("SELECT id, version FROM cases ORDER BY id")

    if method == "GET":
        page = guest.get(f"/arenden/{case}")
        assert "Välj ett lösenord" == page.heading
    else:
        fields = {"token": token, "comment": "Det här skrev jag", "version": "1"}
        page = guest.post(f"/arenden/{case}/steg/lamna_in", fields)
        assert (409, "Ett steg till först") == (page.status, page.heading)
        assert "Det här skrev jag" in page.text

    assert before == groundwork.rows("SELECT id, version FROM cases ORDER BY id")


def test_one_can_always_leave(door: Door, email: str) -> None:
    """And read what holds for everybody."""
    door.give(email)
    guest = door.enter(email)
    help_page = guest.get("/hjalp")
    guest.send(guest.get("/"), "Logga ut")

    assert 200 == help_page.status
    assert "" == cookie_of(guest)


CHANGES: dict[str, tuple[dict[str, str], str]] = {
    "present": ({"present": "något annat helt"}, "Det nuvarande lösenordet stämmer inte."),
    "new": ({"new": "kort", "again": "kort"}, "Lösenordet har 4 tecken."),
    "again": ({"again": "tegelsten under brom"}, "De två är inte lika."),
}


@pytest.mark.parametrize("field", CHANGES)
def test_a_bad_change_is_told_at_its_field(door: Door, email: str, field: str) -> None:
    """With a link from the summary, and none of the passwords given back."""
    door.give(email)
    guest = door.enter(email)
    typed = {"present": GIVEN, "new": OWN, "again": OWN, **CHANGES[field][0]}

    page = guest.send(guest.get("/konto/losenord"), "Byt lösenord", **typed)

    assert 422 == page.status
    assert CHANGES[field][1] in page.words
    control = page.soup.find(id=field)
    assert control is not None
    assert ("true", "") == (control["aria-invalid"], control["value"])
    assert page.soup.find("a", href=f"#{field}") is not None
    assert not any(one in page.text for one in typed.values() if len(one) > 4)


def test_a_changed_password_ends_the_other_browsers(door: Door, email: str) -> None:
    """This one goes on."""
    other = door.settle(email)
    guest = door.enter(email, OWN)
    new = "kastanjer i regnväder"

    done = guest.send(guest.get("/konto/losenord"), "Byt lösenord", present=OWN, new=new, again=new)

    assert "Du har ett nytt lösenord." in done.words
    assert [True, False] == [is_in(guest), is_in(other)]


def test_a_password_is_not_given_back_to_who_was_signed_out(door: Door, email: str) -> None:
    """The page that keeps what one typed keeps no secrets."""
    guest = door.settle(email)
    token = guest.token
    door.give(email, "en helt annan sak")  # which signs everybody out
    typed = {"token": token, "present": OWN, "new": "nytt och hemligt", "again": "nytt och hemligt"}

    page = guest.post("/konto/losenord", typed)

    assert 401 == page.status
    assert "nytt och hemligt" not in page.text
    assert OWN not in page.text


# ---- a second factor -------------------------------------------------------------------


@pytest.fixture
def strict(groundwork: Stage) -> Door:
    """Pages where everybody has to have a second factor."""
    return Door.of(groundwork, second_factor=True)


def app_of(page: Page) -> str:
    """Read the key that the page shows."""
    code = page.soup.find("code")
    assert code is not None
    return re.sub(r"\s", "", code.get_text())


def test_where_it_is_demanded_it_is_set_up_first(strict: Door, email: str) -> None:
    """After the password, before anything else; then one gets where one was going."""
    strict.give(email)
    guest = strict.enter(email, till="/konto")
    first = guest.get("/konto")
    second = guest.send(first, "Byt lösenord", present=GIVEN, new=OWN, again=OWN)
    around = guest.get("/")
    app = app_of(second)
    done = guest.send(second, "Börja använda koden", code=code_of(app))

    assert ["Välj ett lösenord", "Kod från en app", "Kod från en app"] == [
        first.heading,
        second.heading,
        around.heading,
    ]
    assert "/konto" == done.url


def test_then_the_code_opens_the_door(strict: Door, email: str) -> None:
    """With it one gets in; without it, or with the one that was used, one does not."""
    guest = strict.settle(email)
    app = app_of(guest.get("/konto/kod"))
    used = code_of(app)
    guest.send(guest.get("/konto/kod"), "Börja använda koden", code=used)

    without = try_in(strict.browser(), email, OWN)
    again = try_in(strict.browser(), email, OWN, used)
    right = try_in(strict.browser(), email, OWN, code_of(app, 1))

    assert [403, 403, 200] == [without.status, again.status, right.status]
    assert "/" == right.url


def test_the_picture_is_the_same_as_the_text(strict: Door, email: str) -> None:
    """A QR code drawn here, without style or address of anybody else's; in words beside it."""
    guest = strict.settle(email)
    page = guest.get("/konto/kod")
    drawing = page.soup.find(attrs={"role": "img"})
    assert drawing is not None

    assert drawing.find("svg") is not None
    assert drawing["aria-label"]
    assert "style=" not in str(drawing)
    assert page.links["Öppna appen på den här telefonen"].startswith("otpauth://totp/Beredning:")
    assert f"secret={app_of(page)}&" in page.links["Öppna appen på den här telefonen"]


def test_a_wrong_code_sets_nothing_up(strict: Door, email: str) -> None:
    """It is told at its field, and the same picture is shown again."""
    guest = strict.settle(email)
    shown = guest.get("/konto/kod")

    page = guest.send(shown, "Börja använda koden", code="000000")

    assert 422 == page.status
    assert "Koden stämmer inte." in page.words
    assert app_of(shown) == app_of(page)
    assert [(None,)] == strict.stage.rows("SELECT totp_secret FROM accounts")


def test_guessing_codes_has_to_wait(strict: Door, email: str) -> None:
    """429 with the clock time."""
    guest = strict.settle(email)
    shown = guest.get("/konto/kod")
    for _ in range(4):
        guest.send(shown, "Börja använda koden", code="000000")

    page = guest.send(shown, "Börja använda koden", code=code_of(app_of(shown)))

    assert 429 == page.status
    assert "Vänta till kl." in page.words


def test_one_that_is_set_up_is_not_shown_again(strict: Door, email: str) -> None:
    """Nor its secret: the page says what to do when the telephone is another."""
    guest = strict.settle(email)
    page = guest.get("/konto/kod")
    guest.send(page, "Börja använda koden", code=code_of(app_of(page)))

    again = guest.get("/konto/kod")

    assert "Du har redan en app som visar koder." in again.words
    assert app_of(page) not in again.text
    assert again.soup.find("code") is None


# ---- where I am signed in, and how I want it -------------------------------------------


def test_i_see_where_i_am_signed_in_and_end_it_there(door: Door, email: str) -> None:
    """By the browser's name; this one is marked and has no button."""
    guest = door.settle(email)
    phone = door.browser("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1")
    try_in(phone, email, OWN)
    page = guest.get("/konto")
    button = next(one for one in page.buttons if one.startswith("Logga ut där"))

    done = guest.send(page, button)

    assert "Firefox på Windows" in page.words
    assert "Safari på iPhone" in page.words
    assert 1 == sum(one.startswith("Logga ut där") for one in page.buttons)
    assert "Inloggningen är avslutad." in done.words
    assert [True, False] == [is_in(guest), is_in(phone)]


def test_i_sign_out_everywhere_else(door: Door, email: str) -> None:
    """In one press; the button is there only when there is somewhere else."""
    guest = door.settle(email)
    others = [door.enter(email, OWN) for _ in range(2)]

    done = guest.send(guest.get("/konto"), "Logga ut överallt utom här")

    assert [True, False, False] == [is_in(one) for one in (guest, *others)]
    assert "Logga ut överallt utom här" not in done.buttons


def test_nobody_ends_anothers_session(door: Door, email: str) -> None:
    """Not even who knows what it is called."""
    mine, theirs = door.settle(email), door.settle(door.stage.leader)
    digests = [row[0] for row in door.stage.rows("SELECT digest FROM sessions")]
    for digest in digests:
        theirs.post("/konto/inloggningar", {"token": theirs.token, "which": digest})

    assert is_in(mine)


def test_a_browser_that_calls_itself_names_is_shown_as_text(door: Door, email: str) -> None:
    """Markup in a browser's name is no markup, and cursors do not move."""
    door.settle(email)
    guest = door.browser("<img src=x onerror=alert(1)>\x1b[2J")
    try_in(guest, email, OWN)

    page = guest.get("/konto")

    assert "<img" not in page.text
    assert "Okänd webbläsare" in page.words


def test_language_and_colours_are_mine(door: Door, email: str) -> None:
    """English and dark from the next page on, in every browser of mine."""
    guest = door.settle(email)
    page = guest.get("/konto")
    done = guest.send(page, "Spara", language="en", theme="dark")
    there = door.enter(email, OWN).get("/konto")

    assert "Your choices are saved." in done.words
    for one in (done, there):
        html = one.soup.html
        assert html is not None
        assert ("en", "dark") == (html["lang"], html["data-theme"])
        assert "Where you are signed in" in one.words


@pytest.mark.parametrize("field", [{"language": "xx"}, {"theme": "<b>"}, {"language": ""}])
def test_only_what_there_is_can_be_chosen(door: Door, email: str, field: dict[str, str]) -> None:
    """Anything else is refused and changes nothing."""
    guest = door.settle(email)

    page = guest.post("/konto", {"token": guest.token, "language": "en", "theme": "", **field})

    assert 422 == page.status
    assert [("sv", None)] == door.stage.rows(
        "SELECT language, theme FROM people WHERE email = :who", who=email
    )


def test_the_choice_of_language_is_in_the_log(door: Door, email: str) -> None:
    """By the person themselves; colours are not the log's business."""
    guest = door.settle(email)
    for language, theme in (("sv", "dark"), ("en", "dark"), ("en", "")):
        guest.post("/konto", {"token": guest.token, "language": language, "theme": theme})

    told = door.stage.rows(
        "SELECT people.email, via FROM entries JOIN people ON people.id = actor"
        " WHERE kind = 'person_changed'"
    )
    assert [(email, "web")] == told
