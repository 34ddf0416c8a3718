"""What several kinds of letters share: days, rows, tables, subjects, footers."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from urllib.parse import quote, urlsplit

from notifications import date_words as d
from notifications import words as w
from notifications.blocks import Block, Button, Note, Paragraph, Quote, Row, Table, Tone
from notifications.clean import LetterError
from notifications.own_text import own_blocks
from notifications.subject import cut, subject_line
from notifications.voice import Phrase, Voice, voice
from workflow.core.mail import MailFacts, MailTask

__all__ = ["NAME_LENGTH", "TITLE_LENGTH", "Draft", "capital"]

TITLE_LENGTH = 60
"""Where a title inside a sentence, a heading or a button is cut."""
NAME_LENGTH = 40


def capital(text: str) -> str:
    """Begin a text with a capital letter and leave the rest as it is."""
    return text[:1].upper() + text[1:]


@lru_cache(maxsize=64)
def checked_base(base_url: str) -> str:
    """Give the base URL without a slash at its end.

    Raises:
        LetterError: It is no http or https address.
    """
    parts = urlsplit(base_url)
    plain = base_url.isascii() and base_url.isprintable() and not set(base_url) & set(" \"'<>\\")
    if parts.scheme not in ("http", "https") or not parts.netloc or not plain:
        raise LetterError(f"the base URL {base_url!r} is no http or https address")
    return base_url.rstrip("/")


@dataclass(frozen=True, slots=True)
class Draft:
    """Cleaned facts, with the voice they are told in and the place links lead to."""

    facts: MailFacts
    voice: Voice
    base_url: str

    @classmethod
    def of(cls, facts: MailFacts, base_url: str) -> "Draft":
        """Begin a letter from cleaned facts.

        Raises:
            LetterError: The base URL is no http or https address.
        """
        return cls(facts, voice(facts.language), checked_base(base_url))

    # ---- links and titles --------------------------------------------------------------

    def url(self, case: str) -> str:
        """Give the address of a case's page."""
        return f"{self.base_url}/arenden/{quote(case, safe='')}"

    def name_of(self, task: MailTask) -> str:
        """Name a task: by its case, but by its state when the case is the round itself."""
        return (task.state if task.is_round else task.title) or task.state or task.title

    def case_title(self) -> str:
        """Name the case the letter is about, by the round's title when it is the round."""
        facts = self.facts
        return (facts.round_title if facts.case_is_round else "") or facts.case_title

    def title_of(self, task: MailTask) -> str:
        """Name a task, cut to fit into a sentence."""
        return cut(self.name_of(task), TITLE_LENGTH)

    def open(self, task: MailTask) -> Button:
        """Make the button that leads to a task's case."""
        return self.open_case(task.case, self.name_of(task))

    def open_case(self, case: str, title: str) -> Button:
        """Make the button that leads to a case."""
        shown = cut(title, TITLE_LENGTH) or self.voice.say(w.THE_CASE)
        return self.button(self.voice.say(w.OPEN, title=shown), case)

    def button(self, text: str, case: str) -> Button:
        """Make a button with words of its own."""
        return Button(text, self.url(case))

    def hello(self, text: str) -> str:
        """Begin a sentence with a greeting, by the first name."""
        first = cut(self.facts.to_name.split(" ")[0], NAME_LENGTH)
        if not first:
            return self.voice.say(w.HELLO_NOBODY, text=text)
        return self.voice.say(w.HELLO, name=first, text=text)

    # ---- days --------------------------------------------------------------------------

    def is_late(self, task: MailTask) -> bool:
        """Say whether the task's last day has passed."""
        return task.due_on is not None and task.due_on < self.facts.today

    def is_this_week(self, day: date) -> bool:
        """Say whether a day comes before the next Monday."""
        today = self.facts.today
        return day < today + timedelta(days=7 - today.weekday())

    def tone(self, day: date) -> Tone:
        """Say how pressing a day is."""
        if day < self.facts.today:
            return "late"
        return "soon" if self.is_this_week(day) else "plain"

    def day(self, day: date) -> str:
        """Write a day, seen from the letter's day."""
        return self.voice.day(day, self.facts.today)

    def distance(self, day: date, working_days: int | None, *, ago: bool = False) -> str:
        """Say how far off a day is; with `ago` so that it fits into a sentence."""
        today = self.facts.today
        if day == today:
            return self.voice.say(w.TODAY)
        if working_days is None:
            return ""
        if day > today:
            left = max(working_days, 0)
            return self.voice.digits(w.DAYS_LEFT, left) if left else self.voice.say(w.BEFORE_NEXT)
        late = max(-working_days, 0)
        if not late:
            return self.voice.say(w.JUST_AGO if ago else w.JUST_PASSED)
        return self.voice.digits(w.DAYS_AGO if ago else w.DAYS_LATE, late)

    def last_day(self, task: MailTask) -> str:
        """Say in a sentence when the task is due, and why the plan's day was moved."""
        if task.due_on is None:
            return self.voice.say(w.NO_DAY_SET)
        day = self.day(task.due_on)
        if task.due_on == self.facts.today:
            said = self.voice.say(w.LAST_DAY_TODAY, day=day)
        else:
            phrase = w.LAST_DAY_WAS if self.is_late(task) else w.LAST_DAY_IS
            distance = self.distance(task.due_on, task.working_days, ago=True)
            said = self.voice.say(phrase, day=day, distance=distance).replace(", .", ".")
        return " ".join(filter(None, (said, self.rolled(task), self.extended(task))))

    def extended(self, task: MailTask) -> str:
        """Say that the last day is that of an extension; empty when it is not."""
        if task.extended_on is None:
            return ""
        phrase = d.YOU_HAVE if task.recipient == "holder" else d.THEY_HAVE
        return self.voice.say(phrase, day=self.day(task.extended_on))

    def rolled(self, task: MailTask) -> str:
        """Say why the deadline is not the day the plan says; empty when it is."""
        planned, due = task.planned_on, task.due_on
        why = "" if planned in (None, due) else self.voice.day_off(planned)
        if not why or planned is None or due is None:
            return ""
        plan = self.voice.plain_day(planned, self.facts.today)
        return self.voice.say(w.ROLLED, planned=plan, why=why, day=self.day(due))

    # ---- what is done, who has it ------------------------------------------------------

    def done(self, task: MailTask) -> str:
        """Say what is done already; empty when nothing can be told."""
        return self.voice.count(w.ROWS, task.rows) if task.rows else ""

    def progress(self, task: MailTask, phrase: Phrase) -> str:
        """Say how many cases are in of those that are waited for; empty when for none."""
        if task.progress is None or not task.progress.total:
            return ""
        done, total = str(task.progress.done), str(task.progress.total)
        return self.voice.say(phrase, done=done, total=total)

    def left(self, task: MailTask) -> str:
        """Say what is left; empty when nothing can be told."""
        if not task.open_questions:
            return ""
        return self.voice.count(w.QUESTIONS_LEFT, task.open_questions)

    def done_and_left(self, task: MailTask) -> str:
        """Say what is done and what is left, as a sentence; empty when nothing can be told."""
        said = ", ".join(filter(None, (self.done(task), self.left(task))))
        own = f"{capital(said)}." if said else ""
        return " ".join(filter(None, (own, self.progress(task, w.PROGRESS))))

    def who(self, task: MailTask) -> str:
        """Say who has the task, when that is somebody else or others too, and for whom the
        reader stands in."""
        return " ".join(filter(None, (self.stands_in(task.stands_in_for), self._who(task))))

    def _who(self, task: MailTask) -> str:
        if task.recipient != "holder":
            if not task.owed_by:
                return self.voice.say(w.NOBODY_HAS_IT)
            phrase = w.HAS_IT if len(task.owed_by) == 1 else w.HAVE_IT
            said = self.voice.say(phrase, names=self.voice.names(task.owed_by))
            if not task.unreached:
                return said
            names = self.voice.names(task.unreached)
            return f"{said} {self.voice.say(w.UNREACHED, names=names)}"
        known = {self.facts.to_name, *task.stands_in_for}
        others = [name for name in task.owed_by if name not in known]
        if not others:
            return ""
        phrase = w.SHARED_WITH if len(others) == 1 else w.SHARED_WITH_MANY
        return self.voice.say(phrase, names=self.voice.names(others))

    def stands_in(self, absent: tuple[str, ...]) -> str:
        """Say for whom the reader stands in; empty when for nobody."""
        return self.voice.say(w.STANDS_IN, names=self.voice.names(absent)) if absent else ""

    # ---- blocks ------------------------------------------------------------------------

    def row(self, task: MailTask, *, with_round: bool) -> Row:
        """Make a task's row in a list."""
        due = task.due_on
        name = self.name_of(task)
        unit = self.voice.say(w.FOR_UNIT, unit=task.unit) if task.unit not in name else ""
        state = self.voice.say(w.STANDS_AT, state=task.state) if task.state != name else ""
        lines = (
            task.round_title if with_round else "",
            " ".join(filter(None, (unit, state, self.done_and_left(task)))),
            self.who(task),
            self.rolled(task),
            self.extended(task),
        )
        return Row(
            day=self.voice.say(w.NO_DAY) if due is None else self.day(due),
            distance="" if due is None else self.distance(due, task.working_days),
            tone="plain" if due is None else self.tone(due),
            title=name,
            url=self.url(task.case),
            lines=tuple(filter(None, lines)),
        )

    def table(self, task: MailTask) -> Table:
        """Make the table that tells all about one task."""
        due = task.due_on
        last = self.voice.say(w.NO_DAY_SET).rstrip(".")
        if due is not None:
            distance = self.distance(due, task.working_days)
            last = ", ".join(filter(None, (self.day(due), distance)))
        pairs = (
            (w.L_ROUND, task.round_title),
            (w.L_UNIT, task.unit),
            (w.L_STATE, task.state),
            (w.L_LAST_DAY, last),
            (d.L_EXTENSION, self.day(task.extended_on) if task.extended_on else ""),
            (w.L_DONE, self.done(task)),
            (w.L_LEFT, self.left(task)),
            (w.L_IN, self.progress(task, w.PROGRESS_SHORT)),
            (w.L_HAS_IT, self.voice.names(task.owed_by) or self.voice.say(w.NOBODY)),
        )
        return self.table_of(w.TASK_TABLE, *pairs)

    def table_of(self, heading: Phrase, *pairs: tuple[Phrase, str]) -> Table:
        """Make a table of labels and values; pairs without a value are left out."""
        said = tuple((self.voice.say(label), value) for label, value in pairs if value)
        return Table(self.voice.say(heading), said)

    def comment(self) -> tuple[Block, ...]:
        """Quote what the person wrote who did it; nothing when nothing was written."""
        paragraphs = tuple(filter(None, self.facts.comment.split("\n")))
        if not paragraphs:
            return ()
        by = self.facts.by
        intro = self.voice.say(w.WRITES, by=by) if by else self.voice.say(w.COMMENT)
        return (Quote(intro, paragraphs),)

    def response(self) -> tuple[Block, ...]:
        """Give how many have answered in secret; nothing of what they answered."""
        if self.facts.response is None:
            return ()
        answered, asked = self.facts.response
        return (Paragraph(self.voice.say(w.RESPONSE, answered=str(answered), asked=str(asked))),)

    def own_text(self) -> tuple[Block, ...]:
        """Lay out the process's own text."""
        return own_blocks(self.facts.own_text) if self.facts.own_text else ()

    def note(self, *sentences: str) -> tuple[Note, ...]:
        """Make the box that tells what happens by itself, and why the mail is late if it is.

        No box when there is nothing to tell.
        """
        late = self.facts.late_days
        said = (self.voice.count(w.LATE_MAIL, late) if late > 0 else "", *sentences)
        text = " ".join(filter(None, said))
        return (Note(text),) if text else ()

    def leader(self) -> str:
        """Name the process leader; empty when nobody leads or the letter goes to the leader."""
        facts = self.facts
        return "" if facts.leader_email == facts.to_email else facts.leader_name

    def ask_leader(self, task: MailTask) -> str:
        """Say whom to ask for more time, or about the day; empty when there is nobody to ask."""
        leader = self.leader()
        phrase = w.ASK_DATE if task.due_on is None else w.ASK_LEADER
        return self.voice.say(phrase, leader=leader) if leader else ""

    # ---- subject and footer ------------------------------------------------------------

    def subject(self, about: str, tail: str, *, separator: str = ": ") -> str:
        """Write the subject: the round, what it is about, and a tail with the day."""
        return subject_line(self.facts.round_title, about, tail, separator=separator)

    def footer(self, because: Phrase, *, with_reference: bool = True) -> tuple[str, ...]:
        """Write the footer: whom to ask, who sent it and why, and that links sign nobody in.

        The register's number is one round's; a mail about several has none.
        """
        facts, say = self.facts, self.voice.say
        leader = self.leader()
        lines = []
        if leader and facts.leader_email:
            lines.append(say(w.LEADS, leader=leader, email=facts.leader_email))
        sent = (
            say(w.SENT_BY_REFERENCE, reference=facts.reference)
            if facts.reference and with_reference
            else say(w.SENT_BY)
        )
        lines.append(f"{sent} {self._because(because)} {say(w.NO_SIGN_IN)}")
        return tuple(lines)

    def _because(self, because: Phrase) -> str:
        """Say why the reader gets the letter: all of it as a substitute, or as the kind has it."""
        tasks = self.facts.tasks
        absent = self.facts.stands_in_for
        if tasks and all(task.stands_in_for for task in tasks):
            absent = tuple(dict.fromkeys(name for task in tasks for name in task.stands_in_for))
        if not absent or self.facts.invitations:
            return self.voice.say(because)
        return self.voice.say(w.BECAUSE_STANDS_IN, names=self.voice.names(absent))
