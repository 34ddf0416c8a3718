"""Releasing a decided list to everybody: what becomes public, then the deed; and back again."""

from starlette.responses import Response

from documents.papers.open_data import words_of
from web.answers import go, page
from web.visit import Visit
from workflow.core.errors import BadInput, NoRight, Refused, Stale
from workflow.service.reading.published.picking import amount_column, naming_column
from workflow.service.reading.published.preview import ReleasePreview, preview_release
from workflow.service.releasing import ReleaseWish, release, withdraw_release

__all__ = ["free", "show", "withdraw"]


def show(visit: Visit) -> Response:
    """Show what would become public.

    Raises: NotFound.
    """
    return _show(visit, _read(visit))


def free(visit: Visit) -> Response:
    """Release the list as it was shown.

    Raises: NotFound.
    """
    wish = ReleaseWish(
        case=visit.params["case"],
        table=visit.params["table"],
        email=visit.email,
        seal=visit.form.text("seal"),
        introduction=visit.form.text("introduction"),
    )
    try:
        made = release(visit.world, wish)
    except NoRight:
        raise
    except (BadInput, Refused, Stale) as error:
        status = 422 if isinstance(error, BadInput) else 409
        field = "introduction" if isinstance(error, BadInput) else ""
        return _show(visit, _read(visit), {field: visit.text(error.sv, error.en)}, status)
    return go(f"{visit.path}?frislappt={made}")


def withdraw(visit: Visit) -> Response:
    """Withdraw a release.

    Raises: NotFound.
    """
    case, publication = visit.params["case"], visit.params["publication"]
    back = visit.path.removesuffix(f"/{publication}/dra-tillbaka")
    if not visit.form.text("reason").strip():
        told = visit.text("Skriv varför. En mening räcker.", "Say why. One sentence will do.")
        return _show(visit, _read(visit), {f"reason-{publication}": told}, 422)
    withdraw_release(
        visit.world, case, publication, email=visit.email, reason=visit.form.text("reason")
    )
    return go(f"{back}?tillbakadraget={publication}")


def _read(visit: Visit) -> ReleasePreview:
    case, table = visit.params["case"], visit.params["table"]
    return preview_release(visit.world, case, table, visit.email)


def _show(
    visit: Visit,
    found: ReleasePreview,
    errors: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    ids = {one.id for one in found.former}
    freed, closed = (visit.query.get(name, "") for name in ("frislappt", "tillbakadraget"))
    return page(
        visit,
        "release/release.html",
        status,
        found=found,
        made=found.made,
        path=f"/arenden/{found.case}/lista/{found.table}/frislapp",
        naming=naming_column(found.made),
        amount=amount_column(found.made),
        words_of=words_of,
        errors=errors or {},
        introduction=visit.form.text("introduction"),
        freed=freed if freed in ids else "",
        closed=closed if closed in ids else "",
    )
