"""What the rows of a list come to above a line, kind by kind: what is freed, what it costs."""

from collections.abc import Iterable
from dataclasses import dataclass

from workflow.core.weighing import Amount

__all__ = ["Balance", "Post", "balance_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Rows of one kind whose amounts have the same sign."""

    kind: str
    """Empty for rows of no kind."""
    count: int
    amount: Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What is freed against what it costs."""

    freed: tuple[Post, ...]
    """Amounts above zero."""
    costs: tuple[Post, ...]
    """Amounts below zero."""

    @property
    def freed_sum(self) -> Amount:
        """Sum what is freed."""
        return sum(post.amount for post in self.freed)

    @property
    def cost_sum(self) -> Amount:
        """Sum what it costs, below zero."""
        return sum(post.amount for post in self.costs)

    @property
    def left(self) -> Amount:
        """What is left; below zero when more is used than freed."""
        return self.freed_sum + self.cost_sum


def balance_of(rows: Iterable[tuple[str, Amount]], kinds: Iterable[str]) -> Balance:
    """Weigh rows, each with its kind and its amount; `kinds` say in which order they stand."""
    freed: dict[str, list[Amount]] = {kind: [] for kind in kinds}
    costs: dict[str, list[Amount]] = {kind: [] for kind in freed}
    for kind, amount in rows:
        if amount:
            (freed if amount > 0 else costs).setdefault(kind, []).append(amount)
    return Balance(freed=_posts(freed), costs=_posts(costs))


def _posts(by_kind: dict[str, list[Amount]]) -> tuple[Post, ...]:
    return tuple(
        Post(kind=kind, count=len(amounts), amount=sum(amounts))
        for kind, amounts in by_kind.items()
        if amounts
    )
