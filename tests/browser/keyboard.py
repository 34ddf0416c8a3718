"""Somebody who has a keyboard and nothing else.

Where they are is what has focus; they get to a thing with Tab and act with Enter, Space
and letters. They find things by what a screen reader would say of them.
"""

from dataclasses import dataclass

from playwright.sync_api import Page

__all__ = ["Keyboard"]

FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return {role: "", name: "", top: 0, bottom: 0, height: 0};
  const text = (id) => document.getElementById(id)?.innerText || "";
  const by = (ids) => (ids || "").split(" ").map(text).join(" ");
  const label = one.getAttribute("aria-label") || by(one.getAttribute("aria-labelledby"))
    || (one.labels && one.labels.length ? [...one.labels].map((l) => l.innerText).join(" ") : "")
    || one.innerText || one.value || "";
  const box = one.getBoundingClientRect();
  return {role: one.tagName.toLowerCase(), type: one.type || "", id: one.id,
          path: one.pathname || "",
          name: label.trim().replace(/\\s+/g, " "),
          top: box.top, bottom: box.bottom, height: innerHeight,
          outline: getComputedStyle(one).outlineStyle};
}"""


@dataclass
class Keyboard:
    """A page, and ten fingers."""

    page: Page
    tabs: int = 0

    def focused(self) -> dict[str, object]:
        """Give what has focus: role, name, where it is."""
        found: dict[str, object] = self.page.evaluate(FOCUSED)
        return found

    def reach(self, name: str, role: str = "", most: int = 250) -> dict[str, object]:
        """Tab to a thing by its words, from where one is; it is in sight and shows focus."""
        said = []
        for _ in range(most):
            self.page.keyboard.press("Tab")
            self.tabs += 1
            one = self.focused()
            said.append(str(one["name"])[:40])
            if one["name"] == name and role in ("", one["role"]):
                assert one["outline"] != "none", f"{name} shows no focus"
                assert 0 <= float(str(one["bottom"])), f"{name} has focus out of sight"
                assert float(str(one["top"])) < float(str(one["height"])), f"{name} is below"
                return one
        heard = list(dict.fromkeys(said))
        raise LookupError(f"{name!r} is not reached on {self.page.url}: {heard}")

    def press(self, name: str, role: str = "") -> None:
        """Get to a link or button, and press Enter; waits for the page it leads to."""
        self.reach(name, role)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def follow(self, path: str, most: int = 250) -> None:
        """Tab to the first link to a path, and press Enter."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            self.tabs += 1
            if self.focused().get("path") == path:
                with self.page.expect_navigation():
                    self.page.keyboard.press("Enter")
                return
        raise LookupError(f"no link to {path} is reached on {self.page.url}")

    def press_button(self, title: str) -> None:
        """Get to the button of a step, also one that is looked through first."""
        button = self.page.locator("main button:visible").filter(has_text=title).last
        assert button.count(), f"no button {title!r}: {self.page.locator('main').inner_text()}"
        words = " ".join(button.inner_text().split())
        self.press(words, "button")

    def reach_id(self, wanted: str, most: int = 250) -> None:
        """Tab to a field, from wherever one is."""
        for _ in range(most):
            if self.focused().get("id") == wanted:
                return
            self.page.keyboard.press("Tab")
            self.tabs += 1
        raise LookupError(f"{wanted!r} is not reached on {self.page.url}")

    def type_into(self, name: str, text: str, role: str = "") -> None:
        """Get to a field by its label, and type."""
        self.reach(name, role)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)
