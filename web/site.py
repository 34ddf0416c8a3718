"""The pages as one ASGI application: from a request to a visit, from a visit to an answer."""

from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
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
from beredning.config import Config, Mode
from beredning.practice.travel import TimeMachine
from web.access import Access, tell, tell_route
from web.forms import Form, is_text, read_form
from web.patience import Patience
from web.problems import pages as problems
from web.routes import COME_BACK, ROUTES, Address, Gate
from web.safety import Bodies, Failures, Headers, Hosts, comes_from_here, is_near, is_token_of
from web.signing_in import steps
from web.signing_in.oidc import Provider, Settings
from web.telling.links import linked
from web.visit import NOBODYS, SignInNeeded, Visit
from web.words import translations
from workflow.core.errors import WorkflowError
from workflow.core.facts import Via
from workflow.service.seeing import nothing_there, rights_of
from workflow.service.signing_in import sessions
from workflow.service.world import World

__all__ = ["Site", "make_site"]

FORM_BYTES = 2 * 1024 * 1024
"""The body of a form without files is no larger."""
MB = 1_000_000
FREE = (Gate.ANYBODY, Gate.DEMO)
"""Gates that one passes without being signed in."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """What all requests share."""

    app: App
    world: World
    machine: TimeMachine | None = None
    """A demo's, where there is one."""
    environments: dict[str, Environment] = field(default_factory=dict)

    @property
    def config(self) -> Config:
        """The settings."""
        return self.app.config

    @property
    def is_demo(self) -> bool:
        """Anybody at this machine may be anybody."""
        return self.config.auth.mode is Mode.DEMO

    @cached_property
    def tls(self) -> bool:
        """Whether browsers come by TLS."""
        return self.config.web.base_url.startswith("https://")

    @cached_property
    def cookie(self) -> str:
        """The cookie's name; with TLS no other host or path can set it."""
        return "__Host-beredning" if self.tls else "beredning"

    @property
    def handshake_cookie(self) -> str:
        """The name of the cookie that is on its way to the region's sign-in and back."""
        return f"{self.cookie}-in"

    @cached_property
    def provider(self) -> Provider | None:
        """The region's sign-in; None where people sign in otherwise.

        Raises: BadInput when its settings cannot be used.
        """
        auth = self.config.auth
        if auth.mode is not Mode.OIDC:
            return None
        return Provider(
            Settings(
                issuer=auth.issuer,
                client_id=auth.client_id,
                client_secret=auth.client_secret,
                redirect_uri=f"{self.config.web.base_url}{COME_BACK}",
                scopes="openid email" if auth.claim == "email" else "openid profile email",
            )
        )

    @cached_property
    def hosts(self) -> frozenset[str]:
        """The names that this installation answers to."""
        own = urlsplit(self.config.web.base_url).hostname or ""
        near = ("localhost", "127.0.0.1") if self.is_demo or own == "localhost" else ()
        return frozenset(name.lower() for name in (own, *near, *self.config.web.hosts))

    def origins(self, request: Request) -> frozenset[str]:
        """Give what Origin may say: our own address, by any of our names."""
        scheme = "https" if self.tls else "http"
        return frozenset(
            {self.config.web.base_url, f"{scheme}://{request.headers.get('host', '')}"}
        )

    def environment(self, language: str) -> Environment:
        """Give the templates of a language; everything in them is escaped."""
        if language not in self.environments:
            self.environments[language] = _templates(language)
        return self.environments[language]


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


def _templates(language: str) -> Environment:
    made = Environment(
        loader=PackageLoader("web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.filters["linked"] = linked
    made.install_gettext_translations(translations(language), newstyle=True)  # type: ignore[attr-defined]  # the extension adds it
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
