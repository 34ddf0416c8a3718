"""The situation of a round in plain sentences: the words of a report, for whoever writes it.

A blank line parts the paragraphs, and what is counted up stands on lines that begin with
`- `, which a mail lays out as a list. Equal situations give equal words.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from workflow.core.days import MONTH_NAMES, say_day
from workflow.core.situation import Coming, Count, Late, LateKind, Movement, Situation, Sum

__all__ = ["MOST_LATE", "figures", "say_number", "situation_text"]

MOST_LATE: Final = 12
"""So many that are late are named; the rest are counted."""

_AND: Final = ("och", "and")
_SINCE: Final = {
    "report": ("Sedan förra rapporten {day}", "Since the last report on {day}"),
    "opened": ("Sedan omgången öppnades {day}", "Since the round was opened on {day}"),
    "entered": ("Sedan {day}", "Since {day}"),
}
_CAME: Final = (
    "{since} har omgången gått vidare till {steps}.",
    "{since} the round has come to {steps}.",
)
_STEP: Final = ("{title} ({day})", "{title} ({day})")
_NOTHING: Final = (
    "{since} har inget ärende gått vidare.",
    "{since} no case has moved on.",
)
_STILL: Final = (
    "{since} är omgången kvar i samma steg.",
    "{since} the round has stayed in the same step.",
)
_MOVED: Final = {
    "opened": (("{n} har öppnats", "{n} har öppnats"), ("{n} was opened", "{n} were opened")),
    "handed_in": (
        ("{n} har lämnats in", "{n} har lämnats in"),
        ("{n} has been handed in", "{n} have been handed in"),
    ),
    "returned": (
        ("{n} har lämnats tillbaka", "{n} har lämnats tillbaka"),
        ("{n} has been returned", "{n} have been returned"),
    ),
    "done": (("{n} har blivit klart", "{n} har blivit klara"), ("{n} is done", "{n} are done")),
    "missing": (
        ("{n} bärs som uteblivet", "{n} bärs som uteblivna"),
        ("{n} is carried as missing", "{n} are carried as missing"),
    ),
}
_ENDED: Final = ("{title}: {end} {day}.", "{title}: {end} on {day}.")
_STANDS: Final = (
    "Omgången står i steget {stands} sedan {day}.",
    "The round stands in the step {stands} since {day}.",
)
_OVER: Final = (
    "Omgången är avslutad sedan {day}: {stands}.",
    "The round is over since {day}: {stands}.",
)
_RESTS: Final = (
    "Omgången vilar sedan {day}, och inga dagar räknas så länge.",
    "The round rests since {day}, and no days count meanwhile.",
)
_NOT_LATE: Final = ("Inget är sent.", "Nothing is late.")
_LATE: Final = (
    ("{n} ärende är sent:", "{n} ärenden är sena:"),
    ("{n} case is late:", "{n} cases are late:"),
)
_ONE_LATE: Final = (
    "{title} skulle ha varit klart {day}{days}. {who} har det.",
    "{title} was due on {day}{days}. It is with: {who}.",
)
_DAYS: Final = (
    (", för {n} arbetsdag sedan", ", för {n} arbetsdagar sedan"),
    (", {n} working day ago", ", {n} working days ago"),
)
_MORE_LATE: Final = (("Och {n} till.", "Och {n} till."), ("And {n} more.", "And {n} more."))
_LATE_KIND: Final = (
    ("{title}: {n} sent, {days}", "{title}: {n} sena, som mest {days}"),
    ("{title}: {n} late, {days}", "{title}: {n} late, at most {days}"),
)
_LENGTH: Final = (
    ("{n} arbetsdag", "{n} arbetsdagar"),
    ("{n} working day", "{n} working days"),
)
_COMING: Final = ("Fram till och med {day} kommer:", "Until {day}:")
_ONE_COMING: Final = ("{when}: {title}", "{when}: {title}")
_MEETING: Final = ("{when}: {title}, sammanträde", "{when}: {title}, a meeting")
_NONE_COMING: Final = (
    "Tidplanen har ingen dag till och med {day}.",
    "The plan has no day until {day}.",
)
_BEYOND: Final = ("Därefter kommer {title}, {when}.", "After that comes {title}, {when}.")
_FIGURES: Final = ("I siffror:", "In figures:")
_DONE_OF: Final = ("{done} av {total} klara", "{done} of {total} done")
_OF_THEM: Final = {
    "late": (("{n} sent", "{n} sena"), ("{n} late", "{n} late")),
    "missing": (("{n} uteblivet", "{n} uteblivna"), ("{n} missing", "{n} missing")),
}


def situation_text(situation: Situation, language: str = "sv") -> str:
    """Tell what has happened, where the round stands, what is late, what comes, and figures."""
    words = _Words(situation, 1 if language == "en" else 0)
    parts = (words.happened(), words.stands(), words.late(), words.coming(), words.figures())
    return "\n\n".join(filter(None, parts))


def figures(situation: Situation, language: str = "sv") -> tuple[tuple[str, str], ...]:
    """Give the figures as pairs of what is counted and how much."""
    return tuple(_Words(situation, 1 if language == "en" else 0).pairs())


def say_number(amount: Decimal, language: str = "sv") -> str:
    """Write a number as people of a language do."""
    said = f"{amount:,f}".replace("-", "\N{MINUS SIGN}")
    if "." in said:
        said = said.rstrip("0").rstrip(".")
    if language == "en":
        return said
    return said.replace(",", "\N{NO-BREAK SPACE}").replace(".", ",")


@dataclass(frozen=True, slots=True)
class _Words:
    """A situation, and the language it is told in: 0 for Swedish, 1 for English."""

    told: Situation
    at: int

    @property
    def language(self) -> str:
        return "en" if self.at else "sv"

    # ---- paragraphs ----------------------------------------------------------------------

    def happened(self) -> str:
        """Say which steps the round came to, and what became of its cases."""
        told = self.told
        since = _SINCE[told.since][self.at].format(day=self.day(told.since_on))
        rest = [*(self.moved(one) for one in told.movements)]
        rest += [
            _ENDED[self.at].format(title=one.title, end=one.end, day=self.day(one.on))
            for one in told.ended
        ]
        steps = [
            _STEP[self.at].format(title=one.title, day=self.day(one.on)) for one in told.stages
        ]
        if steps:
            first = _CAME[self.at].format(since=since, steps=self.listed(steps))
        else:
            first = (_STILL if rest else _NOTHING)[self.at].format(since=since)
        return " ".join((first, *filter(None, rest)))

    def moved(self, one: Movement) -> str:
        """Say how many cases of a kind have moved, and how; nothing for none."""
        parts = [
            self.counted(words, number)
            for key, words in _MOVED.items()
            if (number := getattr(one, key))
        ]
        return f"{one.title}: {self.listed(parts)}." if parts else ""

    def stands(self) -> str:
        """Say where the round stands, and since when."""
        told = self.told
        phrase = _OVER if told.is_over else _STANDS
        said = phrase[self.at].format(stands=told.stands, day=self.day(told.stands_since))
        if told.paused_on:
            said += f" {_RESTS[self.at].format(day=self.day(told.paused_on))}"
        return said

    def late(self) -> str:
        """Say what is late: what, since when and where; more than some are counted."""
        told = self.told
        number = len(told.late) + sum(one.number for one in told.late_kinds)
        if not number:
            return _NOT_LATE[self.at] if not told.is_over else ""
        lines = [self.counted(_LATE, number)]
        lines += [f"- {self.one_late(one)}" for one in told.late[:MOST_LATE]]
        if len(told.late) > MOST_LATE:
            lines.append(f"- {self.counted(_MORE_LATE, len(told.late) - MOST_LATE)}")
        lines += [f"- {self.late_kind(one)}" for one in told.late_kinds]
        return "\n".join(lines)

    def late_kind(self, one: LateKind) -> str:
        """Count what is late of a kind, with how long the latest has been."""
        days = self.counted(_LENGTH, one.days)
        phrase = _LATE_KIND[self.at][0 if one.number == 1 else 1]
        return phrase.format(title=one.title, n=one.number, days=days)

    def one_late(self, one: Late) -> str:
        """Say of one case since when it is late, and which role at which unit has it."""
        who = f"{one.role}, {one.unit}" if one.unit else one.role
        days = self.counted(_DAYS, one.days) if one.days else ""
        return _ONE_LATE[self.at].format(
            title=one.title, day=self.day(one.due_on), days=days, who=who
        )

    def coming(self) -> str:
        """Say which days lie ahead until the next report, and the first one after them."""
        told = self.told
        if told.is_over:
            return ""
        until = self.day(told.until)
        lines = [(_COMING if told.coming else _NONE_COMING)[self.at].format(day=until)]
        for one in told.coming:
            phrase = _MEETING if one.is_meeting else _ONE_COMING
            lines.append(f"- {phrase[self.at].format(title=one.title, when=self.when(one))}")
        if not told.beyond:
            return "\n".join(lines)
        when = self.when(told.beyond)
        after = _BEYOND[self.at].format(title=told.beyond.title, when=when)
        return "\n".join(lines) + ("\n\n" if told.coming else " ") + after

    def figures(self) -> str:
        """Count what is done of each kind, and what the decided tables amount to."""
        lines = [f"- {what}: {much}" for what, much in self.pairs()]
        return "\n".join((_FIGURES[self.at], *lines)) if lines else ""

    # ---- parts -----------------------------------------------------------------------------

    def pairs(self) -> Iterator[tuple[str, str]]:
        """Give what is counted, and how much."""
        for one in self.told.counts:
            yield one.title, self.count(one)
        for total in self.told.sums:
            yield total.title, self.summed(total)

    def count(self, one: Count) -> str:
        """Say how many are done, and what is wrong with how many of the others."""
        parts = [_DONE_OF[self.at].format(done=one.done, total=one.total)]
        parts += [
            self.counted(words, number)
            for key, words in _OF_THEM.items()
            if (number := getattr(one, key))
        ]
        return ", ".join(parts)

    def summed(self, total: Sum) -> str:
        """Say what a column amounts to; year by year where it has years."""
        if total.amount is not None:
            return say_number(total.amount, self.language)
        return "; ".join(f"{year}: {say_number(n, self.language)}" for year, n in total.years)

    def counted(self, words: tuple[tuple[str, str], tuple[str, str]], number: int) -> str:
        """Say something of one or several."""
        return words[self.at][0 if number == 1 else 1].format(n=number)

    def day(self, day: date) -> str:
        """Say a day, seen from the day of the report."""
        return say_day(day, self.language, today=self.told.today)

    def when(self, one: Coming) -> str:
        """Say when something is."""
        if one.whole_month:
            return f"{MONTH_NAMES[self.language][one.last_on.month - 1]} {one.last_on.year}"
        if one.first_on == one.last_on:
            return self.day(one.last_on)
        return f"{self.day(one.first_on)}\N{EN DASH}{self.day(one.last_on)}"

    def listed(self, parts: Sequence[str]) -> str:
        """Join parts as a sentence does."""
        if len(parts) < 2:
            return "".join(parts)
        return f"{', '.join(parts[:-1])} {_AND[self.at]} {parts[-1]}"
