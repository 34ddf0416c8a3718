"""The settings of an installation: `config.toml`, and the environment over it.

Every key has a default, so that no file is needed to begin. A key or an
environment variable that means nothing is refused with the nearest one that
does: a misspelt address must not become silence in March.
"""

import os
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, time
from difflib import get_close_matches
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from workflow.core.addresses import read_address
from workflow.core.errors import BadInput, Reason

__all__ = [
    "FILE_NAME",
    "PREFIX",
    "About",
    "Auth",
    "CommandLine",
    "Config",
    "Database",
    "Mail",
    "Mode",
    "Processes",
    "Smtp",
    "Tls",
    "Web",
    "read_config",
    "reference",
    "settings",
]

FILE_NAME: Final = "config.toml"
PREFIX: Final = "BEREDNING_"
NESTED: Final = "__"
LARGEST_FILE: Final = 1_000_000
"""Bytes. A settings file is a page of text; a larger one is the wrong file."""


class _UnfitError(ValueError):
    """A value that cannot be used, said in both languages."""

    def __init__(self, sv: str, en: str) -> None:
        super().__init__(sv)
        self.sv = sv
        self.en = en


def _database_url(value: str) -> str:
    """Demand a file or a server. The value may hold a password and is never repeated."""
    if re.fullmatch(r"sqlite:///(?!:memory:).+", value):
        return value
    if re.fullmatch(r"postgresql(\+psycopg)?://.+", value):
        return value
    raise _UnfitError(
        "ska börja med sqlite:/// och en fil, eller med postgresql://",
        "must begin with sqlite:/// and a file, or with postgresql://",
    )


def _sender(value: str) -> str:
    name, address = parseaddr(value)
    try:
        if not value.isprintable() or not address:
            raise BadInput("skriv 'Namn <namn@region.example>'", "write 'Name <name@r.example>'")
        address = read_address(address)
    except BadInput as error:
        raise _UnfitError(
            f"'{value}' är ingen avsändare: {error.sv}", f"'{value}' is no sender: {error.en}"
        ) from error
    return f"{name} <{address}>" if name else address


def _address(value: str) -> str:
    """Demand an address that every mail server takes, or nothing."""
    try:
        return read_address(value) if value else ""
    except BadInput as error:
        raise _UnfitError(f"är fel: {error.sv}", f"is wrong: {error.en}") from error


def _only_with_tls(value: str, given: ValidationInfo) -> str:
    """Demand encryption for what is sent to sign in. The value itself is never shown."""
    if value and given.data.get("tls") is Tls.NONE:
        raise _UnfitError(
            "skulle sändas okrypterat; sätt smtp.tls till 'starttls' eller 'implicit'",
            "would be sent in clear; set smtp.tls to 'starttls' or 'implicit'",
        )
    return value


def _clock(value: object) -> object:
    if isinstance(value, time):
        return value
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        return time.fromisoformat(value)
    raise _UnfitError(
        f"'{value}' är inget klockslag; skriv timme och minut, t.ex. '07:30'",
        f"'{value}' is no time of day; write hour and minute, e.g. '07:30'",
    )


def _base_url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise _UnfitError(
            f"'{value}' är ingen adress; skriv t.ex. 'https://beredning.region.example'",
            f"'{value}' is no address; write e.g. 'https://beredning.region.example'",
        )
    return value.rstrip("/")


def _folders(value: object) -> object:
    """Let a text be several folders, as in the search paths of the system."""
    if isinstance(value, str):
        return [part for part in value.split(os.pathsep) if part.strip()]
    return value


def _names(value: object) -> object:
    """Let a text be several names, with commas between."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _sentences(value: object) -> object:
    """Let a text be several sentences, each on a line of its own."""
    if isinstance(value, str):
        return [part.strip() for part in value.splitlines() if part.strip()]
    return value


def _day(value: object) -> object:
    """Take a day with or without quotes, and keep it as it is written."""
    try:
        return date.fromisoformat(str(value)).isoformat() if value else ""
    except ValueError as error:
        raise _UnfitError(
            f"'{value}' är ingen dag; skriv t.ex. '2026-11-22'",
            f"'{value}' is no day; write e.g. '2026-11-22'",
        ) from error


def _page(value: str) -> str:
    """Demand the address of a page, or nothing."""
    parts = urlsplit(value)
    if value and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise _UnfitError(
            f"'{value}' är ingen adress; skriv t.ex. 'https://region.example/synpunkter'",
            f"'{value}' is no address; write e.g. 'https://region.example/feedback'",
        )
    return value


def _conformity(value: str) -> str:
    if value in ("fully", "partly", "not"):
        return value
    known = "'fully', 'partly' {} 'not'"
    raise _UnfitError(f"ska vara {known.format('eller')}", f"must be {known.format('or')}")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


class Database(_Section):
    """Where everything is kept."""

    url: Annotated[str, AfterValidator(_database_url)] = Field(
        default="sqlite:///beredning.db", repr=False
    )
    """SQLite in a file (`sqlite:///beredning.db`, from the working folder; four slashes
    for a full path) or PostgreSQL (`postgresql://user:password@host/name`)."""


class Tls(StrEnum):
    """How the connection to the mail server is made safe."""

    STARTTLS = "starttls"
    IMPLICIT = "implicit"
    NONE = "none"


class Mail(_Section):
    """What is written to people."""

    sender: Annotated[str, AfterValidator(_sender)] = "Beredning <beredning@region.example>"
    """The sender of every mail: an address, with or without a name before it."""
    outbox_dir: Path = Path("run/mail")
    """The folder where mails are laid as `.eml` files when `smtp.host` is empty."""
    bounce_to: Annotated[str, AfterValidator(_address)] = ""
    """The envelope sender, to which mail that cannot be delivered comes back. Empty: the
    address in `mail.sender`."""
    redirect_to: Annotated[str, AfterValidator(_address)] = ""
    """For a test installation: every mail goes to this one address, marked with whom it was
    for. Empty: mail goes to those it is for."""
    checkpoint_to: Annotated[str, AfterValidator(_address)] = ""
    """The registrator's address, which gets the day's checkpoint of the log. Empty: none is
    sent."""
    hold: bool = False
    """Whether all mail waits. It is composed and kept, and leaves when this is false again."""
    remind_at: Annotated[
        time, BeforeValidator(_clock), PlainSerializer(lambda at: f"{at:%H:%M}")
    ] = time(7, 30)
    """When the one reminder mail of a working day is composed, in the process's time zone."""


class Smtp(_Section):
    """The mail server. With an empty host, mails are laid in `mail.outbox_dir`."""

    host: str = ""
    """Name of the region's mail relay, e.g. `smtp.region.example`."""
    port: Annotated[int, Field(ge=0, le=65535)] = 0
    """0 means the usual one: 587 with STARTTLS, 465 with implicit TLS, 25 with none."""
    tls: Tls = Tls.STARTTLS
    """`starttls` demands that the server offers it and shows a certificate for its name;
    `implicit` is TLS from the first byte; `none` sends in clear, for a relay on the same
    machine."""
    ca_file: str = ""
    """PEM file of the authority behind the server's certificate. Empty: the system's own."""
    user: Annotated[str, AfterValidator(_only_with_tls)] = ""
    """Name to sign in with. Empty: no sign-in."""
    password: Annotated[str, AfterValidator(_only_with_tls), Field(repr=False)] = ""
    """Its password; best given by the environment. Never sent without TLS."""
    helo: str = ""
    """The name this machine gives itself. Empty: its own full name."""
    connections: Annotated[int, Field(ge=1, le=20)] = 4
    """How many connections are open at most at a time."""
    per_minute: Annotated[int, Field(ge=0)] = 0
    """How many mails leave per minute at most. 0: as many as the server takes."""


class Web(_Section):
    """The pages, which mails link to."""

    base_url: Annotated[str, AfterValidator(_base_url)] = "http://localhost:8000"
    """The address that people's browsers use, without a slash at its end. Links are made from
    it and from nothing else; with `https` cookies and pages demand TLS."""
    host: str = "127.0.0.1"
    """The address of this machine that `serve` listens at; behind a proxy on the same machine
    the default is right."""
    port: Annotated[int, Field(ge=1, le=65535)] = 8000
    """The port that `serve` listens at."""
    hosts: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()
    """Other names that the pages may be asked for by, besides the one in `web.base_url`."""
    proxies: Annotated[tuple[str, ...], BeforeValidator(_names)] = ()
    """Addresses of proxies whose word is taken for where a request came from."""
    file_mb: Annotated[int, Field(ge=1, le=200)] = 25
    """The largest file that can be attached, in MB."""
    case_mb: Annotated[int, Field(ge=1, le=2000)] = 100
    """How much the files attached to one case may take together, in MB."""


class Mode(StrEnum):
    """How people sign in."""

    OIDC = "oidc"
    LOCAL = "local"
    DEMO = "demo"


class Auth(_Section):
    """How people sign in to the pages."""

    mode: Mode = Mode.LOCAL
    """`oidc` hands over to the region's own sign-in; `local` keeps passwords here; `demo` lets
    anybody at this machine be anybody, in a rehearsal only."""
    issuer: str = ""
    """With `oidc`: the address of the region's sign-in, as it calls itself."""
    client_id: str = ""
    """With `oidc`: the name that the sign-in knows this installation by."""
    client_secret: Annotated[str, Field(repr=False)] = ""
    """With `oidc`: its secret; best given by the environment."""
    claim: str = "email"
    """With `oidc`: what says who it is. `email` is compared with people's addresses, anything
    else with their keys."""
    second_factor: bool = True
    """With `local`: whether everybody has to set up a code from an app (TOTP)."""
    hours: Annotated[int, Field(ge=1, le=24)] = 10
    """After so many hours one signs in again, however much one has done."""
    idle_minutes: Annotated[int, Field(ge=5, le=480)] = 60
    """After so many minutes without doing anything one signs in again."""


class About(_Section):
    """Whose installation it is, for the pages about accessibility, personal data and help.

    With `https` in `web.base_url` nothing here may be empty but the burdens, and, where the
    pages conform fully, the defects.
    """

    region: str = ""
    """Who answers for the service, e.g. `Region Alvmark`."""
    contact: str = ""
    """Who helps: a name or a function."""
    contact_email: Annotated[str, AfterValidator(_address)] = ""
    """Their address."""
    contact_phone: str = ""
    """Their telephone number."""
    data_officer: Annotated[str, AfterValidator(_address)] = ""
    """The address of the data protection officer."""
    accessibility: Annotated[str, AfterValidator(_conformity)] = "partly"
    """How far the pages conform to the law (2018:1937): `fully`, `partly` or `not`."""
    defects: Annotated[tuple[str, ...], BeforeValidator(_sentences)] = ()
    """What does not conform, one sentence each, with the reason: a list, or one text with a
    line for each."""
    burdens: Annotated[tuple[str, ...], BeforeValidator(_sentences)] = ()
    """What is left as it is because mending it would be an unreasonable burden (12 § of the
    law), one sentence each, with the reason."""
    assessed_on: Annotated[str, BeforeValidator(_day)] = ""
    """The day of the last assessment, e.g. `2026-11-22`."""
    assessed_how: str = ""
    """How it was made, e.g. `självskattning`."""
    updated_on: Annotated[str, BeforeValidator(_day)] = ""
    """The day when the accessibility statement was last gone through, e.g. `2026-11-22`."""
    feedback_url: Annotated[str, AfterValidator(_page)] = ""
    """The region's own form for accessibility feedback, which can be used without a name. An
    e-mail address is not enough by the law."""


class Processes(_Section):
    """The region's own processes."""

    path: Annotated[tuple[Path, ...], BeforeValidator(_folders)] = ()
    """Folders of processes, searched in order before the shipped ones: a list, or one
    text with the system's path separator between them (`:`; on Windows `;`)."""


class CommandLine(_Section):
    """The operator's commands."""

    act_as: bool = True
    """Whether a command may be given in somebody's name with `--as`. When false, only a
    rehearsal allows it."""


class Config(BaseSettings):
    """All settings. `read_config` makes one."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED,
        enable_decoding=False,
        extra="forbid",
        frozen=True,
        nested_model_default_partial_update=True,
    )

    database: Database = Database()
    mail: Mail = Mail()
    smtp: Smtp = Smtp()
    web: Web = Web()
    auth: Auth = Auth()
    about: About = About()
    processes: Processes = Processes()
    cli: CommandLine = CommandLine()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003  # the names are pydantic's
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment stand over the file, and nothing else be read."""
        return env_settings, init_settings


def read_config(path: Path | None = None) -> Config:
    """Read the settings: the file, then the environment over it.

    Without a path, `config.toml` in the working folder is read if it is there.

    Raises: BadInput naming the file or variable, the key and what to do. Its
        reasons hold every fault, not only the first.
    """
    file = path or Path(FILE_NAME)
    data = _load(file) if path or file.exists() else {}
    faults = [*_unknown_keys(data, file), *_unknown_variables(os.environ)]
    if faults:
        raise _refusal(faults)
    try:
        return Config(**data)
    except ValidationError as error:
        raise _refusal([_fault(one, file) for one in error.errors()]) from error


def settings() -> Iterator[tuple[str, str, FieldInfo]]:
    """Give every setting as section, key and field, in the order of the reference."""
    for section, model in _sections().items():
        for key, field in model.model_fields.items():
            yield section, key, field


def reference() -> str:
    """Write `docs/reference/configuration.md`."""
    lines = [
        "# Configuration",
        "",
        "Settings are read from `config.toml` in the working folder, or from the file named with",
        "`--config FILE` before the command. Every key has a default. An environment variable",
        "stands over the file. A key or variable that does not exist is refused, with the nearest",
        "one that does. Relative paths count from the working folder.",
        "",
        "This page is made from `beredning/config.py` by `make docs`.",
    ]
    for section, model in _sections().items():
        lines += ["", f"## `[{section}]`", "", str(model.__doc__)]
        defaults = model().model_dump(mode="json")
        for key, field in model.model_fields.items():
            text = " ".join(str(field.description).split())
            lines += ["", f"### `{section}.{key}`", "", text, ""]
            lines += [f"- Default: `{_as_toml(defaults[key])}`"]
            lines += [f"- Environment: `{_variable(section, key)}`"]
    return "\n".join(lines) + "\n"


def _sections() -> dict[str, type[BaseModel]]:
    return {
        name: field.annotation
        for name, field in Config.model_fields.items()
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
    }


def _variable(section: str, key: str) -> str:
    return f"{PREFIX}{section}{NESTED}{key}".upper()


def _as_toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case str():
            return f'"{value}"'
        case _:
            return str(value)


def _load(file: Path) -> dict[str, Any]:
    """Read a TOML file.

    Raises: BadInput when it is missing, unreadable, too large or no TOML.
    """
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise BadInput(
                f"{file}: filen är för stor för att vara en inställningsfil.",
                f"{file}: the file is too large to hold settings.",
            )
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadInput(
            f"{file}: filen går inte att läsa ({error.strerror}).",
            f"{file}: the file cannot be read ({error.strerror}).",
        ) from error
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"{file}: filen är inte TOML i UTF-8 ({error}).",
            f"{file}: the file is not TOML in UTF-8 ({error}).",
        ) from error


def _unknown_keys(data: Mapping[str, object], file: Path) -> Iterator[Reason]:
    sections = _sections()
    for section, values in data.items():
        if section not in sections:
            yield _unknown(str(file), section, list(sections))
        elif isinstance(values, Mapping):
            fields = list(sections[section].model_fields)
            for key in values:
                if key not in fields:
                    allowed = [f"{section}.{one}" for one in fields]
                    yield _unknown(str(file), f"{section}.{key}", allowed)
        else:
            yield _unfit(f"{file}: {section}", *SHAPES["model"])


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[Reason]:
    allowed = [_variable(section, key) for section, key, _ in settings()]
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in allowed:
            yield _unknown("miljön", name, allowed, english="the environment")


def _unknown(place: str, key: str, allowed: Sequence[str], *, english: str = "") -> Reason:
    near = get_close_matches(key.lower(), [one.lower() for one in allowed], n=1)
    meant = next((one for one in allowed if near and one.lower() == near[0]), None)
    listed = ", ".join(allowed)
    return Reason(
        "unknown_setting",
        f"{place}: inställningen '{key[:100]}' finns inte"
        + (f"; menade du '{meant}'?" if meant else ".")
        + f" Tillåtna: {listed}.",
        f"{english or place}: there is no setting '{key[:100]}'"
        + (f"; did you mean '{meant}'?" if meant else ".")
        + f" Allowed: {listed}.",
    )


SHAPES: Final = {
    "bool": ("ska vara true eller false", "must be true or false"),
    "string": ("ska vara en text inom citattecken", "must be a text in quotes"),
    "int": ("ska vara ett heltal", "must be a whole number"),
    "greater": ("är för litet", "is too small"),
    "less": ("är för stort", "is too large"),
    "path": ("ska vara en sökväg inom citattecken", "must be a path in quotes"),
    "tuple": ("ska vara en lista", "must be a list"),
    "model": ("ska vara en sektion med nycklar", "must be a section with keys"),
}
"""What a value should have been, by the beginning of pydantic's name for the fault."""


def _fault(error: ErrorDetails, file: Path) -> Reason:
    """Say where a value was written and what is wrong with it."""
    section, *rest = (str(part) for part in error["loc"])
    setting = ".".join([section, *rest[:1]])
    variable = _variable(section, rest[0]) if rest else ""
    given = any(name.upper() == variable for name in os.environ)
    place = variable if given else f"{file}: {setting}"
    cause = error.get("ctx", {}).get("error")
    expected = error.get("ctx", {}).get("expected")
    if isinstance(cause, _UnfitError):
        sv, en = cause.sv, cause.en
    elif error["type"] == "enum":
        sv, en = f"ska vara {expected}".replace(" or ", " eller "), f"must be {expected}"
    else:
        shape = error["type"].split("_")[0]
        sv, en = SHAPES.get(shape, (error["msg"], error["msg"]))
    return _unfit(place, sv, en)


def _unfit(place: str, sv: str, en: str) -> Reason:
    return Reason("unfit_setting", f"{place} {sv}.", f"{place} {en}.")


def _refusal(faults: Sequence[Reason]) -> BadInput:
    more = len(faults) - 1
    return BadInput(
        faults[0].sv + (f" ({more} fel till)" if more else ""),
        faults[0].en + (f" ({more} more)" if more else ""),
        reasons=faults,
    )


if __name__ == "__main__":
    sys.stdout.write(reference())
