"""A cell that cannot be read."""

__all__ = ["UnfitError"]


class UnfitError(ValueError):
    """A cell cannot be read; says why, and what to do, in both languages."""

    def __init__(self, code: str, sv: str, en: str) -> None:
        super().__init__(sv)
        self.code = code
        self.sv = sv
        self.en = en
