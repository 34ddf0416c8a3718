"""What can be wrong with a database, in words for the person who meets it.

`database.py` finds out what the driver meant; this names it and says what to do.
"""

from enum import StrEnum
from typing import Final

from workflow.core.errors import Locked, SchemaError, StoreError, WorkflowError

__all__ = ["Fault", "make_error"]


class Fault(StrEnum):
    """What is wrong with a database."""

    BUSY = "busy"
    MISSING = "missing"
    READ_ONLY = "read_only"
    FULL = "full"
    CANNOT_OPEN = "cannot_open"
    NOT_A_DATABASE = "not_a_database"
    DAMAGED = "damaged"
    INPUT_OUTPUT = "input_output"
    UNREACHABLE = "unreachable"
    PASSWORD = "password"  # noqa: S105 - a fault's name
    NO_SUCH_DATABASE = "no_such_database"
    NO_PRIVILEGE = "no_privilege"
    NO_DRIVER = "no_driver"
    ADDRESS = "address"
    NO_SCHEMA = "no_schema"
    FOREIGN = "foreign"
    APPEND_ONLY = "append_only"
    NO_TRIGGER = "no_trigger"


_SENTENCES: Final[dict[Fault, tuple[str, str]]] = {
    Fault.BUSY: (
        "Databasen {name} är upptagen. Försök igen om en stund.",
        "The database {name} is busy. Try again in a moment.",
    ),
    Fault.MISSING: (
        "Databasen {name} finns inte. Kör `beredning init` för att skapa den, eller rätta"
        " database.url i config.toml.",
        "The database {name} does not exist. Run `beredning init` to make it, or correct"
        " database.url in config.toml.",
    ),
    Fault.READ_ONLY: (
        "Databasen {name} är skrivskyddad. Ge programmets användare rätt att skriva i filen"
        " och i dess mapp, eller anslut till en server som tar emot skrivningar.",
        "The database {name} is read-only. Let the program's user write to the file and its"
        " folder, or connect to a server that accepts writes.",
    ),
    Fault.FULL: (
        "Databasen {name} får inte plats på disken. Frigör utrymme och försök igen; inget"
        " har sparats till hälften.",
        "The database {name} has no room left on the disk. Free some space and try again;"
        " nothing was half written.",
    ),
    Fault.CANNOT_OPEN: (
        "Databasen {name} kan inte öppnas. Kontrollera att mappen finns och att programmets"
        " användare får läsa och skriva i den.",
        "The database {name} cannot be opened. See that the folder exists and that the"
        " program's user may read and write in it.",
    ),
    Fault.NOT_A_DATABASE: (
        "Filen {name} är ingen SQLite-databas. Rätta database.url i config.toml, eller"
        " flytta undan filen.",
        "The file {name} is not an SQLite database. Correct database.url in config.toml, or"
        " move the file away.",
    ),
    Fault.DAMAGED: (
        "Databasen {name} är skadad. Stoppa programmet och återställ den senaste säkerhetskopian.",
        "The database {name} is damaged. Stop the program and restore the latest backup.",
    ),
    Fault.INPUT_OUTPUT: (
        "Databasen {name} kan inte läsas eller skrivas på disken ({detail}). Kontrollera"
        " disken och försök igen.",
        "The database {name} cannot be read from or written to the disk ({detail}). Check"
        " the disk and try again.",
    ),
    Fault.UNREACHABLE: (
        "Databasservern för {name} svarar inte ({detail}). Kontrollera att den är i gång"
        " och att database.url i config.toml stämmer.",
        "The database server of {name} does not answer ({detail}). See that it is running"
        " and that database.url in config.toml is right.",
    ),
    Fault.PASSWORD: (
        "Databasservern släpper inte in användaren till {name}. Rätta användare och lösenord"
        " i BEREDNING_DATABASE__URL.",
        "The database server does not let the user in to {name}. Correct user and password"
        " in BEREDNING_DATABASE__URL.",
    ),
    Fault.NO_SUCH_DATABASE: (
        "Databasen {name} finns inte på servern. Skapa den (CREATE DATABASE) och kör"
        " `beredning init`.",
        "The database {name} does not exist on the server. Create it (CREATE DATABASE) and"
        " run `beredning init`.",
    ),
    Fault.NO_PRIVILEGE: (
        "Databasanvändaren har inte rätt till det som behövs i {name} ({detail}). Ge den"
        " rätten och försök igen.",
        "The database's user lacks a privilege in {name} ({detail}). Grant it and try again.",
    ),
    Fault.NO_DRIVER: (
        "PostgreSQL behöver psycopg, som inte är installerat. Kör"
        " `pip install 'beredning[postgres]'`.",
        "PostgreSQL needs psycopg, which is not installed. Run"
        " `pip install 'beredning[postgres]'`.",
    ),
    Fault.ADDRESS: (
        "database.url går inte att använda: skriv `sqlite:///FIL` eller"
        " `postgresql://ANVÄNDARE:LÖSENORD@VÄRD/DATABAS`.",
        "database.url cannot be used: write `sqlite:///FILE` or"
        " `postgresql://USER:PASSWORD@HOST/DATABASE`.",
    ),
    Fault.NO_SCHEMA: (
        "Databasen {name} saknar beredningens tabeller. Kör `beredning init`.",
        "The database {name} has no tables of beredning. Run `beredning init`.",
    ),
    Fault.FOREIGN: (
        "Databasen {name} innehåller ett annat programs tabeller ({detail}). Ange en tom databas.",
        "The database {name} holds another program's tables ({detail}). Name an empty database.",
    ),
    Fault.APPEND_ONLY: (
        "Loggen i {name} kan bara fyllas på: en rad får varken ändras eller tas bort.",
        "The log in {name} only grows: a line may be neither changed nor removed.",
    ),
    Fault.NO_TRIGGER: (
        "Databasen {name} saknar loggens skydd ({detail}). Stoppa programmet, kör"
        " `beredning verify` och återställ skyddet från en säkerhetskopia.",
        "The database {name} lacks the log's triggers ({detail}). Stop the program, run"
        " `beredning verify` and restore them from a backup.",
    ),
}

_CLASSES: Final[dict[Fault, type[WorkflowError]]] = {
    Fault.BUSY: Locked,
    Fault.NO_SCHEMA: SchemaError,
}


def make_error(fault: Fault, name: str, detail: str = "") -> WorkflowError:
    """Make the error for a fault of the database called `name`; Locked, SchemaError or
    StoreError. `detail` goes in brackets where the sentence has room for it."""
    sv, en = _SENTENCES[fault]
    error = _CLASSES.get(fault, StoreError)
    return error(sv.format(name=name, detail=detail), en.format(name=name, detail=detail))
