"""What axe-core finds wrong with a page."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

__all__ = ["faults_of", "overflow_of"]

SOURCE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
RUN = """() => axe.run(document, {
  runOnly: {type: "tag", values: [
    "wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
  resultTypes: ["violations"]})"""


def faults_of(page: Page) -> list[str]:
    """Give each fault as one line: rule, where, what."""
    page.evaluate(SOURCE)
    found: dict[str, Any] = page.evaluate(RUN)
    return [
        f"{one['id']}: {node['target']} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def overflow_of(page: Page) -> int:
    """Give by how many pixels a page is wider than its window."""
    wide: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return max(0, wide)
