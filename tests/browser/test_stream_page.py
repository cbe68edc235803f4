"""Gradio's stream of events: one that is sent as it closes is not lost, and a page may be left at any time."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from marrowby import FILES
from playwright.sync_api import Page, expect
from reading import Served, ask

pytestmark = pytest.mark.browser
QUESTION = "What does the ferry of Marrowby cost?"
OTHER = "What will the bridge cost?"
# That a stream is closed is heard late, as it is where the page is slow.
SLOW = """
const { fetch } = window;
window.closing = 0;
window.fetch = async (...asked) => {
  const response = await fetch(...asked);
  if (!new URL(asked[0].url ?? asked[0], location.href).pathname.endsWith("/queue/data")) return response;
  const text = new TextDecoder();
  const transform = async (chunk, out) => {
    if (text.decode(chunk).includes('"msg":"close_stream"')) {
      window.closing++;
      await new Promise((done) => setTimeout(done, 600));
    }
    out.enqueue(chunk);
  };
  const slow = response.body.pipeThrough(new TransformStream({ transform }));
  return new Response(slow, { status: response.status, headers: response.headers });
};
"""


def test_a_page_that_is_left_while_something_is_under_way_logs_no_error(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    served = serve(FILES)
    page = visit(served.url)
    for _ in range(3):
        page.goto("about:blank")
        page.goto(served.url)
        page.locator("#box textarea").fill(QUESTION)
        page.locator("#box textarea").press("Enter")
        page.locator("#chat .user-row").wait_for()
        page.evaluate("window.parallaxConversation.open('')")


def test_an_event_that_is_sent_while_the_stream_closes_is_not_lost(
    serve: Callable[..., Served], visit: Callable[..., Page]
) -> None:
    served = serve(FILES)
    page = visit(served.url)
    page.goto("about:blank")
    page.add_init_script(SLOW)
    page.goto(served.url)
    ask(page, QUESTION)
    for number, question in enumerate((OTHER, QUESTION, OTHER), 2):
        page.locator("#box textarea").fill(question)
        page.evaluate("""async () => {
          const before = window.closing;
          document.querySelector("#leave").click(); // an event, whose end closes the stream
          while (window.closing === before) await new Promise((done) => setTimeout(done, 5));
          document.querySelector('#box [data-testid="submit-button"]').click();
        }""")
        expect(page.get_by_test_id("answer-end")).to_have_count(number)
