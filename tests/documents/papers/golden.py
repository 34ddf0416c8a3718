"""Write anew what the papers say: `python -m tests.documents.papers.golden`, then read it."""

from pathlib import Path

from documents.papers.press import make_pdf
from tests.documents.papers.examples import AT, common_list, extract, proposal
from tests.documents.papers.reading import Pdf

FOLDER = Path(__file__).parent / "golden"

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, paper in (
        ("beslutsunderlag", proposal()),
        ("protokollsutdrag", extract()),
        ("gemensam-lista", common_list()),
    ):
        text = "\f".join(Pdf(make_pdf(paper, at=AT)).pages)
        (FOLDER / f"{name}.txt").write_text(text, "utf-8")
