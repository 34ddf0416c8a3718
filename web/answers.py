"""Answers: a page, a way on, a file."""

from collections.abc import Iterable
from urllib.parse import quote

from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from web.visit import Visit

__all__ = ["download", "go", "page", "refresh_cookie", "stream"]


def page(visit: Visit, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """Render a template of `web/templates/` with what the page is about."""
    made = visit.site.environment(visit.language).get_template(template)
    return HTMLResponse(made.render(visit=visit, say=visit.say, **values), status)


def go(path: str, fragment: str = "") -> RedirectResponse:
    """Send the browser on to a path of ours with GET, so that nothing is sent twice."""
    return RedirectResponse(path + (f"#{fragment}" if fragment else ""), 303)


def download(name: str, media_type: str, content: bytes) -> Response:
    """Give a file to be saved, never shown in place (RFC 6266)."""
    return Response(content, media_type=media_type, headers=_as_file(name))


def stream(name: str, media_type: str, parts: Iterable[str]) -> StreamingResponse:
    """Give a file that is written while it is sent."""
    return StreamingResponse(iter(parts), media_type=media_type, headers=_as_file(name))


def _as_file(name: str) -> dict[str, str]:
    plain = "".join(c if (c.isascii() and c.isalnum()) or c in "-_." else "_" for c in name)
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return {"content-disposition": named, "content-security-policy": "sandbox; default-src 'none'"}


def refresh_cookie(visit: Visit, response: Response, secret: str) -> None:
    """Give the browser the secret of its session; an empty one takes it away."""
    site = visit.site
    if secret:
        response.set_cookie(
            site.cookie, secret, path="/", httponly=True, secure=site.tls, samesite="lax"
        )
    else:
        response.delete_cookie(
            site.cookie, path="/", httponly=True, secure=site.tls, samesite="lax"
        )
