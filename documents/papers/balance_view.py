"""The balance as texts and as bars: what is freed, what it pays for, what is left."""

from typing import Final

from documents.papers.paper import Amount, Balance, Freed, Investment
from documents.papers.speech import say_amount

__all__ = ["balance_view"]

BARS: Final = 12
"""Investments drawn by name; those beyond are drawn as one and all stand in the table."""


def balance_view(balance: Balance) -> dict[str, object]:
    """Write the balance: its figures, its table, its bars and what they say in words."""
    left = balance.left_tkr
    return {
        "freed": say_amount(balance.freed_tkr),
        "cost": say_amount(balance.cost_tkr),
        "left": say_amount(left),
        "left_title": "Kvar" if left >= 0 else "Saknas",
        "rows": _rows(balance),
        "bars": _bars(balance),
        "alt": (
            f"Stapeldiagram. Frigjort {say_amount(balance.freed_tkr)} tkr, satsningar"
            f" {say_amount(balance.cost_tkr)} tkr, kvar {say_amount(left)} tkr."
            " Samma belopp står i tabellen som följer."
        ),
    }


def _rows(balance: Balance) -> list[dict[str, object]]:
    freed = [
        _row(_counted(freed), "", say_amount(freed.tkr, signed=True)) for freed in balance.freed
    ]
    invested = [
        _row(investment.title, _payers(investment), say_amount(-investment.tkr, signed=True))
        for investment in balance.investments
    ]
    left = balance.left_tkr
    return [
        *freed,
        _row("Frigjort", "", say_amount(balance.freed_tkr), total=True),
        *invested,
        _row("Satsningar", "", say_amount(-balance.cost_tkr), total=True),
        _row("Kvar" if left >= 0 else "Saknas", "", say_amount(left), total=True),
    ]


def _row(title: str, paid_by: str, tkr: str, *, total: bool = False) -> dict[str, object]:
    return {"title": title, "paid_by": paid_by, "tkr": tkr, "total": total}


def _counted(freed: Freed) -> str:
    return f"{freed.title}, {say_amount(freed.count)} objekt"


def _payers(investment: Investment) -> str:
    parts = [
        f"plats\u00a0{payment.position}"
        + ("" if payment.tkr is None else f" ({say_amount(payment.tkr)})")
        for payment in investment.paid_by
    ]
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} och {parts[-1]}"


def _bars(balance: Balance) -> dict[str, object]:
    """Give the bars one below the other, each starting where the one above ended."""
    steps: list[tuple[str, Amount, Amount, str]] = []
    level: Amount = 0
    for freed in balance.freed:
        steps.append((_counted(freed), level, level + freed.tkr, "freed"))
        level += freed.tkr
    steps.append(("Frigjort", 0, level, "total"))
    for title, tkr in _drawn(balance.investments):
        steps.append((title, level, level - tkr, "cost"))
        level -= tkr
    steps.append(("Kvar" if level >= 0 else "Saknas", 0, level, "left" if level >= 0 else "short"))
    low = min(0, *(min(start, end) for _, start, end, _ in steps))
    high = max(1, *(max(start, end) for _, start, end, _ in steps))
    span = float(high - low)
    return {
        "zero": round(float(-low) / span, 5),
        "bars": [
            {
                "title": title,
                "from": round(float(min(start, end) - low) / span, 5),
                "to": round(float(max(start, end) - low) / span, 5),
                "end": round(float(end - low) / span, 5),
                "tkr": say_amount(end - start, signed=tone in {"freed", "cost"}),
                "tone": tone,
            }
            for title, start, end, tone in steps
        ],
    }


def _drawn(investments: tuple[Investment, ...]) -> list[tuple[str, Amount]]:
    named = [(investment.title, investment.tkr) for investment in investments[:BARS]]
    rest = investments[BARS:]
    if not rest:
        return named
    return [*named, (f"{len(rest)} satsningar till", sum(more.tkr for more in rest))]
