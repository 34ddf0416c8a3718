"""One request of one person: who asks, for what, with what they typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from starlette.datastructures import QueryParams

from web.forms import EMPTY, Form
from web.safety import form_token
from web.shared import Site
from web.strip import Strip, strip_of
from web.telling.speech import Speech, speech
from workflow.service.reading.work.work import count_owed
from workflow.service.seeing import Rights
from workflow.service.signing_in.sessions import SignedIn
from workflow.service.world import ZONE, World
from workflow.store.duties import Owed

__all__ = ["NOBODYS", "SignInNeeded", "Visit"]

NOBODYS = Rights(leads=False, reads_all=False)


class SignInNeeded(Exception):
    """Nobody is signed in, and somebody has to be."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """What a page is made from. Everything in it is of this request alone."""

    site: Site
    method: str
    path: str
    """As asked for, e.g. `/arenden/x`."""
    now: datetime
    """Of the world: where a rehearsal's clock stands."""
    query: QueryParams = field(default_factory=QueryParams)
    params: Mapping[str, str] = field(default_factory=dict)
    """What stands in the address, e.g. `case`."""
    form: Form = EMPTY
    browser: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)
    known_tags: str = ""
    """If-None-Match: which forms of the answer the browser has already."""
    near: bool = False
    """It comes from this machine itself."""
    who: SignedIn | None = None
    secret: str = ""
    """Of the session; empty when nobody is signed in."""
    rights: Rights = NOBODYS
    asked_language: Literal["sv", "en"] | None = None
    """For a page that everybody reads, in the language they choose there."""

    @property
    def world(self) -> World:
        """What the verbs need."""
        return self.site.world

    @cached_property
    def strip(self) -> Strip | None:
        """What stands on top of the page in a demo; None where there is none."""
        if not (self.site.is_demo and self.near):
            return None
        return strip_of(self.world, self.site.machine, self.language)

    @cached_property
    def owed(self) -> Owed:
        """How much the person has to do, for the head of every page."""
        return count_owed(self.world, self.person.person)

    @property
    def person(self) -> SignedIn:
        """Who is signed in.

        Raises: SignInNeeded.
        """
        if self.who is None:
            raise SignInNeeded
        return self.who

    @property
    def email(self) -> str:
        """The address of who is signed in.

        Raises: SignInNeeded.
        """
        return self.person.email

    @property
    def language(self) -> Literal["sv", "en"]:
        """The language of the page."""
        if self.asked_language:
            return self.asked_language
        return "en" if self.who and self.who.language == "en" else "sv"

    @property
    def today(self) -> date:
        """The local day."""
        return self.world.today(self.now)

    @cached_property
    def say(self) -> Speech:
        """How days and amounts are written."""
        return speech(self.language, self.today, ZONE)

    @property
    def token(self) -> str:
        """What every form of this session carries."""
        return form_token(self.secret) if self.secret else ""

    @cached_property
    def request_id(self) -> str:
        """A new id for a form, so that sending it twice is sending it once."""
        return self.world.salt()

    def text(self, sv: str, en: str) -> str:
        """Choose by language."""
        return en if self.language == "en" else sv
