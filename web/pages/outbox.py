"""The outbox: what waits, what has gone, what did not; holding it, sending anew."""

from urllib.parse import quote

from starlette.responses import Response

from notifications.letter import LetterError, compose_letter
from notifications.mail_parts import UnreadableMail, parse, value_of, walk, words_of
from notifications.render import text_of
from web.answers import go, page
from web.previews import errors_of, status_of
from web.visit import Visit
from workflow.core.errors import WorkflowError, bad_input
from workflow.service.mail import mailroom
from workflow.service.reading.past.outbox import ShownMail, mail_number, read_mail, read_outbox
from workflow.service.seeing import nothing_there

__all__ = ["send_again", "set_hold", "show", "show_mail"]


def show(visit: Visit) -> Response:
    """Show the outbox; with `namn` in the address go to the mail of that Message-ID.

    Raises: NotFound, BadInput.
    """
    name = visit.query.get("namn", "")
    if name:
        return go(f"/admin/utskick/{mail_number(visit.world, name)}")
    return _list(visit)


def show_mail(visit: Visit) -> Response:
    """Show one mail, what it says and each try to send it.

    Raises: NotFound.
    """
    return _one(visit, _read(visit))


def set_hold(visit: Visit) -> Response:
    """Hold all mail, or let it go.

    Raises: NoRight; BadInput for anything else than the two.
    """
    wish = visit.form.text("do")
    if wish not in ("hold", "release"):
        raise bad_input("do", "Välj att hålla inne eller släppa.", "Choose to hold or release.")
    (mailroom.keep_back if wish == "hold" else mailroom.release)(visit.world, visit.email)
    return go("/admin/utskick")


def send_again(visit: Visit) -> Response:
    """Put a mail once more, to the person or to another address.

    Raises: NotFound.
    """
    found = _read(visit)
    to = visit.form.text("to").strip() or None
    try:
        told = mailroom.resend(visit.world, found.mail.message_id, to=to, email=visit.email)
    except WorkflowError as error:
        return _one(visit, found, errors_of(visit, error, "to"), status_of(error))
    return go(f"/admin/utskick?namn={quote(told['message_id'], safe='')}")


def _list(visit: Visit) -> Response:
    state, before = visit.query.get("lage", ""), visit.query.get("fore", "")
    place = int(before) if before.isdecimal() and len(before) < 10 else 0
    return page(
        visit,
        "lead/outbox.html",
        found=read_outbox(visit.world, visit.email, state, place),
        chosen=state,
        hold=mailroom.hold(visit.world),
        redirect_to=visit.site.config.mail.redirect_to,
    )


def _read(visit: Visit) -> ShownMail:
    key = visit.params["mail"]
    if not key.isdecimal() or len(key) > 9:
        raise nothing_there()
    return read_mail(visit.world, visit.email, int(key))


def _one(
    visit: Visit, found: ShownMail, errors: dict[str, str] | None = None, status: int = 200
) -> Response:
    subject, text = _words(visit, found)
    return page(
        visit,
        "lead/mail.html",
        status,
        found=found,
        mail=found.mail,
        subject=subject,
        text=text,
        errors=errors or {},
        redirect_to=visit.site.config.mail.redirect_to,
    )


def _words(visit: Visit, found: ShownMail) -> tuple[str, str]:
    """Give subject and text: of the finished mail, or of what it would be now; both empty when
    it was disposed of or tells nothing."""
    if found.mail.body:
        try:
            whole = parse(found.mail.body)
        except UnreadableMail:
            return "", ""
        parts = [part for part in walk(whole) if part.get_content_type() == "text/plain"]
        return value_of(whole, "Subject"), words_of(parts[0]) if parts else ""
    if found.facts is None:
        return "", ""
    try:
        letter = compose_letter(found.facts, visit.site.config.web.base_url)
    except LetterError:
        return "", ""
    return letter.subject, text_of(letter, installation=found.facts.organisation)
