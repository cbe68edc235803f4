"""Dates in, days out: no date is more precise than it is known."""

from __future__ import annotations

import pytest

from assistant.overview.timeline import days


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2025-12-23", ("2025-12-23", "2025-12-23")),
        ("2025-12", ("2025-12-01", "2025-12-31")),
        ("2024-02", ("2024-02-01", "2024-02-29")),
        ("2023-02", ("2023-02-01", "2023-02-28")),
        ("2025", ("2025-01-01", "2025-12-31")),
        ("2023-02-29", None),
        ("2025-13", None),
        ("2025-00", None),
        ("2025-01-00", None),
        ("0000", None),
        ("soon", None),
        ("2025-12-23T10:00", None),
        ("<img>", None),
        ("", None),
        (None, None),
    ],
)
def test_days_that_a_date_may_mean(date: str | None, expected: tuple[str, str] | None) -> None:
    assert days(date) == expected
