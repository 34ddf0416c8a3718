"""What a mail about comments has to tell, as it is when it is written."""

from collections.abc import Collection

from workflow.core import plan
from workflow.core.mail import MailComment
from workflow.service.desks import Desk
from workflow.service.people.standing_in import names_of
from workflow.store import comments

__all__ = ["new_comments"]


def new_comments(desk: Desk, case_id: str, numbers: Collection[int]) -> tuple[MailComment, ...]:
    """Give some comments on a case by number, oldest first."""
    found = comments.written_some(desk.connection, case_id, numbers)
    whose = [(one.written_by, one.on_behalf_of) for one in found]
    names = names_of(desk.connection, whose, desk.language)
    return tuple(
        MailComment(
            by=names[one.written_by, one.on_behalf_of],
            on=plan.local_day(one.at, desk.definition.zone),
            text=one.text,
        )
        for one in found
    )
