"""Each state of the page, for everybody: axe-core, motion, headings, the keyboard, and a window that is enlarged.

All of it is looked at in one visit, since the visit is what costs.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from checks import ENLARGED, SMOOTH, disorder, in_both_schemes, moving, sideways
from keyboard import faults, walk
from playwright.sync_api import Page
from reading import Served
from states import FILES, STATES

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve(FILES, keeps=True)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.__name__.strip("_"))
@pytest.mark.parametrize("width", [1280, 390])
def test_a_state_of_the_page_is_for_everybody(
    served: Served, visit: Callable[..., Page], state: Callable[[Page], object], width: int
) -> None:
    page = visit(served.url, width=width, height=800, touch=width < 500, reduced_motion="reduce")
    page.evaluate(SMOOTH)
    state(page)
    found: dict[str, object] = {
        "moves": moving(page),
        "is out of order": disorder(page),
        "axe finds": in_both_schemes(page),
        "at the keyboard": faults(walk(page)),
    }
    if width > 500:
        found |= {f"is lost at {size}": sideways(page, size) for size in ENLARGED}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
