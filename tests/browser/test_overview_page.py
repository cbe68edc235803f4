"""The corpus at a glance, by mouse and by keyboard. Run with: python -m pytest tests/browser/test_overview_page.py"""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect
from reading import Served, shown

pytestmark = pytest.mark.browser

FILES = {
    "sources.toml": """
version = 1
[perspectives.bridge]
label = "Bridge builders"
[perspectives.ferry]
label = "Ferry friends"
[[source]]
match = "ferry.txt"
title = "The ferry must stay"
published = "2025-03-02"
outlet = "The Slipway"
perspective = "ferry"
[[source]]
match = "bridge.txt"
title = "A bridge at last"
published = "2024"
outlet = "The Span"
perspective = "bridge"
""",
    "ferry.txt": "The ferry of Marrowby carries 40 cars a day. “It is loved,” said Ada Holm. “It stays,” said Holm.\n",
    "bridge.txt": "A bridge would carry more than the ferry ever did. “It must be built,” said Otto Brandt of Marrowby.\n",
    "moon.txt": "The moon rose late over the orchard, and an owl was heard until the morning.\n",
}
PHONE = (390, 844)
HOSTILE = (
    "<img src=x onerror=window.hit=1><b>bold</b>",
    "<a href='http://evil.example/a'>go</a>",
    "&lt;img src=http://evil.example/b.png&gt;",
    "%{customdata} $x^2$ ${window.hit=2} {{x}}",
)


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served]) -> Served:
    return serve(FILES)


def overview(page: Page) -> None:
    """Go to the tab and wait until all three pictures are drawn."""
    tab = page.get_by_role("tab", name="Overview", exact=True)
    if not tab.is_visible():
        page.get_by_role("button", name="More tabs").click()
        tab = page.locator("#tabs .overflow-dropdown").get_by_text("Overview", exact=True)
    tab.click()
    for name in ("map", "timeline", "quoting"):
        page.locator(f"#glance .{name} .main-svg").first.wait_for()


def _points(page: Page, picture: str) -> Locator:
    return page.locator(f"#glance .{picture} .scatterlayer .point")


def _press(page: Page, point: Locator) -> None:
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    assert box
    at = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*at)
    page.wait_for_timeout(150)  # the library looks for what is under the pointer at most every 20 ms
    page.mouse.click(*at)


def test_nothing_of_it_is_loaded_or_computed_before_the_tab_is_opened(
    served: Served, visit: Callable[..., Page]
) -> None:
    page = visit(served.url)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.locator("#chat .example").first.wait_for()
    page.get_by_role("tab", name="Library").click()
    page.locator("#documents table").wait_for()
    assert not [url for url in asked if "plotly" in url]
    assert page.evaluate("window.Plotly") is None
    overview(page)
    assert [url for url in asked if "plotly" in url]


def test_a_click_on_a_point_opens_its_passage_and_escape_comes_back(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    overview(page)
    expect(_points(page, "map")).to_have_count(3)
    expect(page.locator("#glance")).to_contain_text("All 3 passages are on the map.")
    seen = set()
    for at in range(3):
        _press(page, _points(page, "map").nth(at))
        seen.add(shown(page).strip())
        page.keyboard.press("Escape")
        expect(page.get_by_test_id("passage")).to_have_count(0)
        expect(page.locator("#glance .picture.map")).to_be_focused()
    assert seen == {text.strip() for name, text in FILES.items() if name.endswith(".txt")}


def test_what_is_pointed_at_is_told_in_words(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    overview(page)
    point = _points(page, "timeline").first
    point.scroll_into_view_if_needed()
    box = point.bounding_box()
    assert box
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.locator("#glance .tip")).to_contain_text("Bridge builders")
    expect(page.locator("#glance .tip")).to_contain_text("2024 · The Span")


def test_a_click_on_the_timeline_opens_the_document(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    overview(page)
    expect(_points(page, "timeline")).to_have_count(2)
    drawn = page.locator("#glance .timeline .drawing").evaluate(
        "node => node.data.map((trace) => [trace.marker.symbol[0], trace.error_x.array[0] / 86_400_000])"
    )
    assert drawn == [["diamond-open", 182.5], ["circle", 0]]  # of the first the year alone is known
    expect(page.locator("#glance")).to_contain_text("2 documents with a date.")
    _press(page, _points(page, "timeline").last)
    assert shown(page).strip() == "The ferry of Marrowby carries 40 cars a day."


def test_a_square_lists_its_quotes_and_each_opens(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    overview(page)
    labels = page.locator("#glance .quoting .heatmap-label text")
    expect(labels.first).to_be_attached()
    _press(page, labels.filter(has_text="2").first)
    quotes = page.locator("#glance .result")
    expect(quotes).to_be_focused()
    expect(quotes.locator("h3")).to_have_text("Ada Holm in Ferry friends")
    expect(quotes.locator("a")).to_have_text(["It is loved,", "It stays,"])
    quotes.locator("a").first.click()
    assert shown(page) == "It is loved,"
    other = page.locator(".panel .also")  # it stands in no answer, and has no number there
    expect(other).to_have_attribute("title", "Another of these quotes")
    assert other.get_attribute("data-number") is None
    page.get_by_role("button", name="Next passage").click()
    expect(page.get_by_test_id("passage").locator("mark")).to_have_text("It stays,")


@pytest.mark.parametrize(("width", "height"), [(1280, 800), PHONE])
def test_a_keyboard_alone_finds_everything_in_the_lists(
    served: Served, visit: Callable[..., Page], width: int, height: int
) -> None:
    page = visit(served.url, width=width, height=height)
    overview(page)
    for summary, opens, expected in (
        ("The passages of the map as a list", "The moon rose late", FILES["moon.txt"].strip()),
        ("The documents of the timeline as a list", "A bridge at last", None),
        ("1 document without a date", "moon", None),
    ):
        page.locator("summary", has_text=summary).focus()
        page.keyboard.press("Enter")
        listed = page.locator("#glance details", has=page.locator("summary", has_text=summary))
        button = listed.locator(".opens", has_text=opens)
        button.focus()
        page.keyboard.press("Enter")
        assert shown(page).strip()
        if expected:
            assert shown(page).strip() == expected
        expect(page.locator(".panel")).to_be_in_viewport()
        page.keyboard.press("Escape")
        expect(button).to_be_focused()
    page.locator("summary", has_text="The same as a table").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="2: Ada Holm in Ferry friends").press("Enter")
    expect(page.locator("#glance .result")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert shown(page) == "It is loved,"
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_perspectives_that_are_unticked_leave_all_three(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    overview(page)
    page.get_by_role("checkbox", name="Bridge builders").press("Space")
    expect(_points(page, "map")).to_have_count(2)
    expect(_points(page, "timeline")).to_have_count(1)
    expect(page.locator("#glance .quoting")).not_to_contain_text("Otto Brandt")
    expect(page.get_by_role("checkbox", name="Bridge builders")).to_be_focused()
    page.get_by_role("checkbox", name="Bridge builders").press("Space")
    expect(_points(page, "map")).to_have_count(3)
    page.get_by_role("button", name="outlets").click()
    expect(page.locator("#glance .quoting")).to_contain_text("The Slipway")


def test_each_side_has_a_sign_and_a_colour_of_its_own_in_light_and_dark(
    served: Served, visit: Callable[..., Page]
) -> None:
    colours = []
    for dark in (False, True):
        page = visit(served.url, dark=dark)
        overview(page)
        drawn = page.locator("#glance .map .drawing").evaluate(
            "node => node.data.slice(0, -1).map((trace) => [trace.marker.symbol, trace.marker.color])"
        )
        assert sorted(symbol for symbol, _ in drawn) == ["circle", "circle-open", "diamond"]
        assert len({colour for _, colour in drawn}) == 3
        colours.append(sorted(colour for _, colour in drawn))
    assert colours[0] != colours[1]


def test_another_theme_colours_what_is_drawn(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    overview(page)
    ink = "() => document.querySelector('#glance .map .drawing').data[0].marker.color"
    before = page.evaluate(ink)
    page.evaluate("document.body.classList.add('dark')")
    page.wait_for_function(f"before => ({ink})() !== before", arg=before)


def test_another_label_colours_the_map(serve: Callable[..., Served], visit: Callable[..., Page]) -> None:
    served = serve(FILES)
    page = visit(served.url)
    overview(page)
    served.assistant.corpus.relabel("moon.txt", ["ferry"])
    page.get_by_role("tab", name="Ask", exact=True).click()
    page.get_by_role("tab", name="Overview", exact=True).click()
    expect(page.locator("#glance .legend label")).to_have_count(2)
    page.wait_for_function("document.querySelector('#glance .map .drawing').data.length === 3")


def test_whoever_reads_blind_is_asked_first(served: Served, visit: Callable[..., Page]) -> None:
    page = visit(served.url)
    page.locator("#blind input").check()
    page.get_by_role("tab", name="Overview", exact=True).click()
    page.get_by_role("button", name="Show it all the same").wait_for()
    expect(page.locator("#glance")).not_to_contain_text("Bridge builders")
    assert page.evaluate("window.Plotly") is None
    page.get_by_role("button", name="Show it all the same").click()
    expect(_points(page, "map")).to_have_count(3)


def test_hostile_titles_labels_speakers_and_outlets_are_shown_and_do_nothing(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    labels = ["version = 1"]
    files: dict[str, str | bytes] = {}
    for number, attack in enumerate(HOSTILE):
        labels += [
            f"[perspectives.p{number}]",
            f"label = {json.dumps(attack)}",
            "[[source]]",
            f'match = "{number}.txt"',
        ]
        labels += [f"title = {json.dumps(attack)}", f"outlet = {json.dumps(attack)}", 'published = "2025-01-02"']
        labels += [f'perspective = "p{number}"', "[[source.voice]]", 'quote = "The zebra must go"']
        labels += [f"speaker = {json.dumps(attack)}"]
        files[f"{number}.txt"] = (
            f"In Quarn number {number} somebody said it: “The zebra must go.” {attack} It stayed.\n"
        )
    served = serve(files | {"sources.toml": "\n".join(labels)})
    page = visit(served.url)
    overview(page)
    for by in ("perspectives", "outlets", "documents"):
        page.get_by_role("button", name=by, exact=True).click()
        page.wait_for_timeout(500)
        _unharmed(page)
    page.get_by_role("button", name="perspectives", exact=True).click()
    texts = " ".join(page.locator("#glance .timeline .ytick").all_text_contents())
    assert "<img src=x onerror=window.h" in texts
    assert "&lt;img src=http://evil" in texts
    for at in range(len(HOSTILE)):
        _press(page, _points(page, "map").nth(at))
        assert "Quarn" in shown(page)
        _unharmed(page)
        page.keyboard.press("Escape")
    for summary in page.locator("#glance summary").all():
        summary.click()
    expect(page.locator("#glance table").first).to_contain_text(HOSTILE[0])
    _unharmed(page)


def _unharmed(page: Page) -> None:
    assert page.evaluate("window.hit") is None
    assert page.locator("#glance :is(img, iframe, b:has(b), [src*='evil'], [onerror])").count() == 0
    assert page.locator("#glance svg a").count() == 0
