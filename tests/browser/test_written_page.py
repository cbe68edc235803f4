"""Answers that a model writes, in a real browser: only what was verified is ever shown, and Stop stops."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

import pytest
from marrowby import FILES
from playwright.sync_api import Locator, Page, expect
from quoting import is_repair, is_rewriting, quoted
from reading import Served, ask, shown, writing

from assistant.writing.llm import Model
from tests.scripted_model import DRIP, Fail, ModelServer, Say, claim, judged

pytestmark = pytest.mark.browser
QUESTION = "What does the ferry of Marrowby cost, and what the bridge?"
SINCE = "The ferry of Marrowby has crossed the sound since 1871"
TICKET = "A ticket for the ferry costs two crowns"
BRIDGE = "The bridge of Marrowby will cost ninety million crowns"
OWNS = "Holm, who owns the ferry, is against the bridge"
HOLM = "Captain Holm says the ferry carries nine hundred people a day"
SENTINEL = "QUIXOTIC"
INVENTED = claim(f"The {SENTINEL} ferry sank.", (1, f"the {SENTINEL.lower()} ferry sank in the sound"))
HOSTILE = "<img src=x onerror=window.hit=1>${window.hit=2}![a](http://evil.example/a.png)"

Reply = Callable[[dict[str, Any]], Any]


@pytest.fixture(scope="module")
def served(serve: Callable[..., Served], server: ModelServer) -> Served:
    return serve(FILES, writing(Model("scripted", server.url)))


@pytest.fixture
def model(server: ModelServer) -> ModelServer:
    server.hung_up.clear()
    server.answered.clear()
    return server


def says(*quotes: str, after: str = "", **more: Any) -> Reply:
    """A reply that repeats true quotes as sentences; what failed is not mended."""

    def reply(request: dict[str, Any]) -> Say:
        if is_repair(request):
            return Say(judged())
        lines = "".join(claim(f"{quote}.", quoted(request, quote)) for quote in quotes)
        return Say(judged() + lines + after, **more)

    return reply


def begin(page: Page, question: str = QUESTION) -> Locator:
    """Ask, and do not wait; returns the answer as it grows."""
    page.locator("#box textarea").fill(question)
    page.locator("#box textarea").press("Enter")
    expect(page.locator("#chat .answer").last.locator(".busy")).to_be_visible()
    return page.locator("#chat .answer").last


def asked(model: ModelServer) -> None:
    """Wait until the model was asked: a Stop before that has nothing to close."""
    until = time.monotonic() + 10
    while not model.answered and time.monotonic() < until:
        time.sleep(0.02)
    assert model.answered


def stop(page: Page) -> None:
    page.get_by_role("button", name="Stop", exact=True).click()


def test_sentences_appear_as_they_are_verified_before_the_reply_ends(
    served: Served, model: ModelServer, visit: Callable[..., Page]
) -> None:
    go = threading.Event()
    model.script = [says(TICKET, after=INVENTED.strip(), hold=go)]
    page = visit(served.url)
    answer = begin(page)
    expect(answer.locator(".claim")).to_contain_text(f"{TICKET}. 1 ● Ferry friends")
    expect(answer.locator(".busy")).to_contain_text("Being written by scripted.")
    expect(page.locator(".panel")).to_contain_text("Sources in this answer (1)")
    expect(page.get_by_role("button", name="Retry")).to_be_hidden()
    assert SENTINEL not in page.content()
    answer.locator("a.cite").click()
    assert shown(page) == TICKET
    go.set()
    page.get_by_test_id("answer-end").wait_for()
    expect(answer.locator(".busy")).to_have_count(0)
    expect(answer).to_contain_text("Written by scripted from the passages cited")
    expect(answer.locator("summary").first).to_contain_text("2 sentences checked, 1 removed")
    expect(page.get_by_role("button", name="Retry")).to_be_visible()


def test_every_chip_of_a_written_answer_opens_exactly_its_quote(
    served: Served, model: ModelServer, visit: Callable[..., Page]
) -> None:
    model.script = [says(SINCE, BRIDGE)]
    page = visit(served.url)
    answer = ask(page, QUESTION)
    for chip, quote in zip(answer.locator("a.cite").all(), (SINCE, BRIDGE), strict=True):
        chip.click()
        href = chip.get_attribute("href") or ""
        page.wait_for_function("href => location.hash === href", arg=href)
        name, start, end = re.fullmatch(r"#p/([^/]+)/(\d+)-(\d+)/[0-9a-f]{64}/.*", href).groups()  # type: ignore[union-attr]
        document, _ = served.assistant.corpus.document(unquote(name))
        assert shown(page) == document.text[int(start) : int(end)] == quote


def test_the_quotes_under_a_sentence_open_by_keyboard(
    served: Served, model: ModelServer, visit: Callable[..., Page]
) -> None:
    model.script = [says(SINCE)]
    page = visit(served.url)
    answer = ask(page, QUESTION)
    expect(answer.locator(".quotes blockquote")).to_be_hidden()
    answer.locator(".quotes summary").press("Enter")
    expect(answer.locator(".quotes blockquote")).to_have_text(SINCE)
    row = answer.locator(".quotes li")
    expect(row).to_contain_text("1 The ferry must stay")
    expect(row).to_contain_text("the author")
    expect(row).to_contain_text("word for word")


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844)])
def test_what_is_shown_stays_where_it_is_while_more_arrives(
    served: Served, model: ModelServer, visit: Callable[..., Page], width: int, height: int
) -> None:
    model.script = [says(SINCE, TICKET, BRIDGE, delay=0.02)]
    page = visit(served.url, width=width, height=height)
    page.evaluate("""() => {
        window.seen = {};
        new MutationObserver(() => {
            const claims = [...document.querySelectorAll("#chat .claim")];
            const from = document.querySelector("#chat .user-row")?.getBoundingClientRect().top;
            if (claims.length) (seen[claims.length] ??= []).push(Math.round(claims[0].getBoundingClientRect().top - from));
        }).observe(document.body, { childList: true, subtree: true });
    }""")
    ask(page, QUESTION)
    places = page.evaluate("seen")
    assert set(places) == {"1", "2", "3"}
    tops = [top for found in places.values() for top in found]
    assert max(tops) - min(tops) <= 1


def test_what_the_reader_opened_stays_open_and_the_keyboard_stays_where_it_is(
    served: Served, model: ModelServer, visit: Callable[..., Page]
) -> None:
    model.script = [says(SINCE, TICKET, BRIDGE, delay=0.05)]
    page = visit(served.url)
    answer = begin(page)
    answer.locator(".claim").first.wait_for()
    answer.locator(".quotes summary").first.press("Enter")
    page.get_by_test_id("answer-end").wait_for()
    expect(answer.locator(".claim")).to_have_count(3)
    expect(answer.locator(".quotes summary").first).to_be_focused()
    expect(answer.locator(".quotes[open]")).to_have_count(1)
    answer.locator(".quotes summary").first.press("Enter")
    expect(answer.locator(".quotes[open]")).to_have_count(0)


def test_stop_works_while_the_model_says_nothing(
    served: Served, model: ModelServer, visit: Callable[..., Page]
) -> None:
    model.script = [DRIP]
    page = visit(served.url)
    answer = begin(page)
    expect(answer.locator(".busy")).to_contain_text("Being written by scripted.")
    asked(model)
    stop(page)
    expect(answer).to_contain_text("You stopped this answer. Nothing was verified by then.")
    assert model.hung_up.wait(30)
    expect(page.get_by_test_id("answer-end")).to_have_count(1)
    model.script = [says(SINCE)]
    expect(ask(page, QUESTION).locator(".claim")).to_have_count(1)
    expect(page.locator("#chat .answer").first).to_contain_text("You stopped this answer.")


def test_stop_in_the_middle_keeps_what_was_verified(
    served: Served, model: ModelServer, visit: Callable[..., Page]
) -> None:
    model.script = [says(TICKET, after=f'{{"text": "{SENTINEL} {"x" * 9_000}', delay=0.005)]
    page = visit(served.url)
    answer = begin(page)
    answer.locator("a.cite").wait_for()
    stop(page)
    expect(answer).to_contain_text(
        "What stands above was verified by then.", timeout=20_000
    )  # the model goes on for longer
    assert model.hung_up.wait(20)
    page.wait_for_timeout(500)
    expect(answer.locator(".claim")).to_contain_text(TICKET)
    expect(answer.locator(".busy")).to_have_count(0)
    expect(page.get_by_test_id("answer-end")).to_have_count(1)
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    answer.locator("a.cite").click()
    assert shown(page) == TICKET
    assert SENTINEL not in page.content()


def test_a_reader_who_goes_away_stops_the_model(served: Served, model: ModelServer, visit: Callable[..., Page]) -> None:
    model.script = [DRIP]
    page = visit(served.url)
    expect(begin(page).locator(".busy")).to_contain_text("Being written by scripted.")
    asked(model)
    page.close()
    assert model.hung_up.wait(5)


def test_a_model_that_is_down_is_said_first_and_the_digest_follows(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    served = serve(FILES, writing(Model(HOSTILE, f"http://127.0.0.1:{port}/v1")))
    page = visit(served.url)
    expect(page.locator("#answering")).to_contain_text(f"Answers are written by {HOSTILE}")
    answer = ask(page, QUESTION)
    expect(answer.locator(".why")).to_contain_text(f"The model at 127.0.0.1:{port} could not be reached.")
    expect(answer.locator(".why")).to_contain_text("So no text was generated")
    expect(answer.locator(".why + .notice")).to_contain_text("No text was generated.")
    expect(answer.locator(".item").first).to_be_visible()
    assert page.evaluate("window.hit") is None
    assert page.locator("#chat img, #answering img, #answering a").count() == 0


def test_a_key_that_is_refused_is_said_and_nothing_of_the_refusal_is_shown(
    served: Served, model: ModelServer, visit: Callable[..., Page]
) -> None:
    model.script = [Fail(401)]
    page = visit(served.url)
    answer = ask(page, QUESTION)
    expect(answer.locator(".why")).to_contain_text("refused the key. Set OPENAI_API_KEY")
    expect(answer.locator(".item").first).to_be_visible()
    assert "SENTINEL" not in page.content()


def test_a_model_that_breaks_off_leaves_the_sentences_verified_by_then(
    served: Served, model: ModelServer, visit: Callable[..., Page]
) -> None:
    model.script = [says(TICKET, after=f'{{"text": "{SENTINEL}', cut=True)]
    page = visit(served.url)
    answer = ask(page, QUESTION)
    expect(answer.locator(".why")).to_contain_text("What was verified before that is shown.")
    expect(answer.locator(".claim")).to_have_count(1)
    expect(answer.locator(".claim")).to_contain_text(TICKET)
    assert SENTINEL not in page.content()


@pytest.mark.parametrize(
    "sentence",
    [INVENTED, claim(f"{SENTINEL} {HOSTILE}", (1, TICKET)), f"{SENTINEL} is what I say in prose."],
    ids=["invented", "hostile", "prose"],
)
def test_nothing_of_a_reply_that_cannot_be_proven_reaches_the_page(
    served: Served, model: ModelServer, visit: Callable[..., Page], sentence: str
) -> None:
    model.script = [Say(judged() + sentence, delay=0.01)]
    page = visit(served.url)
    answer = ask(page, QUESTION)
    expect(answer.locator(".why")).to_contain_text("Below are the sources' own words.")
    expect(answer.locator(".item").first).to_be_visible()
    answer.locator("details.trail").last.locator("summary").click()
    expect(answer).to_contain_text("removed for want of proof")
    assert SENTINEL.lower() not in page.content().lower()
    assert page.evaluate("window.hit") is None


def test_a_follow_up_written_out_by_the_model_can_be_taken_back(
    served: Served, model: ModelServer, visit: Callable[..., Page]
) -> None:
    model.script = [says(HOLM)]
    page = visit(served.url)
    ask(page, "Who says how many people the ferry carries?")
    model.script = [Say("And what does Holm own?"), says(OWNS)]
    answer = ask(page, "And what does he own?")
    assert is_rewriting(model.answered[1])
    assert "Holm" in model.texts(1)[1]  # a name that was cited, and that no question held
    assert model.texts(2)[1].endswith("QUESTION: And what does Holm own?\n")
    expect(answer.locator(".searched")).to_contain_text("searched as: And what does Holm own?")

    control = page.get_by_role("button", name="search as I typed it")
    expect(control).to_have_count(1)
    control.press("Enter")
    page.wait_for_function("document.querySelectorAll('#chat .searched').length === 0")
    page.get_by_test_id("answer-end").nth(1).wait_for()
    expect(answer.locator(".claim")).to_have_count(1)
    expect(answer.locator(".searched")).to_have_count(0)
    assert model.texts()[1].endswith("\n\nQUESTION: And what does he own?\n")
    expect(page.locator("#chat .user-row")).to_have_count(2)
    expect(page.locator("#chat .user-row p").last).to_have_text("And what does he own?")
    expect(page.locator('#chat [role="log"]')).to_be_focused()


def test_only_the_last_answer_can_be_searched_as_typed(
    served: Served, model: ModelServer, visit: Callable[..., Page]
) -> None:
    model.script = [says(HOLM)]
    page = visit(served.url)
    ask(page, "What does Captain Holm say about the ferry?")
    model.script = [Say("What does Captain Holm own?"), says(HOLM)]
    ask(page, "What does he own?")
    control = page.get_by_role("button", name="search as I typed it")
    expect(control).to_be_visible()
    model.script = [DRIP]
    begin(page, "What does the bridge of Marrowby cost?")
    expect(page.locator("#chat .as-typed")).to_have_count(1)
    expect(control).to_have_count(0)
    stop(page)
    page.get_by_test_id("answer-end").nth(2).wait_for()
    expect(control).to_have_count(0)


def test_a_follow_up_that_is_stopped_can_still_be_searched_as_typed(
    served: Served, model: ModelServer, visit: Callable[..., Page]
) -> None:
    model.script = [says(HOLM)]
    page = visit(served.url)
    ask(page, "What does Captain Holm say about the ferry?")
    model.script = [Say("What does Captain Holm own?"), DRIP]
    answer = begin(page, "What does he own?")
    expect(answer.locator(".searched")).to_contain_text("searched as: What does Captain Holm own?")
    control = page.get_by_role("button", name="search as I typed it")
    expect(control).to_have_count(0)
    stop(page)
    expect(control).to_be_visible()
    model.script = [says(OWNS)]
    control.click()
    expect(answer.locator(".claim")).to_have_count(1)
    assert model.texts()[1].endswith("QUESTION: What does he own?\n")


def test_a_phone_says_who_writes_and_where_passages_go(
    served: Served, model: ModelServer, visit: Callable[..., Page]
) -> None:
    model.script = [says(SINCE, BRIDGE)]
    page = visit(served.url, width=390, height=844, touch=True)
    line = page.locator("#answering")
    expect(line).to_contain_text("Answers are written by scripted")
    expect(line).to_contain_text(f"the passages found are sent to 127.0.0.1:{model.server_port}, on this machine")
    box = line.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= 844
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_stop_shows_the_table_of_exact_quotes(served: Served, model: ModelServer, visit: Callable[..., Page]) -> None:
    model.script = [says(SINCE), DRIP]
    page = visit(served.url)
    ask(page, QUESTION).get_by_role("link", name="Compare side by side").click()
    stopping = page.locator("#table").get_by_role("button", name="Stop", exact=True)
    stopping.wait_for()
    while len(model.answered) < 2:
        page.wait_for_timeout(50)
    model.hung_up.clear()
    stopping.press("Enter")
    page.locator("#table table").wait_for()
    expect(page.locator("#table")).to_contain_text("You stopped this table. Below are the sources' own words.")
    assert page.locator("#table a.cite").count() >= 1
    assert model.hung_up.wait(10)


def test_what_gradio_lays_over_a_stopped_answer_is_not_seen(
    served: Served, model: ModelServer, visit: Callable[..., Page]
) -> None:
    model.script = [DRIP]
    page = visit(served.url)
    begin(page)
    # As Gradio lays it: at times only, so that to wait for it would prove nothing.
    page.evaluate(
        """() => {
        const over = document.createElement("div");
        over.className = "wrap default full";
        over.dataset.testid = "status-tracker";
        over.innerHTML = '<span class="error">Error</span>';
        document.querySelector("#chat").prepend(over);
    }"""
    )
    assert page.locator("#chat .error").count() == 1
    expect(page.locator("#chat .error")).to_be_hidden(timeout=5_000)
    stop(page)
    expect(page.locator("#chat .answer")).to_contain_text("You stopped this answer.")
