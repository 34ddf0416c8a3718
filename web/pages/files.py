"""The files of a case: added, taken home, taken away."""

from typing import Final

from starlette.responses import Response

from web.answers import download, go
from web.case.beside import once_more
from web.visit import Visit
from workflow.core.errors import BadInput, Refused
from workflow.core.files.names import name_for_download
from workflow.service import attaching
from workflow.service.attaching import FileWish, Limits
from workflow.service.seeing import nothing_there

__all__ = ["attach", "detach", "read"]

MB: Final = 1_000_000
FILE: Final = "fil"
SECRECY: Final = "sekretess"
"""The fields of the form; also their ids."""


def attach(visit: Visit) -> Response:
    """Attach the file that was chosen.

    Raises: NotFound.
    """
    case = visit.params["case"]
    web = visit.site.config.web
    chosen = visit.form.file(FILE)
    if chosen is None:
        told = visit.text("Välj en fil att bifoga.", "Choose a file to attach.")
        return once_more(visit, {FILE: told})
    wish = FileWish(
        case=case,
        name=chosen.name,
        content=chosen.content,
        email=visit.email,
        secrecy=visit.form.text(SECRECY),
    )
    try:
        limits = Limits(file_bytes=web.file_mb * MB, case_bytes=web.case_mb * MB)
        attaching.attach(visit.world, wish, limits)
    except BadInput as error:
        wrong = {reason.code for reason in error.reasons}
        field = SECRECY if "secrecy" in wrong else FILE
        return once_more(visit, {field: visit.text(error.sv, error.en)})
    except Refused as error:
        return once_more(visit, {"": visit.text(error.sv, error.en)}, error)
    return go(f"/arenden/{case}", "filer")


def read(visit: Visit) -> Response:
    """Give a file to be saved.

    Raises: NotFound.
    """
    case, number = visit.params["case"], _number(visit)
    got = attaching.read_file(visit.world, case, number, visit.email)
    return download(name_for_download(got.name), got.media_type, got.content)


def detach(visit: Visit) -> Response:
    """Take a file away.

    Raises: NotFound.
    """
    case, number = visit.params["case"], _number(visit)
    try:
        attaching.detach(visit.world, case, number, email=visit.email)
    except Refused as error:
        return once_more(visit, {"": visit.text(error.sv, error.en)}, error)
    return go(f"/arenden/{case}", "filer")


def _number(visit: Visit) -> int:
    """Read the number that stands in the address.

    Raises: NotFound.
    """
    written = visit.params["number"]
    if not written.isascii() or not written.isdecimal() or len(written) > 9:
        raise nothing_there()
    return int(written)
