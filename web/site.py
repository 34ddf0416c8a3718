"""The pages as one ASGI application: from a request to a visit, from a visit to an answer."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, compile_path
from starlette.staticfiles import StaticFiles
from starlette.types import Lifespan, Scope

from beredning.app import App
from beredning.practice.travel import TimeMachine
from web.access import Access, tell, tell_route
from web.forms import Form, is_text, read_form
from web.patience import Patience
from web.problems import pages as problems
from web.routes import ROUTES, Address, Gate
from web.safety import Bodies, Failures, Headers, Hosts, comes_from_here, is_near, is_token_of
from web.shared import Site
from web.signing_in import steps
from web.visit import NOBODYS, SignInNeeded, Visit
from workflow.core.errors import WorkflowError
from workflow.core.facts import Via
from workflow.service.seeing import nothing_there, rights_of
from workflow.service.signing_in import sessions
from workflow.service.world import World

__all__ = ["make_site"]

FORM_BYTES = 2 * 1024 * 1024
"""The body of a form without files is no larger."""
MB = 1_000_000
FREE = (Gate.ANYBODY, Gate.DEMO)
"""Gates that one passes without being signed in."""


def make_site(
    app: App,
    world: World | None = None,
    *,
    machine: TimeMachine | None = None,
    lifespan: Lifespan[Starlette] | None = None,
) -> Starlette:
    """Make the application, in the app's own world unless another is given.

    `lifespan` goes on as long as the server does.

    Raises: SchemaError, StoreError when the database is not ready; BadInput when the
        settings of the region's sign-in cannot be used.
    """
    own = replace(world or app.world, via=Via.WEB, os_user=None)
    site = Site(app=app, world=own, machine=machine)
    _ = site.provider  # bad settings are found now, not by the first who signs in
    routes = [
        *(
            Route(one.path, partial(_answer, site, one), methods=[one.method])
            for one in ROUTES
            if one.gate is not Gate.DEMO or site.is_demo
        ),
        Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
    ]
    files = [compile_path(one.path)[0] for one in ROUTES if one.takes_files]
    made = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[
            Middleware(Access),
            Middleware(Headers, tls=site.tls),
            Middleware(Failures, answer=partial(_fail, site)),
            Middleware(Hosts, names=site.hosts),
            Middleware(Patience),
            Middleware(
                Bodies,
                limit=FORM_BYTES,
                files=site.config.web.file_mb * MB + FORM_BYTES,
                takes_files=lambda path: any(one.match(path) for one in files),
            ),
        ],
        exception_handlers={HTTPException: partial(_refuse, site)},
    )
    made.router.redirect_slashes = False  # an address has one form, and no other leads to it
    return made


# ---- a request -------------------------------------------------------------------------


async def _answer(site: Site, address: Address, request: Request) -> Response:
    """Answer one request; pages are made in threads, since the store is synchronous."""
    tell_route(request.scope, address.path, request.path_params)
    form = Form()
    if not all(is_text(one) for one in request.path_params.values()):
        raise HTTPException(404)
    if not all(is_text(one) for pair in request.query_params.multi_items() for one in pair):
        raise HTTPException(400)
    if address.method == "POST":
        if request.scope.get("too_large"):
            raise HTTPException(413)
        size = site.config.web.file_mb * MB if address.takes_files else 0
        form = await read_form(request, size)
        if request.scope.get("too_large"):
            raise HTTPException(413)
    return await run_in_threadpool(_visit, site, address, request, form)


def _visit(site: Site, address: Address, request: Request, form: Form) -> Response:
    visit = _nobody(site, request, form)
    try:
        visit = _with_person(visit, request)
        if visit.who:
            tell(request.scope, person=visit.who.person)
        refusal = _check(visit, address, request)
        return refusal or address.handler(visit)
    except SignInNeeded:
        return problems.sign_in_first(visit)
    except WorkflowError as error:
        return problems.refused(visit, error, address.path)
    except Exception as error:  # noqa: BLE001 - the web's edge: a number for the person, the rest for the log
        return problems.broken(visit, error, address.path)


def _nobody(site: Site, request: Request, form: Form) -> Visit:
    return Visit(
        site=site,
        method=request.method,
        path=request.url.path,
        now=site.app.now(),
        query=request.query_params,
        params=request.path_params,
        form=form,
        browser=request.headers.get("user-agent", ""),
        cookies=request.cookies,
        known_tags=request.headers.get("if-none-match", ""),
        near=is_near(request),
    )


def _with_person(visit: Visit, request: Request) -> Visit:
    """Find out who asks, and when it is; both anew at each request."""
    site = visit.site
    with site.world.database.read() as connection:
        now = site.world.now(connection)
    secret = request.cookies.get(site.cookie, "")
    if not secret or (site.is_demo and not visit.near):
        return replace(visit, now=now)
    idle = site.config.auth.idle_minutes
    who = sessions.whose(site.world, secret, idle, site.app.clock)
    if who is None or who.mode != site.config.auth.mode.value:
        return replace(visit, now=now)
    with site.world.database.read() as connection:
        rights = rights_of(site.world, connection, who.email)
    return replace(visit, now=now, who=who, secret=secret, rights=rights)


def _check(visit: Visit, address: Address, request: Request) -> Response | None:
    """Let nobody past a gate that is not theirs, nor a form that is not from here.

    Where a form comes from is asked first of all: what another page has written is never
    shown here, to be sent on by whoever is in the middle of something.

    Raises: SignInNeeded, NotFound.
    """
    is_form = address.method == "POST"
    if is_form and not comes_from_here(request, visit.site.origins(request)):
        return problems.foreign(visit)
    if address.gate is Gate.DEMO and not visit.near:
        raise nothing_there()
    if address.gate not in FREE and visit.who is None:
        raise SignInNeeded
    if address.gate is Gate.READS_ALL and not visit.rights.reads_all:
        raise nothing_there()
    if address.gate is Gate.LEADS and not visit.rights.leads:
        raise nothing_there()
    step = steps.step_needed(visit)
    if step and address.gate not in FREE and not steps.is_open(address.path, step):
        return problems.step_first(visit, step)
    if is_form and visit.secret and not is_token_of(visit.secret, visit.form.text("token")):
        return problems.send_again(visit)
    return None


async def _refuse(site: Site, request: Request, error: Exception) -> Response:
    """Answer what never came as far as a page: no such address, too large, no form."""
    status = error.status_code if isinstance(error, HTTPException) else 400
    headers = (error.headers if isinstance(error, HTTPException) else None) or {}

    def answer() -> Response:
        response = problems.plain(_whoever(site, request), status)
        response.headers.update(headers)
        return response

    return await run_in_threadpool(answer)


async def _fail(site: Site, scope: Scope, error: Exception) -> Response:
    """Answer what broke outside a page, or in the page that tells of it."""
    request = Request(scope)

    def answer() -> Response:
        try:
            return problems.broken(_whoever(site, request), error)
        except Exception as worse:  # noqa: BLE001 - then not even this page can be made
            return problems.bare(site.world.salt(), worse)

    return await run_in_threadpool(answer)


def _whoever(site: Site, request: Request) -> Visit:
    """Find out who asks, where that can be done."""
    visit = _nobody(site, request, Form())
    try:
        return _with_person(visit, request)
    except WorkflowError:  # the page is of something else that went wrong
        return replace(visit, rights=NOBODYS)
