"""A person added or corrected by hand: the address, the name, the language.

Whoever leads a process here may, by their own role, or the operator.
"""

from dataclasses import asdict, dataclass, replace
from typing import Final

from workflow.core.addresses import read_address
from workflow.core.errors import BadInput, refused
from workflow.core.facts import EntryKind
from workflow.core.sheet import LONGEST_WORDS, is_one_line
from workflow.service.by_hand import sit_down
from workflow.service.naming import find_named
from workflow.service.people.staffing import sweep
from workflow.service.world import World
from workflow.store import people
from workflow.store.database import Connection
from workflow.store.import_people import BY_HAND
from workflow.store.people import KnownPerson
from workflow.store.substitutions import all_emails

__all__ = ["NewPerson", "add_person", "change_person"]

LANGUAGES: Final = ("sv", "en")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """What is known of a person."""

    email: str
    name: str
    language: str = "sv"


def add_person(world: World, new: NewPerson, *, email: str | None = None) -> NewPerson:
    """Add somebody, who can then be given roles.

    They get the key that the files have for their address when those bring it.

    Raises: BadInput for the address, the name or the language; Refused when somebody has
        the address; NoRight.
    """
    new = _read(new)
    with world.database.write() as connection:
        desk = sit_down(world, connection, email)
        _check_address(connection, new.email)
        key = f"{BY_HAND}{world.salt()[:12]}"
        desk.save(KnownPerson(id=0, key=key, party="", **asdict(new)))
        person = people.find_person(connection, new.email)
        desk.note(EntryKind.PERSON_CHANGED, {"person_id": person.id, "added": True})
    return new


def change_person(
    world: World, address: str, new: NewPerson, *, email: str | None = None
) -> NewPerson:
    """Correct somebody's address, name or language; they keep their roles and their history.

    Another address forgets what came back from the old.

    Raises: NotFound; BadInput; Refused when somebody else has the address, or nothing is
        changed; NoRight.
    """
    new = _read(new)
    with world.database.write() as connection:
        desk = sit_down(world, connection, email)
        person = find_named(connection, address)
        changed = [name for name, value in asdict(new).items() if getattr(person, name) != value]
        if not changed:
            sv = f"Inget är ändrat: så står det redan om {person.name}."
            raise refused("unchanged", sv, f"Nothing is changed: {person.name} stands so already.")
        if "email" in changed:
            _check_address(connection, new.email)
        desk.save(replace(person, **asdict(new)))
        payload = {"person_id": person.id, "changed": changed}
        desk.note(EntryKind.PERSON_CHANGED, payload)
    sweep(world)
    return new


def _check_address(connection: Connection, address: str) -> None:
    if address in all_emails(connection):
        owner = people.find_person(connection, address)
        raise refused(
            "address_taken",
            f"Adressen {address} har {owner.name} redan. Två personer kan inte ha samma.",
            f"{owner.name} has the address {address} already. Two people cannot share one.",
        )


def _read(new: NewPerson) -> NewPerson:
    """Take a person's words as the files' are taken.

    Raises: BadInput.
    """
    name = new.name.strip()
    if not name or len(name) > LONGEST_WORDS or not is_one_line(name):
        raise BadInput(
            "Skriv namnet på en rad, högst 300 tecken, utan styrtecken.",
            "Write the name in one line of at most 300 characters, without control characters.",
        )
    if new.language not in LANGUAGES:
        raise BadInput(
            f"Språket {new.language} finns inte; välj sv eller en.",
            f"There is no language {new.language}; choose sv or en.",
        )
    try:
        address = read_address(new.email).lower()
    except BadInput as error:
        raise BadInput(f"{error.sv}.", f"{error.en}.") from error
    return NewPerson(email=address, name=name, language=new.language)
