"""The program put together: what it makes of its settings."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from beredning.app import App
from beredning.config import Config
from notifications.deliver import FolderSender
from notifications.smtp import SmtpSender, SmtpSettings
from workflow.core.errors import BadInput, SchemaError, StoreError


def _app(tmp_path: Path, **mail: str) -> App:
    url = f"sqlite:///{tmp_path / 'app.db'}"
    return App(config=Config(database={"url": url}, mail=mail))  # type: ignore[arg-type]


def test_nothing_is_opened_before_it_is_needed(tmp_path: Path) -> None:
    """A program that only reads definitions needs no database."""
    app = _app(tmp_path)

    assert "prioritering" in app.registry.keys()  # noqa: SIM118 - a registry is no mapping
    assert not (tmp_path / "app.db").exists()


def test_a_world_needs_a_database_that_is_ready(tmp_path: Path) -> None:
    """Without `init` there is no world, and no file is made."""
    with pytest.raises(StoreError):
        _ = _app(tmp_path).world

    (tmp_path / "app.db").touch()
    with pytest.raises(SchemaError):
        _ = _app(tmp_path).world


@pytest.mark.parametrize("rehearsal", [True, False])
def test_a_world_knows_what_its_database_is(tmp_path: Path, rehearsal: bool) -> None:
    """The installation's name and kind come from the database, the domain from the sender."""
    app = _app(tmp_path, sender="Ansvarig <ansvarig@prov.example>")

    made = app.install(rehearsal=rehearsal)

    assert made.name == app.world.installation
    assert rehearsal == app.world.rehearsal
    assert "ansvarig@prov.example" == app.sender_address
    assert "prov.example" == app.world.sender_domain
    app.database.close()


def test_the_clock_of_a_rehearsal_is_the_databases(tmp_path: Path) -> None:
    """It stands still, where it was put; two programs see the same."""
    _app(tmp_path).install(rehearsal=True)
    at = datetime(2008, 11, 3, 7, 0, tzinfo=UTC)
    first, second = _app(tmp_path), _app(tmp_path)

    first.world.set_clock(at)

    with second.world.database.read() as connection:
        assert at == second.world.now(connection)
    for app in (first, second):
        app.database.close()


def test_a_plan_is_laid_out_for_next_year_when_nobody_says(tmp_path: Path) -> None:
    """`check` looks at the plan of the year to come."""
    assert 2010 == _app(tmp_path).year(datetime(2009, 12, 31, tzinfo=UTC))


RELAY = {
    "host": "smtp.alvmark.example",
    "port": 2525,
    "user": "beredning",
    "password": "hemligt",
    "helo": "b.alvmark.example",
    "connections": 7,
}


def _with_relay(tmp_path: Path, *, rehearsal: bool = False, **smtp: object) -> App:
    config = Config(
        database={"url": f"sqlite:///{tmp_path / 'app.db'}"},  # type: ignore[arg-type]
        mail={"sender": "Beredning <beredning@alvmark.example>"},  # type: ignore[arg-type]
        smtp=RELAY | smtp,  # type: ignore[arg-type]
    )
    app = App(config=config)
    app.install(rehearsal=rehearsal)
    return app


def test_mail_goes_to_a_folder_until_a_relay_is_set(tmp_path: Path) -> None:
    """With `smtp.host` empty every mail is laid in `mail.outbox_dir`."""
    sender = _app(tmp_path, outbox_dir=str(tmp_path / "mail")).sender()

    assert isinstance(sender, FolderSender)
    assert tmp_path / "mail" == sender.folder


def test_mail_goes_to_the_relay_of_the_settings(tmp_path: Path) -> None:
    """All settings reach the sender; bounces go to the sender's own address."""
    app = _with_relay(tmp_path)

    sender = app.sender()
    app.database.close()

    assert isinstance(sender, SmtpSender)
    assert 7 == sender.lanes
    assert sender.settings == SmtpSettings(
        host="smtp.alvmark.example",
        port=2525,
        tls="starttls",
        user="beredning",
        password="hemligt",
        helo="b.alvmark.example",
        envelope_from="beredning@alvmark.example",
        lanes=7,
    )


def test_bounces_go_where_the_settings_say(tmp_path: Path) -> None:
    """`mail.bounce_to` is the envelope's sender."""
    app = _with_relay(tmp_path)
    mail = app.config.mail.model_copy(update={"bounce_to": "studsar@alvmark.example"})

    sender = App(config=app.config.model_copy(update={"mail": mail})).sender()
    app.database.close()

    assert isinstance(sender, SmtpSender)
    assert "studsar@alvmark.example" == sender.settings.envelope_from


def test_mail_of_a_rehearsal_never_leaves_the_machine(tmp_path: Path) -> None:
    """A relay that is set by mistake, or for later, gets nothing of it."""
    app = _with_relay(tmp_path, rehearsal=True)

    sender = app.sender()
    app.database.close()

    assert isinstance(sender, FolderSender)


def test_relay_that_cannot_be_used_is_refused_before_any_mail(tmp_path: Path) -> None:
    """A CA file that is not there is told at once, with the setting's name."""
    app = _with_relay(tmp_path, ca_file=str(tmp_path / "none.pem"))

    with pytest.raises(BadInput, match=r"smtp\.ca_file"):
        app.sender()
    app.database.close()
