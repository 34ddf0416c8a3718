"""Files and comments of a case in a browser without scripts."""

from typing import Any
from urllib.parse import unquote

import pytest

from tests.service.worlds import Stage
from tests.support.documents import DOCX, PDF
from tests.web.browsing import HERE, Guest, Page, visit_of
from workflow.service import attaching
from workflow.service.attaching import FileWish, Limits


@pytest.fixture
def unit(guest: Guest) -> str:
    """The first verksamhet; its chief is signed in."""
    found = guest.stage.units("verksamhet")[0]
    guest.sign_in(guest.stage.chief(found))
    return found


def address(guest: Guest, unit: str) -> str:
    """Give the address of a unit's underlag."""
    return f"/arenden/{guest.stage.case('underlag', unit)}"


def attach(
    guest: Guest, unit: str, name: str = "underlag.pdf", content: bytes = PDF, **more: str
) -> Page:
    """Send the form with a file."""
    fields = {"token": guest.token, **more}
    files = {"fil": (name, content, "application/octet-stream")}
    return guest.post(f"{address(guest, unit)}/filer", fields, files=files)


def comment(guest: Guest, unit: str, text: str) -> Page:
    """Write a comment by the form."""
    page = guest.get(address(guest, unit))
    return guest.send(page, "Lägg till kommentaren", kommentar=text)


def errors(page: Page) -> dict[str, str]:
    """Give what is said at each field, by the field's id."""
    return {
        str(one["id"]).removesuffix("-err"): " ".join(one.get_text(" ").split())
        for one in page.soup.find_all(class_="err")
    }


def raw(guest: Guest, path: str) -> Any:
    """Ask for something that is no page."""
    return guest.client.get(path)


# ---- files -----------------------------------------------------------------------------


def test_a_file_is_attached_and_taken_home(guest: Guest, unit: str) -> None:
    """From the form to the list, from the list to the disk; byte for byte."""
    page = attach(guest, unit, "Åtgärder 2010.docx", DOCX, sekretess="OSL 25 kap. 1 §")

    got = raw(guest, page.links["Åtgärder 2010.docx"])

    assert (200, f"{address(guest, unit)}#filer") == (page.status, page.url)
    assert "DOCX, 1 kB" in page.words
    assert "Sekretess: OSL 25 kap. 1 §" in page.words
    assert DOCX == got.content


def test_a_file_is_never_shown_in_place(guest: Guest, unit: str) -> None:
    """Saved under its name, of its own kind, in a box of its own, and kept by no cache."""
    stage = guest.stage
    wish = FileWish(
        case=stage.case("underlag", unit),
        name='Åtgärder; "2010"\r\nx: 1%.pdf',
        content=PDF,
        email=stage.chief(unit),
    )
    attaching.attach(stage.world, wish, Limits(file_bytes=10_000, case_bytes=10_000))
    got = raw(guest, f"{address(guest, unit)}/filer/1")

    disposition = got.headers["content-disposition"]

    assert disposition.startswith("attachment; filename=")
    assert disposition.isascii()
    assert "Åtgärder; _2010_ x_ 1%.pdf" == unquote(disposition.partition("filename*=UTF-8''")[2])
    assert 2 == disposition.count('"')
    assert "application/pdf" == got.headers["content-type"]
    assert "nosniff" == got.headers["x-content-type-options"]
    assert "sandbox; default-src 'none'" == got.headers["content-security-policy"]
    assert "no-store" == got.headers["cache-control"]


def test_a_device_name_is_harmless(guest: Guest, unit: str) -> None:
    """What Windows takes for a device is saved as a file."""
    attach(guest, unit, "CON.pdf")

    assert (
        '"_CON.pdf"' in raw(guest, f"{address(guest, unit)}/filer/1").headers["content-disposition"]
    )


def test_a_file_is_taken_away(guest: Guest, unit: str) -> None:
    """By its own button, after a sentence on what that means; sent twice, it is once."""
    page = attach(guest, unit)
    form = page.form("Ta bort filen underlag.pdf")

    gone = guest.send(page, "Ta bort filen underlag.pdf")
    again = guest.post(str(form["action"]), {"token": guest.token})

    assert "går inte att få tillbaka" in page.words
    assert "underlag.pdf" not in gone.links
    assert 200 == again.status
    assert 404 == raw(guest, f"{address(guest, unit)}/filer/1").status_code


TURNED_DOWN = {
    "nothing chosen": ("", b"", "Välj en fil att bifoga."),
    "empty": ("tom.pdf", b"", "Filen är tom."),
    "a program": ("x.exe", b"MZ\x90\0" * 40, "Program och skript"),
    "a page": ("x.html", b"<!doctype html><script>alert(1)</script>", "Webbsidor"),
    "another kind": ("x.pdf", DOCX, "men är ett Word-dokument"),
    "too large": ("x.pdf", b"%PDF-" + bytes(1_200_000), "Filen är 1,3 MB. Högst 1 MB"),
}


@pytest.mark.parametrize("why", TURNED_DOWN)
def test_a_file_that_is_turned_down_says_so_at_its_field(groundwork: Stage, why: str) -> None:
    """And in the summary with a link there; what was typed beside it is kept."""
    name, content, said = TURNED_DOWN[why]
    with visit_of(groundwork, web={"file_mb": 1, "case_mb": 1}) as guest:
        unit = groundwork.units("verksamhet")[0]
        guest.sign_in(groundwork.chief(unit))

        page = attach(guest, unit, name, content, sekretess="OSL 26")

        assert 422 == page.status
        assert said in errors(page)["fil"]
        assert "#fil" in page.links.values()
        assert "OSL 26" == page.soup.find(id="sekretess")["value"]  # type: ignore[index]
        assert [(0,)] == groundwork.rows("SELECT count(*) FROM files")


def test_more_than_a_case_holds_is_turned_down(groundwork: Stage) -> None:
    """With what there is, what may be, and what to do."""
    with visit_of(groundwork, web={"file_mb": 1, "case_mb": 1}) as guest:
        unit = groundwork.units("verksamhet")[0]
        guest.sign_in(groundwork.chief(unit))
        attach(guest, unit, "a.txt", b"x" * 600_000)

        page = attach(guest, unit, "b.txt", b"y" * 600_000)

        assert "600 kB och får vara 1 MB" in errors(page)["fil"]


def test_a_body_larger_than_any_file_is_not_read(groundwork: Stage) -> None:
    """It is refused whole, with a page of its own."""
    with visit_of(groundwork, web={"file_mb": 1, "case_mb": 1}) as guest:
        unit = groundwork.units("verksamhet")[0]
        guest.sign_in(groundwork.chief(unit))

        assert 413 == attach(guest, unit, "a.txt", b"x" * 5_000_000).status


def test_a_long_ground_for_secrecy_is_turned_down_at_its_field(guest: Guest, unit: str) -> None:
    """Its own field, not the file's."""
    page = attach(guest, unit, sekretess="x" * 201)

    assert {"sekretess"} == set(errors(page))


def test_who_may_not_add_is_told_why(guest: Guest, unit: str) -> None:
    """In place of the form; a form that is sent all the same is refused with the page."""
    attach(guest, unit)
    guest.sign_in(guest.stage.boss(unit))

    page = guest.get(address(guest, unit))
    sent = attach(guest, unit, "b.pdf")

    assert "Bifoga filen" not in page.buttons
    assert "Filer läggs till av den som har ärendet nu: verksamhetschef" in page.words
    assert 403 == sent.status
    assert "verksamhetschef" in sent.words


def test_what_was_handed_on_stays(guest: Guest, unit: str) -> None:
    """There is no button, and the form of an old page is refused in words."""
    page = attach(guest, unit)
    guest.stage.hand_in(unit)
    guest.sign_in(guest.stage.boss(unit))

    now = guest.get(address(guest, unit))
    sent = guest.post(
        str(page.form("Ta bort filen underlag.pdf")["action"]), {"token": guest.token}
    )

    assert "Ta bort filen underlag.pdf" not in now.buttons
    assert 409 == sent.status
    assert "ligger kvar" in sent.words


NUMBERS = ("2", "0", "-1", "x", "1.0", "１", "9" * 40, "1%2F..", "%2e%2e")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_that_is_none_is_not_there(guest: Guest, unit: str, number: str) -> None:
    """Asked for or taken away, the answer is the same."""
    attach(guest, unit)
    path = f"{address(guest, unit)}/filer/{number}"

    assert 404 == raw(guest, path).status_code
    assert 404 == guest.post(f"{path}/ta-bort", {"token": guest.token}).status


def test_to_a_stranger_nothing_is_there(guest: Guest, unit: str) -> None:
    """The chief of another unit: page, file, form, comment; one answer for all."""
    attach(guest, unit)
    here = address(guest, unit)
    stranger = next(
        one
        for one in guest.stage.units("verksamhet")
        if guest.stage.parent(one) != guest.stage.parent(unit)
    )
    guest.sign_in(guest.stage.chief(stranger))

    answers = [
        raw(guest, f"{here}/filer/1").status_code,
        guest.head(f"{here}/filer/1"),
        attach(guest, unit, "b.pdf").status,
        guest.post(f"{here}/filer/1/ta-bort", {"token": guest.token}).status,
        guest.post(f"{here}/kommentarer", {"token": guest.token, "kommentar": "x"}).status,
    ]

    assert [404] * 5 == answers


def test_nobody_who_has_not_signed_in_gets_a_file(guest: Guest, unit: str) -> None:
    """They are sent to the sign-in."""
    attach(guest, unit)
    guest.client.cookies.clear()

    got = guest.client.get(f"{address(guest, unit)}/filer/1", follow_redirects=False)

    assert 303 == got.status_code
    assert got.headers["location"].startswith("/logga-in")


def test_a_form_from_elsewhere_is_refused(guest: Guest, unit: str) -> None:
    """Another site's page, and a form without the session's token."""
    path = f"{address(guest, unit)}/filer"
    files = {"fil": ("a.pdf", PDF, "application/pdf")}
    foreign = guest.client.post(
        path, data={"token": guest.token}, files=files, headers={"sec-fetch-site": "cross-site"}
    )
    guest.client.post(path, data={"token": "x"}, files=files, headers=HERE)

    assert 403 == foreign.status_code
    assert [(0,)] == guest.stage.rows("SELECT count(*) FROM attachments")


# ---- comments --------------------------------------------------------------------------


def test_a_comment_is_written_and_read(guest: Guest, unit: str) -> None:
    """With its lines and its links, under its name; and nothing in it is obeyed."""
    text = "Se https://region.example/x?a=1&b=2.\n\n<script>alert(1)</script>{{ 7 * 7 }}"

    page = comment(guest, unit, text)

    said = page.soup.find(id="kommentar.1")
    assert said is not None
    assert f"{address(guest, unit)}#kommentarer" == page.url
    assert text == said.find(class_="lines-kept").get_text()  # type: ignore[union-attr]
    assert ["https://region.example/x?a=1&b=2"] == [a["href"] for a in said.find_all("a")]
    assert [] == said.find_all("script")


def test_an_empty_comment_says_so_at_its_field(guest: Guest, unit: str) -> None:
    """With a link there from the summary."""
    page = comment(guest, unit, " \n ")

    assert 422 == page.status
    assert {"kommentar": "Skriv en kommentar."} == errors(page)
    assert "#kommentar" in page.links.values()


def test_a_comment_that_is_too_long_is_given_back(guest: Guest, unit: str) -> None:
    """Every sign of it stands in the field."""
    text = "x" * 5001

    page = comment(guest, unit, text)

    field = page.soup.find("textarea", id="kommentar")
    assert field is not None
    assert text == field.get_text().removeprefix("\n")
    assert "5001 tecken. Högst 5000" in errors(page)["kommentar"]


def test_the_auditor_reads_and_is_told_why_not_to_write(guest: Guest, unit: str) -> None:
    """No field, the reason in its place, and what was written is given back when sent."""
    comment(guest, unit, "Första")
    guest.sign_in(guest.stage.holder("revisor"))

    page = guest.get(address(guest, unit))
    sent = guest.post(
        f"{address(guest, unit)}/kommentarer", {"token": guest.token, "kommentar": "Andra"}
    )

    assert "Första" in page.words
    assert "Lägg till kommentaren" not in page.buttons
    assert 403 == sent.status
    assert "Andra" in sent.text
    assert [(1,)] == guest.stage.rows("SELECT count(*) FROM comments")


def test_pressing_twice_is_writing_once(guest: Guest, unit: str) -> None:
    """The same form, sent again, is the same comment."""
    page = guest.get(address(guest, unit))
    for _ in range(3):
        guest.send(page, "Lägg till kommentaren", kommentar="En gång")

    assert [(1,)] == guest.stage.rows("SELECT count(*) FROM comments")


def test_the_page_speaks_english(guest: Guest, unit: str) -> None:
    """Labels, reasons and sizes."""
    guest.stage.change("UPDATE people SET language = 'en'")
    attach(guest, unit)

    page = guest.get(address(guest, unit))

    assert {"Attach the file", "Add the comment"} <= set(page.buttons)
    assert "cannot be had back" in page.words
