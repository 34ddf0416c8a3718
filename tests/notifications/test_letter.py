"""Words, days and subjects of letters."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifications import words
from notifications.blocks import Bullets, Button, Paragraph, Quote, Row, Section
from notifications.clean import LetterError, clean_lines
from notifications.letter import compose_letter
from notifications.own_text import own_blocks
from notifications.subject import cut, subject_line
from notifications.voice import Counted, Phrase, voice
from tests.notifications.letters import BASE_URL, FACTS, a_task, on, some_facts
from workflow.core.facts import MessageKind
from workflow.core.mail import MailComment, MailFacts


def _row(facts: MailFacts) -> Row:
    """Give the first row of a digest."""
    letter = compose_letter(facts, BASE_URL)
    return next(block.rows[0] for block in letter.blocks if isinstance(block, Section))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("due", "working_days", "today", "expected"),
    [
        (date(2009, 2, 27), 3, date(2009, 2, 24), "fre 27 feb, om 3 arbetsdagar"),
        (date(2009, 2, 25), 1, date(2009, 2, 24), "ons 25 feb, om 1 arbetsdag"),
        (date(2009, 2, 24), 0, date(2009, 2, 24), "tis 24 feb, i dag"),
        (date(2009, 2, 20), -2, date(2009, 2, 24), "fre 20 feb, 2 arbetsdagar sen"),
        (date(2009, 2, 23), -1, date(2009, 2, 24), "mån 23 feb, 1 arbetsdag sen"),
        (date(2009, 2, 20), 0, date(2009, 2, 21), "fre 20 feb, mindre än en arbetsdag sen"),
        (date(2009, 2, 22), 0, date(2009, 2, 21), "sön 22 feb, före nästa arbetsdag"),
        (date(2010, 1, 7), 9, date(2009, 12, 22), "tors 7 jan 2010, om 9 arbetsdagar"),
        (date(2008, 12, 30), -2, date(2009, 1, 5), "tis 30 dec 2008, 2 arbetsdagar sen"),
    ],
)
def test_days_and_distances(due: date, working_days: int, today: date, expected: str) -> None:
    """A day has weekday, date and distance in working days, and its year when it is another."""
    task = a_task(due_on=due, working_days=working_days)

    row = _row(some_facts(tasks=(task, task), **on(today)))

    assert expected == _plain(f"{row.day}, {row.distance}")


def test_a_new_task_that_is_late_already() -> None:
    """A task that comes after its last day does not say that it is wanted until then."""
    late = a_task(due_on=date(2009, 2, 20), working_days=-2)

    letter = compose_letter(
        some_facts(MessageKind.ASSIGNMENT, tasks=(late,), **on(date(2009, 2, 24))), BASE_URL
    )

    assert _plain(letter.subject).endswith("ny uppgift, sista dag var fre 20 feb")
    assert _plain(letter.heading).endswith("väntar på dig")


@pytest.mark.parametrize(
    ("planned", "due", "language", "expected"),
    [
        (
            date(2009, 2, 28),
            date(2009, 2, 27),
            "sv",
            "Planen säger 28 feb, en lördag. Därför fre 27 feb.",
        ),
        (
            date(2009, 4, 10),
            date(2009, 4, 9),
            "sv",
            "Planen säger 10 april, långfredagen. Därför tors 9 april.",
        ),
        (
            date(2009, 2, 28),
            date(2009, 2, 27),
            "en",
            "The plan says 28 Feb, a Saturday. Therefore Fri 27 Feb.",
        ),
    ],
)
def test_rolled_day_is_explained(planned: date, due: date, language: str, expected: str) -> None:
    """A deadline moved from a day off says what the plan says and what day that is."""
    task = a_task(planned_on=planned, due_on=due)

    row = _row(some_facts(tasks=(task, task), language=language))

    assert expected in [_plain(line) for line in row.lines]


def test_planned_day_that_is_a_working_day_is_not_explained() -> None:
    """Only a day off moves a deadline by itself; a moved milestone is another story."""
    task = a_task(planned_on=date(2009, 2, 26))

    row = _row(some_facts(tasks=(task, task)))

    assert not any("Planen" in line for line in row.lines)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", FACTS)
def test_subject_fits_a_list_of_mails(name: str, language: str) -> None:
    """A subject is about 70 characters; what is cut is the round and the title, not the day."""
    letter = compose_letter(replace(FACTS[name], language=language), BASE_URL)

    assert 10 < len(letter.subject) <= 78
    assert not letter.subject.endswith("…")


@settings(max_examples=200, deadline=None)
@given(st.text("abc å", max_size=90), st.text("abc å", max_size=90), st.integers(1, 30))
def test_subject_keeps_its_tail(round_title: str, about: str, length: int) -> None:
    """However long the titles are, the tail stands whole and the line is short."""
    tail = "d" * length

    subject = subject_line(round_title, about, tail)

    assert subject.endswith(tail)
    assert len(subject) <= 75


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.integers(5, 40))
def test_cut_is_short_enough(text: str, length: int) -> None:
    """A cut text is never longer than asked for, and a short one is left alone."""
    shortened = cut(text, length)

    assert len(shortened) <= length
    assert (shortened == text) == (len(text) <= length) or text.endswith("…")


def test_late_comes_first_then_this_week_then_later() -> None:
    """The digest is sorted by how it presses."""
    letter = compose_letter(FACTS["reminder-digest"], BASE_URL)

    headings = [block.heading for block in letter.blocks if isinstance(block, Section)]

    assert ["Sent", "Den här veckan", "Senare", "Utan datum"] == headings


@pytest.mark.parametrize("name", FACTS)
def test_at_most_one_button_and_it_leads_to_a_case(name: str) -> None:
    """There is one thing to press; links lead to a case's page below the base URL, or to the
    round's page of what became of each row."""
    pages = tuple(f"{BASE_URL}/{page}/prioritering-" for page in ("arenden", "omgangar"))
    letter = compose_letter(FACTS[name], f"{BASE_URL}/")

    buttons = [block for block in letter.blocks if isinstance(block, Button)]

    assert len(buttons) <= 1
    assert all(button.url.startswith(pages) for button in buttons)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("name", [name for name in FACTS if name != "checkpoint"])
def test_links_sign_nobody_in_and_the_letter_says_so(name: str, language: str) -> None:
    """Every footer says that the links do not sign anybody in, where there are links."""
    letter = compose_letter(replace(FACTS[name], language=language), BASE_URL)

    assert letter.footer[-1].endswith(voice(language).say(words.NO_SIGN_IN))


def test_late_mail_says_so() -> None:
    """A mail that comes late says how late it is."""
    letter = compose_letter(some_facts(late_days=3), BASE_URL)

    notes = [block.text for block in letter.blocks if block.kind == "note"]

    assert notes[0].startswith("Det här mejlet kommer tre dagar sent.")


@pytest.mark.parametrize("name", FACTS)
def test_exercise_says_so(name: str) -> None:
    """Every kind of mail of an exercise says that people and amounts are invented."""
    letter = compose_letter(replace(FACTS[name], rehearsal=True), BASE_URL)

    assert "Övning. Personer, enheter och belopp är påhittade." == letter.strip


def test_own_text_is_paragraphs_and_lists_only() -> None:
    """Blank lines part, `- ` lists, and everything else stays as it is written."""
    text = clean_lines("Ett\ntvå\r\n\r\n- a\n  b\n- c\n\n\n# *Inte* [en](länk) <b>\ntext\n- d")

    blocks = own_blocks(text)

    assert (
        Paragraph("Ett två"),
        Bullets(("a b", "c")),
        Paragraph("# *Inte* [en](länk) <b> text"),
        Bullets(("d",)),
    ) == blocks


@pytest.mark.parametrize(
    "kind",
    [
        MessageKind.ASSIGNMENT,
        MessageKind.RETURNED,
        MessageKind.ESCALATION,
        MessageKind.NUDGE,
        MessageKind.COMMENT,
    ],
)
def test_letter_about_a_task_needs_one(kind: MessageKind) -> None:
    """Facts without the task a letter is about are refused by name."""
    with pytest.raises(LetterError, match=kind):
        compose_letter(some_facts(kind, tasks=()), BASE_URL)


def test_a_letter_about_comments_needs_one() -> None:
    """There is nothing to tell without what was written."""
    with pytest.raises(LetterError, match="comments"):
        compose_letter(some_facts(MessageKind.COMMENT), BASE_URL)


def test_a_long_comment_is_cut() -> None:
    """A mail tells how it begins; the rest is in the case."""
    facts = some_facts(
        MessageKind.COMMENT,
        comments=(MailComment(by="Bo Alm", on=date(2009, 2, 24), text="Ord och " * 500),),
    )

    letter = compose_letter(facts, BASE_URL)

    (quote,) = [block for block in letter.blocks if isinstance(block, Quote)]
    assert 600 >= sum(map(len, quote.paragraphs))
    assert quote.paragraphs[-1].endswith("…")


def test_reminder_of_nothing_is_refused() -> None:
    """A reminder without a task or an invitation is never written."""
    with pytest.raises(LetterError):
        compose_letter(some_facts(tasks=()), BASE_URL)


@pytest.mark.parametrize(
    "base_url", ["", "beredning", "javascript:alert(1)", "https://", "https://a b", 'http://a"']
)
def test_base_url_that_is_none_is_refused(base_url: str) -> None:
    """Links are made from an http or https address or not at all."""
    with pytest.raises(LetterError):
        compose_letter(some_facts(), base_url)


def _phrases() -> list[tuple[str, Phrase]]:
    found = []
    for name, value in vars(words).items():
        if isinstance(value, Phrase):
            found.append((name, value))
        if isinstance(value, Counted):
            found += [(name, value.one), (name, value.many)]
    return found


@pytest.mark.parametrize(("name", "phrase"), _phrases())
def test_words_follow_the_house_rules(name: str, phrase: Phrase) -> None:
    """Both languages fill the same gaps; nobody is shouted at, blamed or begged."""
    gaps = [sorted(set(_gaps(text)) - {"n"}) for text in (phrase.sv, phrase.en)]
    said = f"{phrase.sv} {phrase.en}".casefold()

    assert gaps[0] == gaps[1], name
    assert not [no for no in ("!", "tyvärr", "vänligen", "obs", "please", " han ") if no in said]


def _gaps(text: str) -> list[str]:
    return [field for _, field, _, _ in Formatter().parse(text) if field]


def test_every_phrase_is_said_somewhere() -> None:
    """No phrase is left behind that no letter says."""
    sources = [file.read_text("utf-8") for file in Path(words.__file__).parent.glob("*.py")]
    names = [name for name, value in vars(words).items() if isinstance(value, Phrase | Counted)]

    assert [] == [name for name in names if not any(f"w.{name}" in text for text in sources)]
