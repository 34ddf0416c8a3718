"""The pages as they are where people sign in, and any number of browsers before them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.testclient import TestClient

from beredning.app import App
from beredning.config import Auth, Config, Mode
from tests.service.worlds import Stage
from tests.web.browsing import BASE, Guest
from web.site import make_site
from workflow.service.signing_in import accounts

__all__ = ["GIVEN", "OWN", "Door"]

GIVEN = "molnfri hästvagn 7"
OWN = "tegelsten under bron"


@dataclass(frozen=True, kw_only=True)
class Door:
    """One installation's pages."""

    stage: Stage
    site: Starlette
    app: App

    @classmethod
    def of(cls, stage: Stage, **auth: Any) -> "Door":
        """Open the pages over a stage; people sign in by password when nothing is said."""
        config = Config(
            auth=Auth(**{"mode": Mode.LOCAL, "second_factor": False, **auth}),
            mail={"outbox_dir": Path(stage.outbox)},  # type: ignore[arg-type]  # read by pydantic
            web={"base_url": BASE},  # type: ignore[arg-type]  # read by pydantic
        )
        app = App(config=config)
        return cls(stage=stage, site=make_site(app, stage.world), app=app)

    def browser(self, name: str = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0") -> Guest:
        """Open another browser."""
        client = TestClient(
            self.site, base_url=BASE, raise_server_exceptions=False, headers={"user-agent": name}
        )
        return Guest(self.stage, client)

    def give(self, email: str, password: str = GIVEN) -> None:
        """Let the operator give somebody a password."""
        accounts.set_account(self.stage.world, email, self.app.clock, password=password)

    def enter(self, email: str, password: str = GIVEN, code: str = "", till: str = "") -> Guest:
        """Open a browser and sign in by the form."""
        guest = self.browser()
        page = guest.get(f"/logga-in?till={till}" if till else "/logga-in")
        guest.send(page, "Logga in", email=email, password=password, code=code)
        return guest

    def settle(self, email: str) -> Guest:
        """Give somebody an account, let them choose a password; gives their browser."""
        self.give(email)
        guest = self.enter(email)
        page = guest.get("/konto/losenord")
        guest.send(page, "Byt lösenord", present=GIVEN, new=OWN, again=OWN)
        return guest
