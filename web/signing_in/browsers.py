"""What a browser calls itself, in words for its owner."""

from typing import Final

__all__ = ["browser_in_words"]

BROWSERS: Final = {
    "edg": "Edge",
    "opr/": "Opera",
    "samsungbrowser": "Samsung Internet",
    "firefox": "Firefox",
    "fxios": "Firefox",
    "crios": "Chrome",
    "chrome": "Chrome",
    "safari": "Safari",
}
"""By a part of the name, and in this order: each calls itself what came before it too."""
SYSTEMS: Final = {
    "iphone": "iPhone",
    "ipad": "iPad",
    "android": "Android",
    "windows": "Windows",
    "cros": "ChromeOS",
    "mac os x": "macOS",
    "linux": "Linux",
}


def browser_in_words(name: str) -> tuple[str, str]:
    """Give browser and system, e.g. Firefox and Windows; empty where it is not known."""
    plain = name.lower()
    return _first(BROWSERS, plain), _first(SYSTEMS, plain)


def _first(words: dict[str, str], plain: str) -> str:
    return next((word for part, word in words.items() if part in plain), "")
