"""What all requests share: the settings, the world, the templates, the way to sign in."""

from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request

from beredning.app import App
from beredning.config import Config, Mode
from beredning.practice.travel import TimeMachine
from web.signing_in.oidc import COME_BACK, Provider, Settings
from web.telling.links import linked
from web.words import translations
from workflow.service.world import World

__all__ = ["Site", "templates"]


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
            self.environments[language] = templates(language)
        return self.environments[language]


def templates(language: str) -> Environment:
    """Make the templates of a language; everything in them is escaped."""
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
