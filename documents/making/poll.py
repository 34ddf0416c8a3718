"""The sums of secret answers as others take them on: CSV and JSON, with what the page shows
and nothing else."""

import csv
import io
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from workflow.core.harmless import harmless
from workflow.service.reading.lists.polls import PollPage, Question, Share

__all__ = ["make_csv", "make_json"]

SCHEMA: Final = "svarssummor/1"
"""Goes up when a reader of the old form would misread the new."""
HEADS: Final = {
    "sv": ("Fråga", "Svar", "Antal", "Procent"),
    "en": ("Question", "Answer", "Count", "Per cent"),
}
WORDS: Final = {
    "sv": {
        "answered": "Har svarat",
        "asked": "Tillfrågade",
        "blank": "Inget svar",
        "or": " eller ",
        "few": "färre än {n}",
        "hidden": "visas inte, färre än {n} svar",
        "mean": "Medelvärde",
        "lowest": "Lägst",
        "highest": "Högst",
        "count": "Antal svar",
    },
    "en": {
        "answered": "Have answered",
        "asked": "Asked",
        "blank": "No answer",
        "or": " or ",
        "few": "fewer than {n}",
        "hidden": "not shown, fewer than {n} answers",
        "mean": "Mean",
        "lowest": "Lowest",
        "highest": "Highest",
        "count": "Answers",
    },
}
Json = dict[str, object]
Line = tuple[str, str, str, str]


def make_csv(page: PollPage, language: str) -> bytes:
    """Give the sums as CSV for a Swedish Excel; no text in it becomes a formula.

    UTF-8 with its mark, semicolons, decimal comma, CRLF.
    """
    words = WORDS[language]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(HEADS[language])
    if page.counted:
        writer.writerow(["", words["answered"], page.answered, page.percent])
        writer.writerow(["", words["asked"], page.asked, ""])
    for question in page.questions:
        for line in _lines(page, question, words):
            writer.writerow([harmless(one) for one in line])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "backslashreplace")


def _lines(page: PollPage, question: Question, words: dict[str, str]) -> Iterator[Line]:
    title = question.title
    if not question.enough:
        yield title, words["hidden"].format(n=page.least), "", ""
        return
    for share in question.shares:
        few = words["few"].format(n=page.few)
        count = few if share.count is None else str(share.count)
        percent = "" if share.percent is None else str(share.percent)
        yield title, words["or"].join(_titles(share, words)), count, percent
    if question.figures:
        found = question.figures
        yield title, words["count"], str(found.count), ""
        for key, value in (
            ("mean", found.mean),
            ("lowest", found.lowest),
            ("highest", found.highest),
        ):
            yield title, words[key], _number(value), ""
    for text in question.texts:
        yield title, text, "", ""


def _titles(share: Share, words: dict[str, str]) -> list[str]:
    return [title or words["blank"] for title in share.levels]


def _number(value: Decimal) -> str:
    return str(value).replace(".", ",")


def make_json(page: PollPage) -> bytes:
    """Give the sums as JSON; what is not shown is null."""
    made: Json = {
        "schema": SCHEMA,
        "case": page.case,
        "table": page.table,
        "title": page.title,
        "counted": page.counted,
        "answered": page.answered,
        "asked": page.asked,
        "questions": [_question(one) for one in page.questions],
    }
    text = json.dumps(made, ensure_ascii=False, indent=1, allow_nan=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _question(question: Question) -> Json:
    figures = question.figures
    return {
        "key": question.key,
        "title": question.title,
        "count": question.count if question.enough else None,
        "shares": [
            {"levels": list(share.levels), "count": share.count, "percent": share.percent}
            for share in question.shares
        ],
        "figures": None
        if figures is None
        else {
            "mean": float(figures.mean),
            "lowest": float(figures.lowest),
            "highest": float(figures.highest),
        },
        "texts": list(question.texts),
    }
